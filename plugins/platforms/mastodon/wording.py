"""Our post in Mastodon's words, and why the account's instance would not take it.

`limits` are what that instance says of itself (`GET /api/v2/instance`); what it does not say has Mastodon's default.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from include.domain.posts import Media, Part, Post
from platforms.mastodon.counting import length
from platforms.transport.addresses import has_address
from platforms.transport.constraints import beside, link_problems, together_problems

SEEN_BY = {"visibility": "public"}  # left out, it is what the account has chosen for itself
MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
}


def constraints() -> dict[str, Any]:
    """Mastodon's defaults, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def limit(limits: Mapping[str, Any], name: str) -> Any:
    """The instance's own, else the default."""
    if limits.get(name) is not None:
        return limits[name]
    known = {**constraints()["text"], **constraints()["surfaces"]["media"]}
    return known[name]["value"]


def problems(post: Post, limits: Mapping[str, Any]) -> list[str]:
    """Why the instance would refuse `post`, a sentence each."""
    return [*_text_problems(post, limits), *link_problems(post.link), *_media_problems(post, limits)]


def text(post: Post) -> str:
    """What is posted: the text, and the link after it unless it says it already."""
    if not post.link or has_address(post.text, post.link):
        return post.text.strip()
    return f"{post.text.rstrip()} {post.link}".strip()


def body(post: Post, media_ids: list[str]) -> dict[str, Any]:
    """The JSON of `POST /api/v1/statuses`."""
    words: dict[str, Any] = {"status": text(post)} if text(post) else {}
    return {**words, **SEEN_BY, **({"media_ids": media_ids} if media_ids else {})}


def reply(part: Part, parent: str) -> dict[str, Any]:
    """The JSON of a further text of a thread."""
    return {"status": part.text.strip(), "in_reply_to_id": parent, **SEEN_BY}


def most_bytes(media: Media, limits: Mapping[str, Any]) -> int:
    """How big the instance lets the file be."""
    return int(limit(limits, "video_size_limit" if media.is_video else "image_size_limit"))


def _text_problems(post: Post, limits: Mapping[str, Any]) -> list[str]:
    most, per_url = int(limit(limits, "max_characters")), int(limit(limits, "characters_reserved_per_url"))
    found = []
    if not text(post) and not post.media:
        found.append("The post is empty; give it a text or an image.")
    for number, words in enumerate((text(post), *post.thread)):
        name, size = f"Text {number + 1} of the thread" if number else "The text", length(words, per_url)
        if number and not words.strip():
            found.append(f"{name} is empty; write it or take it out.")
        if size > most:
            found.append(f"{name} counts {size}, limit {most} on this instance; shorten by {size - most}.")
    if post.first_comment:
        found.append("Mastodon has no first comment; make it the next text of a thread.")
    if post.format != "feed":
        found.append(f"Mastodon has no {post.format}; take the format feed.")
    return found


def _media_problems(post: Post, limits: Mapping[str, Any]) -> list[str]:
    found = [problem for media in post.media for problem in _file_problems(media, limits)]
    most = int(limit(limits, "max_media_attachments"))
    return [*found, *together_problems(post.media, "Mastodon", most)]


def _file_problems(media: Media, limits: Mapping[str, Any]) -> list[str]:
    taken = limit(limits, "supported_mime_types")
    if MEDIA_TYPES.get(media.suffix) not in taken:
        known = ", ".join(suffix[1:] for suffix, mime in MEDIA_TYPES.items() if mime in taken)
        return [f"{media.name} is none of {known}; save it as one of them."]
    size, most = _size(media), most_bytes(media, limits)
    if size is None:
        return [f"{media.source} is not there; check its path."]
    found = [f"{media.name} has {size:,} bytes, limit {most:,}; make it smaller."] if size > most else []
    longest = int(limit(limits, "description_limit"))
    if (over := len(media.alt) - longest) > 0:
        found.append(f"The words for {media.name} count {len(media.alt)}, limit {longest}; shorten by {over}.")
    return [*found, *_matrix_problems(media, limits)]


def _matrix_problems(media: Media, limits: Mapping[str, Any]) -> list[str]:
    """An instance says how many pixels it takes; there is no default to rely on."""
    most = limits.get("video_matrix_limit" if media.is_video else "image_matrix_limit")
    if not media.facts or not most or media.facts.width * media.facts.height <= int(most):
        return []
    return [f"{media.name} has {media.facts.width} x {media.facts.height} pixels, limit {most:,}; make it smaller."]


def _size(media: Media) -> int | None:
    """Bytes; 0 of a web address that nobody looked into, None of a file that is not there."""
    if media.facts:
        return media.facts.bytes
    if media.is_web:
        return 0
    file = Path(media.source)
    return file.stat().st_size if file.is_file() else None
