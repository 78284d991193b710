"""Who decides, for commands that keep it for good."""

from argparse import ArgumentTypeError


def somebody(name: str) -> str:
    """A name that is one."""
    if not name.strip():
        raise ArgumentTypeError("say who decides")
    return name.strip()
