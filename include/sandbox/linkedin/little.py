"""LinkedIn's `little` text, in which a commentary comes and goes.

`\\ | { } @ [ ] ( ) < > # * _ ~` are reserved and need a backslash, but in a hashtag (`#word`, `{hashtag|\\#|word}`) and
a mention (`@[name](urn)`). A reserved character that has none of this ends the text: LinkedIn says nothing and shows
what came before (ComposioHQ/composio#3185, brightbeanxyz/brightbean-studio#121).
learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
"""

import re

RESERVED = "\\|{}@[]()<>#*_~"
MOST_UNITS = 3000

_TOKEN = re.compile(
    r"\\(?P<escaped>[\\|{}@\[\]()<>#*_~])"
    r"|\{hashtag\|\\?(?P<sign>[#＃])\|(?P<tag>[^{}|\\]+)\}"
    r"|@\[(?P<name>[^\]\\]*)\]\(urn:li:[a-zA-Z]+:[\w-]+\)"
    r"|(?P<word>#[^\W_]+)"
    r"|(?P<plain>[^\\|{}@\[\]()<>#*_~])"
)
_TAG_IN_TEXT = re.compile(r"(?<!\w)#([^\W_]+)")


def shown(commentary: str) -> str:
    """What readers see of it, to its end or to the first reserved character that stands bare."""
    seen, at = [], 0
    while found := _TOKEN.match(commentary, at):
        sign = found["sign"] or ""
        seen.append(found["escaped"] or sign + (found["tag"] or "") or found["name"] or found["word"] or found["plain"])
        at = found.end()
    return "".join(part or "" for part in seen)


def written(text: str) -> str:
    """A text as the API gives it back: reserved characters escaped, hashtags as templates."""
    pieces, at = [], 0
    for tag in _TAG_IN_TEXT.finditer(text):
        pieces += [_escaped(text[at : tag.start()]), "{hashtag|\\#|", tag[1], "}"]
        at = tag.end()
    return "".join([*pieces, _escaped(text[at:])])


def units(commentary: str) -> int:
    """Its length: UTF-16 units, escapes and all. That LinkedIn counts so is not documented; it is the strictest way."""
    return len(commentary.encode("utf-16-le")) // 2


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in RESERVED else c for c in text)
