"""Pages for people: the Slack messages as Slack shows them, and what is live on the platforms."""

from include.sandbox.view.slack_page import Shown, render

__all__ = ["Shown", "render"]
