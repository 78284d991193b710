"""Messages as Slack shows them, on one page that needs nothing else: also for one message, as a picture of it."""

import html
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from include.sandbox.view.blocks import Names, Picture, blocks_html
from include.sandbox.view.emoji import character
from include.sandbox.view.mrkdwn import to_html

STYLE = (Path(__file__).parent / "slack.css").read_text(encoding="utf-8")
COLOURS = ("#2f6f6a", "#7a4b94", "#b3541e", "#1f5fa8", "#8a6d1d", "#a63a50")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of messages needs beside them: names for ids, files by id, and whose clock it shows."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, str, bytes]] = field(default_factory=dict)
    zone: str = "UTC"

    def names(self) -> Names:
        pictures = {file_id: Picture(*file) for file_id, file in self.files.items()}
        return Names(self.people, self.channels, pictures)


def render(
    messages: Sequence[Mapping[str, Any]],
    *,
    channel: str = "",
    replies: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    shown: Shown | None = None,
) -> str:
    """One self-contained HTML page of `messages` (Slack's own JSON, oldest first), `replies` by the ts of their thread.

    `shown.files` maps a file's id to (name, MIME type, bytes); images become data URIs. Nothing is fetched.
    """
    shown = shown or Shown()
    names, zone = shown.names(), ZoneInfo(shown.zone)
    parts, day = [], None
    for message in messages:
        moment = _moment(message, zone)
        if len(messages) > 1 and moment.date() != day:
            day = moment.date()
            parts.append(_day(moment))
        parts.append(_message(message, (replies or {}).get(str(message["ts"]), ()), names, zone))
    head = f'<div class="channel"><span class="hash">#</span>{html.escape(channel)}</div>' if channel else ""
    return page(channel or "Slack", head + "".join(parts))


def page(title: str, body: str, style: str = STYLE) -> str:
    """A whole document around `body`, which is HTML already."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f'<body><div class="page">{body}</div></body></html>'
    )


def _day(moment: datetime) -> str:
    label = f'<div class="label">{moment.strftime("%A, %B %-d")}</div>'
    return f'<div class="day"><div class="line"></div>{label}<div class="line"></div></div>'


def _message(
    message: Mapping[str, Any], replies: Sequence[Mapping[str, Any]], names: Names, zone: tzinfo, small: bool = False
) -> str:
    user = str(message.get("user", ""))
    author = str(message.get("bot_profile", {}).get("name") or names.people.get(user) or user or "Somebody")
    badge = '<span class="app">APP</span>' if message.get("bot_id") else ""
    time = _moment(message, zone).strftime("%-I:%M %p")
    edited = ' <span class="edited">(edited)</span>' if message.get("edited") else ""
    return (
        f'<div class="message">{_avatar(author, small)}<div class="body">'
        f'<div><span class="who">{html.escape(author)}</span>{badge} <span class="time">{time}</span></div>'
        f"{_content(message, names)}{edited}{_reactions(message)}{_thread(replies, names, zone)}</div></div>"
    )


def _content(message: Mapping[str, Any], names: Names) -> str:
    """The blocks; the text only where there are none, for then it is what Slack shows."""
    blocks = list(message.get("blocks", ()))
    text = to_html(str(message.get("text", "")), names.people, names.channels)
    said = blocks_html(blocks, names) if blocks else f'<div class="text">{text}</div>'
    for file in message.get("files", ()):
        picture = names.files.get(str(file.get("id")))
        if picture and picture.mime.startswith("image/"):
            said += (
                f'<div class="block"><img class="picture" alt="{html.escape(picture.name)}" src="{picture.uri}"></div>'
            )
        else:
            said += (
                f'<div class="block"><span class="elsewhere">{html.escape(str(file.get("name", "file")))}</span></div>'
            )
    return said


def _avatar(author: str, small: bool) -> str:
    initials = "".join(word[0] for word in author.split()[:2]).upper()
    colour = COLOURS[zlib.crc32(author.encode()) % len(COLOURS)]
    size = " small" if small else ""
    return f'<div class="avatar{size}" style="background:{colour}">{html.escape(initials)}</div>'


def _reactions(message: Mapping[str, Any]) -> str:
    pills = "".join(
        f'<span class="reaction">{html.escape(character(str(r["name"])))} {int(r["count"])}</span>'
        for r in message.get("reactions", ())
    )
    return f'<div class="reactions">{pills}</div>' if pills else ""


def _thread(replies: Sequence[Mapping[str, Any]], names: Names, zone: tzinfo) -> str:
    if not replies:
        return ""
    count = "1 reply" if len(replies) == 1 else f"{len(replies)} replies"
    inner = "".join(_message(reply, (), names, zone, small=True) for reply in replies)
    return f'<div class="count">{count}</div><div class="thread">{inner}</div>'


def _moment(message: Mapping[str, Any], zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), zone)
