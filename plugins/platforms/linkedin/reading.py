"""LinkedIn's answers: whether a post or a comment of theirs is ours, and where people see it. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from include.domain.posts import Part, Post
from platforms.linkedin import little
from platforms.linkedin.wording import text

_SHORTENED = "//lnkd.in/"


def is_same(post: Post, remote: Mapping[str, Any]) -> bool:
    """Whether `remote` is `post`: the same text once read as people read it, as many media, the same link."""
    content = remote.get("content") or {}
    ours = post.link if post.link and not post.media else None
    return (
        _same_words(little.unescape(str(remote.get("commentary") or "")), text(post))
        and _media(content) == len(post.media)
        and _bare((content.get("article") or {}).get("source")) == _bare(ours)
    )


def is_same_comment(part: Part, author: str, remote: Mapping[str, Any]) -> bool:
    said = (remote.get("message") or {}).get("text") or ""
    return remote.get("actor") == author and _same_words(said, part.text)


def published(remote: Mapping[str, Any]) -> datetime:
    """When it went out (milliseconds since the epoch), the epoch itself where LinkedIn does not say."""
    return datetime.fromtimestamp((remote.get("publishedAt") or remote.get("createdAt") or 0) / 1000, UTC)


def changed(remote: Mapping[str, Any]) -> float:
    return float(remote.get("lastModifiedAt") or remote.get("publishedAt") or 0) / 1000


def address(urn: str) -> str:
    """Where people see a post."""
    return f"https://www.linkedin.com/feed/update/{urn}/"


def comment_address(post_urn: str, urn: str) -> str:
    return f"{address(post_urn)}?commentUrn={quote(urn, safe='')}"


def comment_urn(comment: Mapping[str, Any]) -> str:
    """A comment's own name, out of the fields that LinkedIn has had for it."""
    named = comment.get("commentUrn") or comment.get("$URN")
    if named or not comment.get("id"):
        return str(named or "")
    return f"urn:li:comment:({comment.get('object')},{comment['id']})"


def comment_parts(urn: str) -> tuple[str, str] | None:
    """What a comment stands under, and its number; None for the URN of a post."""
    found = re.fullmatch(r"urn:li:comment:\((.+),(\d+)\)", urn)
    return (found[1], found[2]) if found else None


def named_post(message: str) -> str | None:
    """The post that a refusal names as the first of its kind."""
    found = re.search(r"urn:li:(?:share|ugcPost):\d+", message)
    return found[0] if found else None


def _media(content: Mapping[str, Any]) -> int:
    return len((content.get("multiImage") or {}).get("images", ())) or int(bool((content.get("media") or {}).get("id")))


def _same_words(theirs: str, ours: str) -> bool:
    """Word by word, however they are spaced. An address that LinkedIn has shortened may stand for any."""
    said, meant = (unicodedata.normalize("NFC", words).split() for words in (theirs, ours))
    return len(said) == len(meant) and all(
        one == other or (_SHORTENED in one and "://" in other) for one, other in zip(said, meant, strict=True)
    )


def _bare(link: str | None) -> str:
    """An address without what differs and means nothing."""
    url = urlsplit(link or "")
    return f"{(url.hostname or '').lower()}{url.path.rstrip('/')}?{url.query}"
