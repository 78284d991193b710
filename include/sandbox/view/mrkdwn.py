"""Slack's mrkdwn as HTML (docs.slack.dev/messaging/formatting-message-text). Everything else is escaped."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from include.sandbox.view.emoji import with_emoji

TOKEN = re.compile(r"<([@#!][^<>\n]+|(?:https?|mailto|slack):[^<>\n]+)>")
STASHED = re.compile("\ue000(\\d+)\ue001")
EDGE = r"(?<![^\s(\[\"'“„*_~\ue001>])"
END = r"(?![^\s)\]\"'”.,;:!?*_~…\ue000<-])"
STYLES = (
    (re.compile(EDGE + r"\*(?=\S)([^*\n]*[^*\s])\*" + END), "b"),
    (re.compile(EDGE + r"_(?=\S)([^_\n]*[^_\s])_" + END), "i"),
    (re.compile(EDGE + r"~(?=\S)([^~\n]*[^~\s])~" + END), "s"),
)


def to_html(text: str, people: Mapping[str, str], channels: Mapping[str, str] | None = None) -> str:
    """`text` as HTML; `people` and `channels` give names for the ids in it."""
    stash: list[str] = []

    def keep(piece: str) -> str:
        stash.append(piece)
        return f"\ue000{len(stash) - 1}\ue001"

    text = text.replace("\ue000", "").replace("\ue001", "")
    text = re.sub(r"```\n?(.+?)\n?```", lambda m: keep(f"<pre>{_plain(m[1])}</pre>"), text, flags=re.DOTALL)
    text = re.sub(r"`([^`\n]+)`", lambda m: keep(f"<code>{_plain(m[1])}</code>"), text)
    text = TOKEN.sub(lambda m: keep(_token(m[1], people, channels or {})), text)
    text = _lines(with_emoji(_plain(text)))
    for pattern, tag in STYLES:
        text = pattern.sub(rf"<{tag}>\1</{tag}>", text)
    return _restored(text, stash)


def plain_html(text: str) -> str:
    """A `plain_text` object: emoji, line ends, nothing else."""
    return with_emoji(html.escape(text)).replace("\n", "<br>")


def _plain(text: str) -> str:
    """Escape for HTML what Slack's three escapes stand for, once and not twice."""
    return html.escape(html.unescape(text), quote=False)


def _lines(text: str) -> str:
    """Quoted lines as one block, others with a break between them."""
    parts: list[str] = []
    for line in text.split("\n"):
        if line.startswith("&gt;"):
            said = line.removeprefix("&gt;").removeprefix(" ")
            if parts and parts[-1].startswith("<blockquote>"):
                parts[-1] = parts[-1].removesuffix("</blockquote>") + f"<br>{said}</blockquote>"
            else:
                parts.append(f"<blockquote>{said}</blockquote>")
        else:
            parts.append(line)
    joined = "<br>".join(parts)
    return joined.replace("</blockquote><br>", "</blockquote>").replace("<br><blockquote>", "<blockquote>")


def _token(inner: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return _mention("@" + (label or people.get(target[1:], target[1:])))
    if target.startswith("#"):
        return _mention("#" + (label or channels.get(target[1:], target[1:])))
    if target.startswith("!date^"):
        return _plain(label or _date(target))
    if target.startswith("!"):
        return _mention(label or "@" + target[1:].partition("^")[0])
    return link(html.unescape(target), with_emoji(_plain(label)) if label else "")


def link(url: str, label: str = "") -> str:
    """A link whose `label` is HTML already; an address that is no http or mail link is shown, not linked."""
    shown = label or html.escape(url.removeprefix("mailto:"))
    if urlsplit(url).scheme not in ("http", "https", "mailto", "slack"):
        return shown
    return f'<a href="{html.escape(url)}">{shown}</a>'


def _mention(name: str) -> str:
    return f'<span class="mention">{_plain(name)}</span>'


def _date(target: str) -> str:
    moment = target.split("^")[1]
    return datetime.fromtimestamp(int(moment), UTC).strftime("%-d %B %Y, %H:%M") if moment.isdigit() else ""


def _restored(text: str, stash: list[str]) -> str:
    """Put the kept pieces back; a link's label may hold one itself."""
    piece: Callable[[re.Match[str]], str] = lambda m: stash[int(m[1])]  # noqa: E731
    while STASHED.search(text):
        text = STASHED.sub(piece, text)
    return text
