"""LinkedIn's `little` text: how a commentary is written and read.

Reserved characters that are meant need a backslash; one that is left bare silently ends the text. A hashtag (`#word`)
is meant to be one and stays bare; LinkedIn gives it back as `{hashtag|\\#|word}`. Mentions are not written.
https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format, read on 2026-11-24
"""

import re

_RESERVED = r"\\|{}@\[\]()<>#*_~"
# A hashtag is one word: with an underscore LinkedIn's grammar ends it in the middle, and a number alone is none.
_HASHTAG = r"(?<![\w#&/])#(?=[^\W_]*[^\W\d_])[^\W_]+(?!\w)"
_TO_ESCAPE = re.compile(rf"({_HASHTAG})|([{_RESERVED}])")
_WRITTEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|\{hashtag\|\\?(?P<sign>[#＃])\|(?P<tag>(?:\\.|[^\\{}|])+)\}"
    r"|@\[(?P<name>(?:\\.|[^\\\]])*)\]\([^()]*\)",
    re.DOTALL,
)


def escape(text: str) -> str:
    """`text` as a commentary that shows exactly it."""
    return _TO_ESCAPE.sub(lambda found: found[1] or f"\\{found[2]}", text)


def unescape(commentary: str) -> str:
    """What readers see of a commentary."""
    return _WRITTEN.sub(_plain, commentary)


def length(text: str) -> int:
    """How LinkedIn counts a text: as it is written, each backslash with it, in UTF-16 units.

    That its limit of 3,000 is of the written text stands in no page of LinkedIn's; it is the stricter reading, for
    what is too long is refused only when it is due. The same goes for the unit.
    """
    return len(escape(text).encode("utf-16-le")) // 2


def _plain(found: re.Match[str]) -> str:
    if found["escaped"] is not None:
        return found["escaped"]
    if found["tag"] is not None:
        return found["sign"] + unescape(found["tag"])
    return unescape(found["name"])
