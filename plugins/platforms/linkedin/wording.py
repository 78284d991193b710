"""Our post in LinkedIn's words, its length as LinkedIn counts it, and why LinkedIn would not take it.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api, read on 2026-11-24
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.domain.posts import Media, Part, Post
from platforms.linkedin import little
from platforms.transport.addresses import has_address
from platforms.transport.constraints import beside, link_problems, together_problems

IMAGES = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif"}


def constraints() -> dict[str, Any]:
    """LinkedIn's limits, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def problems(post: Post) -> list[str]:
    """Why LinkedIn would refuse `post`, a sentence each. Files are measured where they lie here or were looked into."""
    return [*_text_problems(post), *_form_problems(post), *link_problems(post.link), *_media_problems(post)]


def text(post: Post) -> str:
    """What is said. A post with media has no room for a link's card: the link then stands under the text."""
    if post.link and post.media and not has_address(post.text, post.link):
        return f"{post.text.rstrip()}\n\n{post.link}".strip()
    return post.text


def title(post: Post) -> str:
    """The headline of a link's card: the text's first line where it is short enough, else the site's name."""
    first = post.text.strip().splitlines()[0].strip() if post.text.strip() else ""
    longest = constraints()["surfaces"]["article"]["title_max"]["value"]
    return first if 0 < len(first) <= longest else str(urlsplit(post.link or "").hostname)


def body(post: Post, media_ids: Sequence[str], author: str) -> dict[str, Any]:
    """The JSON of `POST /rest/posts`."""
    said = {
        "author": author,
        "commentary": little.escape(text(post)),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    content = _content(post, media_ids)
    return {**said, "content": content} if content else said


def comment(part: Part, author: str, post_id: str) -> dict[str, Any]:
    """The JSON of a comment. Its text is plain: LinkedIn would show every backslash (gitroomhq/postiz-app#1847)."""
    return {"actor": author, "object": post_id, "message": {"text": part.text}}


def most_bytes(media: Media) -> int:
    """How big the file may be. LinkedIn states no bytes for an image, only pixels."""
    surface = "video" if media.is_video else "image"
    return int(constraints()["surfaces"][surface]["max_bytes"]["value"])


def _content(post: Post, media_ids: Sequence[str]) -> dict[str, Any] | None:
    named = [_named(media_id, media) for media_id, media in zip(media_ids, post.media, strict=True)]
    if len(named) > 1:
        return {"multiImage": {"images": named}}
    if named:
        return {"media": named[0]}
    return {"article": {"source": post.link, "title": title(post)}} if post.link else None


def _named(media_id: str, media: Media) -> dict[str, str]:
    return {"id": media_id, "altText": media.alt} if media.alt and not media.is_video else {"id": media_id}


def _text_problems(post: Post) -> list[str]:
    limit, most = constraints()["text"]["max"]["value"], constraints()["text"]["comment_max"]["value"]
    length, found = little.length(text(post)), []
    if not text(post).strip() and not post.media and not post.link:
        found.append("The post is empty; give it a text, a link or an image.")
    if length > limit:
        said = f"The text counts {length} with the backslashes that LinkedIn needs, limit {limit}"
        found.append(f"{said}; shorten by {length - limit}.")
    if (over := len(post.first_comment) - most) > 0:
        found.append(f"The first comment counts {len(post.first_comment)}, limit {most}; shorten by {over}.")
    return found


def _form_problems(post: Post) -> list[str]:
    found = []
    if post.thread:
        found.append("LinkedIn has no threads; leave the further texts out, or put one into the first comment.")
    if post.format != "feed":
        found.append(f"LinkedIn has no {post.format}; leave the format empty.")
    return found


def _media_problems(post: Post) -> list[str]:
    found = [problem for media in post.media for problem in _file_problems(media)]
    most = constraints()["surfaces"]["multi_image"]["count"]["value"][1]
    return [*found, *together_problems(post.media, "LinkedIn", most)]


def _file_problems(media: Media) -> list[str]:
    kinds = constraints()["surfaces"]["video"]["formats"] if media.is_video else list(IMAGES.values())
    format_ = media.facts.format if media.facts else IMAGES.get(media.suffix, media.suffix.removeprefix("."))
    if format_ not in kinds:
        return [f"{media.name} is no {', '.join(dict.fromkeys(kinds))} file; save it as one of them."]
    found = _video_problems(media) if media.is_video else _image_problems(media)
    size, most = _size(media), most_bytes(media)
    if size is None:
        return [f"{media.source} is not there; check its path."]
    if size > most:
        found.append(f"{media.name} has {size:,} bytes, limit {most:,}; make it smaller.")
    return found


def _image_problems(media: Media) -> list[str]:
    rules, found = constraints()["surfaces"], []
    pixels = media.facts.width * media.facts.height if media.facts else 0
    if pixels > (most := rules["image"]["max_pixels"]["value"]):
        found.append(f"{media.name} has {pixels:,} pixels, limit {most:,}; make it smaller.")
    if (over := len(media.alt) - rules["alt_text_max"]["value"]) > 0:
        longest = rules["alt_text_max"]["value"]
        found.append(f"The words for {media.name} count {len(media.alt)}, limit {longest}; shorten by {over}.")
    return found


def _video_problems(media: Media) -> list[str]:
    rules, facts, found = constraints()["surfaces"]["video"], media.facts, []
    if facts is None:
        return []
    shortest, longest = rules["seconds"]["value"]
    if facts.seconds is not None and not shortest <= facts.seconds <= longest:
        found.append(f"{media.name} lasts {facts.seconds:g} s; LinkedIn takes {shortest} to {longest} s.")
    if facts.bytes < (least := rules["min_bytes"]["value"]):
        found.append(f"{media.name} has {facts.bytes:,} bytes; LinkedIn takes no video below {least:,}.")
    return found


def _size(media: Media) -> int | None:
    """Its bytes: 0 where it lies on the web and nobody looked, None where it should lie here and does not."""
    if media.facts:
        return media.facts.bytes
    if media.is_web:
        return 0
    file = Path(media.source)
    return file.stat().st_size if file.is_file() else None
