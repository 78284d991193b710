"""What is said to people: numbers, words and pictures for Slack. Pure: no network, no database, no clock."""
