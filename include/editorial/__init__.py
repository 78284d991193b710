"""The editorial plan: read, checked against what each network takes, put before those who must agree."""
