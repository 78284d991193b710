"""Who decides, and where a post stands, for commands that keep it for good."""

from argparse import ArgumentTypeError


def somebody(name: str) -> str:
    """A name that is one."""
    if not name.strip():
        raise ArgumentTypeError("say who decides")
    return name.strip()


def web_address(text: str) -> str:
    """Where people can see a post."""
    if not text.startswith("https://") or "." not in text:
        raise ArgumentTypeError("write the post's address, which begins with https://")
    return text
