"""Slack's Web API: messages, reactions, files and channels, as docs.slack.dev documents them."""

from include.sandbox.slack.api import serve

__all__ = ["serve"]
