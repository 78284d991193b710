"""mrkdwn as rich text: the one kind of block that shows people's formatting signs as what they are.

mrkdwn has no way to write a `*` or a `_` that formats nothing, so `slack_text.escape` puts a sign that looks like it.
A paragraph with one of those becomes, by `slack_text.exact`, a `rich_text` block with the true sign. Its elements:
https://docs.slack.dev/reference/block-kit/block-elements/rich-text-section-element, read 2026-11-24.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

LIKE = {"*": "∗", "~": "˜", "`": "ˋ", "_": "ˍ"}
_TRUE = {ord(like): sign for sign, like in LIKE.items()}
_ANY = re.compile(f"[{''.join(LIKE.values())}]")
_MARKUP = re.compile(r"<(?P<url>https?://[^<>|]+)\|(?P<words>[^<>]*)>|\*(?P<bold>[^*\n]+)\*|~(?P<strike>[^~\n]+)~")

Style = Mapping[str, bool]


def needs_it(mrkdwn: str) -> bool:
    """Whether a sign stands in it that mrkdwn cannot show as it is."""
    return _ANY.search(mrkdwn) is not None


def plain(mrkdwn: str) -> str | None:
    """The same without any formatting; None where it has some."""
    return None if _MARKUP.search(mrkdwn) else _shown(mrkdwn)


def rich_text(mrkdwn: str) -> dict[str, Any]:
    """A paragraph of our own mrkdwn (links, bold, struck through) as a block of rich text."""
    inside = {"type": "rich_text_section", "elements": list(_elements(mrkdwn, {}))}
    return {"type": "rich_text", "elements": [inside]}


def _elements(mrkdwn: str, style: Style) -> Iterator[dict[str, Any]]:
    at = 0
    for found in _MARKUP.finditer(mrkdwn):
        yield from _text(mrkdwn[at : found.start()], style)
        if found["url"]:
            link = {"type": "link", "url": html.unescape(found["url"]), "text": _shown(found["words"])}
            yield link | ({"style": dict(style)} if style else {})
        else:
            name = "bold" if found["bold"] else "strike"
            yield from _elements(found[name], {**style, name: True})
        at = found.end()
    yield from _text(mrkdwn[at:], style)


def _text(mrkdwn: str, style: Style) -> Iterator[dict[str, Any]]:
    if mrkdwn:
        yield {"type": "text", "text": _shown(mrkdwn)} | ({"style": dict(style)} if style else {})


def _shown(mrkdwn: str) -> str:
    return html.unescape(mrkdwn).translate(_TRUE)
