"""LinkedIn's answers: whether a post or a comment of theirs is ours, and where people see it. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from include.domain.posts import Part, Post
from platforms.linkedin import little
from platforms.linkedin.wording import text
from platforms.transport.likeness import nearly, readable, same_media

_SHORTENED = "//lnkd.in/"


def is_same(post: Post, remote: Mapping[str, Any], media_ids: Sequence[str] = ()) -> bool:
    """Whether `remote` is `post`: by the media that were uploaded for it, else by the same text once read as people
    read it, as many media, the same link. Media alone say nothing unless it is known which they are."""
    if media_ids:
        return same_media(_media_ids(remote), media_ids)
    ours = post.link if post.link and not post.media else None
    article = (remote.get("content") or {}).get("article") or {}
    return (
        bool(text(post).strip() or ours)
        and _same_words(_said(remote), text(post))
        and len(_media_ids(remote)) == len(post.media)
        and _bare(article.get("source")) == _bare(ours)
    )


def may_be_same(post: Post, remote: Mapping[str, Any], media_ids: Sequence[str] = ()) -> bool:
    """Whether `remote` cannot be told from `post`, though it is not surely the same."""
    if len(_media_ids(remote)) != len(post.media):
        return False
    said, meant = _said(remote).strip(), text(post).strip()
    return nearly(said, meant) or bool(post.media and not (media_ids or said or meant))


def says_the_same(post: Post, remote: Mapping[str, Any]) -> bool:
    return is_same(post, remote) or may_be_same(post, remote)


def is_out(remote: Mapping[str, Any]) -> bool | None:
    """Whether people see it; None while LinkedIn is still at work on it. (posts-api: DRAFT, PUBLISH_REQUESTED,
    PUBLISHED, PUBLISH_FAILED.)"""
    state = remote.get("lifecycleState") or "PUBLISHED"
    return None if state == "PUBLISH_REQUESTED" else state == "PUBLISHED"


def is_same_comment(part: Part, author: str, remote: Mapping[str, Any]) -> bool:
    said = (remote.get("message") or {}).get("text") or ""
    return remote.get("actor") == author and _same_words(said, part.text)


def commented(comment: Mapping[str, Any]) -> datetime:
    """When a comment was made, the epoch itself where LinkedIn does not say."""
    return datetime.fromtimestamp(((comment.get("created") or {}).get("time") or 0) / 1000, UTC)


def published(remote: Mapping[str, Any]) -> datetime:
    """When it went out (milliseconds since the epoch), the epoch itself where LinkedIn does not say."""
    return datetime.fromtimestamp((remote.get("publishedAt") or remote.get("createdAt") or 0) / 1000, UTC)


def changed(remote: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp((remote.get("lastModifiedAt") or remote.get("publishedAt") or 0) / 1000, UTC)


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


def _media_ids(remote: Mapping[str, Any]) -> list[str]:
    content = remote.get("content") or {}
    several = (content.get("multiImage") or {}).get("images") or ()
    return [str(each["id"]) for each in (*several, content.get("media") or {}) if each.get("id")]


def _said(remote: Mapping[str, Any]) -> str:
    return little.unescape(str(remote.get("commentary") or ""))


def _same_words(theirs: str, ours: str) -> bool:
    """Word by word, however they are spaced. An address that LinkedIn has shortened may stand for any."""
    said, meant = (unicodedata.normalize("NFC", words).split() for words in (theirs, ours))
    return len(said) == len(meant) and all(
        one == other or ("://" in other and (_SHORTENED in one or readable(one) == readable(other)))
        for one, other in zip(said, meant, strict=True)
    )


def _bare(link: str | None) -> str:
    """An address without what differs and means nothing."""
    url = urlsplit(readable(link or ""))
    return f"{(url.hostname or '').lower()}{url.path.rstrip('/')}?{url.query}"
