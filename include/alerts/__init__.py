"""What a person should know: rules that find it, episodes that hold it together, and the one way to tell Slack."""
