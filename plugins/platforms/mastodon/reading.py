"""Mastodon's answers in our words. Pure."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from include.domain.posts import Post, Receipt
from platforms.mastodon import wording
from platforms.mastodon.counting import without_servers


def receipt(post: Post, status: Mapping[str, Any]) -> Receipt:
    """A status that is there."""
    url = str(status.get("url") or status.get("uri") or "")
    return Receipt(post.post_id, str(status["id"]), url, moment(status.get("created_at")))


def moment(text: Any) -> datetime:
    """A `created_at`; now, where it cannot be read."""
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return datetime.now(UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_same(words: str, media: int, parent: str | None, status: Mapping[str, Any]) -> bool:
    """Whether a status says these words, with as many media, in reply to `parent`. Mastodon shows a text as HTML, with
    its addresses in full, mentions without their server and blank lines as paragraphs: white space is not compared."""
    if status.get("reblog") or (status.get("in_reply_to_id") or None) != parent:
        return False
    if len(status.get("media_attachments") or ()) != media:
        return False
    return _plain(words) == _plain(text_of(str(status.get("content") or "")))


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


def post_words(post: Post, part: int) -> str:
    """What part `part` of a post says there."""
    return wording.text(post) if part == 0 else post.parts[part].text


def _plain(words: str) -> str:
    composed = unicodedata.normalize("NFC", without_servers(words))
    return " ".join(composed.split())


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
