"""Our post in Facebook's words, and why Facebook would not take it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.domain.posts import Media, Post
from platforms.transport.addresses import has_address
from platforms.transport.constraints import beside

_SUFFIXES = {
    ".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif", ".webp": "webp",
    ".mp4": "mp4", ".m4v": "mp4", ".mov": "mov",
}  # fmt: skip
_EDGES = {"feed": "videos", "reel": "video_reels", "story": "video_stories"}


def constraints() -> dict[str, Any]:
    """Facebook's limits, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def problems(post: Post) -> list[str]:
    """Why Facebook would refuse `post`, a sentence each, by what the import found in its media.

    Where nobody looked, files that lie here are measured, web addresses are not.
    """
    found = [*_text_problems(post), *_link_problems(post), *_shape_problems(post), *_media_problems(post)]
    return [*found, *(["Facebook has no threads; take the further texts away."] if post.thread else [])]


def message(post: Post) -> str:
    """The text as it is posted. Images leave no room for a link preview: the link then stands under the text."""
    if post.link and post.media and not has_address(post.text, post.link):
        return f"{post.text}\n\n{post.link}".strip()
    return post.text


def feed(post: Post, media_ids: list[str]) -> dict[str, str]:
    """The form of `POST /{page}/feed`."""
    form = {"message": message(post)}
    if post.link and not media_ids:
        form["link"] = post.link
    for number, media_id in enumerate(media_ids):
        form[f"attached_media[{number}]"] = json.dumps({"media_fbid": media_id})
    return {name: value for name, value in form.items() if value}


def photo(media: Media) -> dict[str, str]:
    """The form of `POST /{page}/photos` for an image that is staged and not shown; a file goes beside it."""
    form = {"published": "false", "alt_text_custom": media.alt, "url": media.source if media.is_web else ""}
    return {name: value for name, value in form.items() if value}


def has_video(post: Post) -> bool:
    return any(media.is_video for media in post.media)


def video_edge(post: Post) -> str:
    """Where the post's video is uploaded and published."""
    return _EDGES[post.format]


def finish(post: Post, prepared: Mapping[str, Any]) -> dict[str, str]:
    """The form that ends a video's upload and publishes it."""
    form = {"upload_phase": "finish", "description": message(post)}
    if post.format == "feed":
        form["upload_session_id"] = str(prepared.get("session") or "")
    else:
        form |= {"video_id": str(prepared.get("video") or ""), "video_state": "PUBLISHED"}
    return {name: value for name, value in form.items() if value}


def _text_problems(post: Post) -> list[str]:
    if post.format == "story":
        said = "A story shows no text and no link; take them out, and put the words into the image."
        return [said] if post.text.strip() or post.link else []
    limit = constraints()["text"]["max"]["value"]
    length = len(message(post).encode("utf-16-le")) // 2
    if length > limit:
        return [f"The text counts {length}, limit {limit}; shorten by {length - limit}."]
    if not post.text.strip() and not post.link and not post.media:
        return ["The post is empty; give it a text, a link or an image."]
    return []


def _link_problems(post: Post) -> list[str]:
    if not post.link:
        return []
    host = (urlsplit(post.link).hostname or "").lower()
    if urlsplit(post.link).scheme not in ("http", "https") or not host:
        return [f"The link {post.link} is no web address; write it with https://."]
    if host == "facebook.com" or host.endswith(".facebook.com"):
        return ["Facebook takes no links to facebook.com; leave the link out."]
    return []


def _shape_problems(post: Post) -> list[str]:
    """How many images and videos, and of which kind, the post's format takes."""
    count, videos = len(post.media), sum(media.is_video for media in post.media)
    most = constraints()["surfaces"]["photo"]["count"]["value"][1]
    if post.format == "story" and post.first_comment:
        return ["A story takes no comment of its own; leave the first comment out."]
    if post.format == "story" and count != 1:
        return [f"A story is one image or one video, and here are {count}; make a story of each."]
    if post.format == "reel" and (count, videos) != (1, 1):
        return ["A reel is exactly one video; give it one, or make it a feed post."]
    if videos and count > 1:
        return [f"Facebook takes one video a post and no image beside it; take {count - 1} away."]
    if count > most:
        return [f"There are {count} images, limit {most}; take {count - most} away."]
    return []


def _media_problems(post: Post) -> list[str]:
    surfaces = constraints()["surfaces"]
    of_videos = {"feed": surfaces["video"], "reel": surfaces["reel"], "story": surfaces["story"]}[post.format]
    found: list[str] = []
    for media in post.media:
        rules = of_videos if media.is_video else surfaces["photo"]
        found += [*_file_problems(media, rules), *(_video_problems(media, rules) if media.is_video else ())]
    return found


def _file_problems(media: Media, rules: Mapping[str, Any]) -> Iterator[str]:
    formats = set(media.facts.format.lower().split(",")) if media.facts else {_SUFFIXES.get(media.suffix, "")}
    if not formats & set(rules["formats"]):
        yield f"{media.name} is no {', '.join(rules['formats'])} file; save it as one of them."
        return
    file, limit = Path(media.source), rules["max_bytes"]["value"]
    if not media.facts and not media.is_web and not file.is_file():
        yield f"{media.source} is not there; check its path."
        return
    size = media.facts.bytes if media.facts else 0 if media.is_web else file.stat().st_size
    if size > limit:
        yield f"{media.name} has {size:,} bytes, limit {limit:,}; make it smaller."


def _video_problems(media: Media, rules: Mapping[str, Any]) -> Iterator[str]:
    facts = media.facts
    if facts is None:
        return
    shortest, longest = rules["seconds"]["value"]
    if facts.seconds is not None and not shortest <= facts.seconds <= longest:
        yield f"{media.name} lasts {facts.seconds:g} s; Facebook takes {shortest} to {longest} s here."
    if "fps" not in rules:
        return
    fewest, most = rules["fps"]["value"]
    if facts.frames_per_second is not None and not fewest <= round(facts.frames_per_second) <= most:
        yield f"{media.name} has {facts.frames_per_second:g} frames per second; Facebook takes {fewest} to {most}."
    width, height = rules["min_px"]
    if facts.width < width or facts.height < height:
        yield f"{media.name} has {facts.width} by {facts.height} pixels; {width} by {height} are the least."
    if abs(facts.ratio - 9 / 16) > 0.01:
        yield f"{media.name} has {facts.width} by {facts.height} pixels; make it upright, 9 by 16."
