"""Our post in Facebook's words, and why Facebook would not take it."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.domain.posts import Media, Post

_FORMATS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif", ".webp": "webp"}
_VIDEOS = (".mp4", ".mov", ".m4v", ".webm")


@functools.cache
def constraints() -> dict[str, Any]:
    """Facebook's limits, as sourced and dated in `constraints.json`."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "constraints.json").read_text(encoding="utf-8"))
    return data


def problems(post: Post) -> list[str]:
    """Why Facebook would refuse `post`, a sentence each. Files that lie here are measured, web addresses are not."""
    return [*_text_problems(post), *_link_problems(post), *_media_problems(post)]


def message(post: Post) -> str:
    """The text as it is posted. Images leave no room for a link preview: the link then stands under the text."""
    if post.link and post.media and post.link not in post.text:
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
    form = {"published": "false", "alt_text_custom": media.alt, "url": media.source if is_web(media.source) else ""}
    return {name: value for name, value in form.items() if value}


def is_web(source: str) -> bool:
    return urlsplit(source).scheme in ("http", "https")


def _text_problems(post: Post) -> list[str]:
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
    if not is_web(post.link) or not host:
        return [f"The link {post.link} is no web address; write it with https://."]
    if host == "facebook.com" or host.endswith(".facebook.com"):
        return ["Facebook takes no links to facebook.com; leave the link out."]
    return []


def _media_problems(post: Post) -> list[str]:
    most = constraints()["surfaces"]["photo"]["count"]["value"][1]
    found = [problem for media in post.media for problem in _image_problems(media)]
    if len(post.media) > most:
        found.append(f"There are {len(post.media)} images, limit {most}; take {len(post.media) - most} away.")
    return found


def _image_problems(media: Media) -> list[str]:
    rules: Mapping[str, Any] = constraints()["surfaces"]["photo"]
    name = Path(urlsplit(media.source).path).name
    if media.suffix in _VIDEOS:
        return [f"{name} is a video; this version publishes text, links and images to Facebook."]
    if _FORMATS.get(media.suffix) not in rules["formats"]:
        return [f"{name} is no {', '.join(rules['formats'])} file; save it as one of them."]
    if is_web(media.source):
        return []
    file = Path(media.source)
    if not file.is_file():
        return [f"{media.source} is not there; check its path."]
    size, limit = file.stat().st_size, rules["max_bytes"]["value"]
    return [f"{name} has {size:,} bytes, limit {limit:,}; make it smaller."] if size > limit else []
