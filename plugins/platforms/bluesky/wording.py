"""Our post as a record, its length as Bluesky counts it (graphemes, and bytes), and why Bluesky would not take it.

Lexicons app.bsky.feed.post and app.bsky.embed.*, https://docs.bsky.app/docs/advanced-guides/posts. A link becomes a
card; beside media there is no room for one, and it stands after the text, shown without its query.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import regex

from include.domain.posts import Media, Part, Post
from platforms.bluesky.facets import facets
from platforms.transport.addresses import has_address
from platforms.transport.constraints import beside, link_problems, together_problems

COLLECTION = "app.bsky.feed.post"
MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
}


def constraints() -> dict[str, Any]:
    """Bluesky's limits, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def graphemes(words: str) -> int:
    """How long a text is to a reader: an emoji with all its joiners is one."""
    return len(regex.findall(r"\X", words))


def problems(post: Post) -> list[str]:
    """Why Bluesky would refuse `post`, a sentence each. Files that lie here are measured, web addresses by what the
    import found in them."""
    return [*_text_problems(post), *link_problems(post.link), *_media_problems(post)]


def text(post: Post) -> str:
    """What is posted: the text; beside media the link after it, unless it says it already."""
    shown = _shown_link(post)
    return f"{post.text.rstrip()} {shown}".strip() if shown else post.text


def record(post: Post, prepared: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The post itself. `prepared` has the `embed` and the DIDs of who is mentioned."""
    shown = _shown_link(post)
    links = {shown: str(post.link)} if shown else {}
    return _record(text(post), prepared.get("mentions") or {}, now, links, prepared.get("embed"))


def reply(part: Part, dids: Mapping[str, str], refs: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A further part; `refs` are the `root` and the `parent` that it answers."""
    return {**_record(part.text, dids, now, {}, None), "reply": dict(refs)}


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def card(post: Post) -> dict[str, Any] | None:
    """The card of the link, where the post has one and no media. Bluesky reads no page itself: the card says where
    the link leads."""
    if not post.link or post.media:
        return None
    external = {"uri": post.link, "title": _bare(post.link), "description": ""}
    return {"$type": "app.bsky.embed.external", "external": external}


def embed(post: Post, blobs: list[dict[str, Any]]) -> dict[str, Any]:
    """The uploaded media in the order of the post."""
    if post.media[0].is_video:
        return {"$type": "app.bsky.embed.video", "video": blobs[0], **_described(post.media[0])}
    images = [{"image": blob, **_described(media)} for media, blob in zip(post.media, blobs, strict=True)]
    return {"$type": "app.bsky.embed.images", "images": images}


def most_bytes(media: Media) -> int:
    """How big Bluesky lets the file be."""
    kind = "video" if media.is_video else "images"
    return int(constraints()["surfaces"][kind]["max_bytes"]["value"])


def _record(
    words: str, dids: Mapping[str, str], now: datetime, links: Mapping[str, str], shown: Mapping[str, Any] | None
) -> dict[str, Any]:
    said: dict[str, Any] = {"$type": COLLECTION, "text": words, "createdAt": stamp(now)}
    marked = facets(words, dids, links)
    return {**said, **({"facets": marked} if marked else {}), **({"embed": dict(shown)} if shown else {})}


def _described(media: Media) -> dict[str, Any]:
    facts = media.facts
    ratio = {"width": facts.width, "height": facts.height} if facts and facts.width and facts.height else None
    return {"alt": media.alt, **({"aspectRatio": ratio} if ratio else {})}


def _shown_link(post: Post) -> str:
    """How the link stands in the text, empty where it stands elsewhere."""
    if not post.link or not post.media or has_address(post.text, post.link):
        return ""
    return _bare(post.link)


def _bare(link: str) -> str:
    where = urlsplit(link)
    return f"{where.netloc.removeprefix('www.')}{where.path.rstrip('/')}"


def _text_problems(post: Post) -> list[str]:
    found = [problem for part in post.parts for problem in _length_problems(part, text(post))]
    if not post.text.strip() and not post.media and not post.link:
        found.append("The post is empty; give it a text or an image.")
    if post.format != "feed":
        found.append(f"Bluesky has no {post.format}; take the format feed.")
    return found


def _length_problems(part: Part, first: str) -> list[str]:
    words = part.text if part.number else first
    name = {"post": "The text", "thread": f"Text {part.number + 1} of the thread", "comment": "The first comment"}[
        part.kind
    ]
    length, size = graphemes(words), len(words.encode())
    most, most_size = (constraints()["text"][unit]["value"] for unit in ("max_graphemes", "max_utf8_bytes"))
    found = []
    if part.number and not words.strip():
        found.append(f"{name} is empty; write it or take it out.")
    if length > most:
        found.append(f"{name} counts {length}, limit {most}; shorten by {length - most}.")
    if size > most_size:
        found.append(f"{name} has {size:,} bytes, limit {most_size:,}; use fewer emoji or letters of many bytes.")
    return found


def _media_problems(post: Post) -> list[str]:
    found = [problem for media in post.media for problem in _file_problems(media)]
    most = constraints()["surfaces"]["images"]["count"]["value"][1]
    return [*found, *together_problems(post.media, "Bluesky", most)]


def _file_problems(media: Media) -> list[str]:
    if media.suffix not in MEDIA_TYPES:
        known = ", ".join(suffix[1:] for suffix in MEDIA_TYPES)
        return [f"{media.name} is none of {known}; save it as one of them."]
    size, limit = _size(media), most_bytes(media)
    if size is None:
        return [f"{media.source} is not there; check its path."]
    found = [f"{media.name} has {size:,} bytes, limit {limit:,}; make it smaller."] if size > limit else []
    longest = constraints()["surfaces"]["video"]["seconds_max"]["value"]
    if media.facts and media.facts.kind == "video" and (media.facts.seconds or 0) > longest:
        found.append(f"{media.name} runs {media.facts.seconds:.0f} s, limit {longest}; cut it.")
    return found


def _size(media: Media) -> int | None:
    """Bytes; 0 of a web address that nobody looked into, None of a file that is not there."""
    if media.facts:
        return media.facts.bytes
    if media.is_web:
        return 0
    file = Path(media.source)
    return file.stat().st_size if file.is_file() else None
