"""Slack's names for emoji, those that a desk's messages use, and the characters they stand for."""

import re
from pathlib import Path

LINES = (Path(__file__).parent / "emoji.txt").read_text(encoding="utf-8").splitlines()
EMOJI = {name: character for name, _, character in (line.partition(" ") for line in LINES)}
NAMED = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:")


def with_emoji(text: str) -> str:
    """`text` with the known `:names:` as characters; others stay as they are."""
    return NAMED.sub(lambda match: EMOJI.get(match.group(1), match.group(0)), text)


def character(name: str) -> str:
    """A reaction's character, or its name between colons."""
    return EMOJI.get(name.partition("::")[0], f":{name}:")
