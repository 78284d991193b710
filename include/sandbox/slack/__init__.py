"""Slack's Web API: messages, reactions, files and channels, as docs.slack.dev documents them."""
