"""Mastodon's answers in our words. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from include.domain.posts import Receipt
from platforms.mastodon.counting import URL, without_servers
from platforms.transport.likeness import nearly, readable, same_media

_NAMES = re.compile(r"^(?:@[\w.-]+(?:@[\w.-]+)?\s+)+")


def receipt(said_for: str, status: Mapping[str, Any]) -> Receipt:
    """A status that is there; `said_for` is the post, or the comment that it answers."""
    url = str(status.get("url") or status.get("uri") or "")
    return Receipt(said_for, str(status["id"]), url, moment(status.get("created_at")))


def moment(text: Any) -> datetime:
    """A `created_at`; now, where it cannot be read."""
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return datetime.now(UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A status that is looked for: its words, how many media it has and their ids where they are known, and what it
    answers. `named`: the names that it begins with count."""

    words: str
    parent: str | None = None
    media: int = 0
    media_ids: Sequence[str] = ()
    named: bool = True

    def is_same(self, status: Mapping[str, Any]) -> bool:
        """By the media that were uploaded for it, else by its words: Mastodon shows a text as HTML, with its addresses
        in full, mentions without their server and blank lines as paragraphs. White space is not compared. Media alone
        say nothing unless it is known which they are."""
        if not self._stands_there(status):
            return False
        if self.media_ids:
            return same_media(_media_ids(status), self.media_ids)
        meant = self._compared(self.words)
        return bool(meant) and len(_media_ids(status)) == self.media and self._compared(_said(status)) == meant

    def may_be_same(self, status: Mapping[str, Any]) -> bool:
        """Whether a status cannot be told from it, though it is not surely the same."""
        if not self._stands_there(status) or len(_media_ids(status)) != self.media:
            return False
        said, meant = self._compared(_said(status)), self._compared(self.words)
        return nearly(said, meant) or not (self.media_ids or said or meant)

    def _compared(self, words: str) -> str:
        return _plain(words) if self.named else _NAMES.sub("", _plain(words))

    def _stands_there(self, status: Mapping[str, Any]) -> bool:
        return not status.get("reblog") and (status.get("in_reply_to_id") or None) == self.parent


def kept(status: Mapping[str, Any]) -> dict[str, Any]:
    """What an edit must say again, for what it leaves out is taken away."""
    said = {name: status.get(name) for name in ("sensitive", "spoiler_text", "language")}
    return {"media_ids": _media_ids(status), **{name: value for name, value in said.items() if value is not None}}


def text_of(content: str) -> str:
    """The words of a status' HTML."""
    reader = _Words()
    reader.feed(content)
    reader.close()
    return "".join(reader.words)


def limits(instance: Mapping[str, Any]) -> dict[str, Any]:
    """What the instance says of itself, as far as `wording.problems` asks for it."""
    configuration = instance.get("configuration") or {}
    said = {**(configuration.get("statuses") or {}), **(configuration.get("media_attachments") or {})}
    return {name: value for name, value in said.items() if value is not None}


def _media_ids(status: Mapping[str, Any]) -> list[str]:
    return [str(each.get("id")) for each in status.get("media_attachments") or ()]


def _said(status: Mapping[str, Any]) -> str:
    return text_of(str(status.get("content") or ""))


def _plain(words: str) -> str:
    shown = URL.sub(lambda found: readable(found[0]), without_servers(words))
    return " ".join(unicodedata.normalize("NFC", shown).split())


class _Words(HTMLParser):
    """Text alone; a break or a paragraph is white space."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
