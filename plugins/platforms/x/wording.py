"""Our post in X's words, its length as X counts it, and why X would not take it.

https://docs.x.com/fundamentals/counting-characters, https://docs.x.com/x-api/media/quickstart/best-practices
"""

import functools
import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.domain.posts import Media, Post
from platforms.x.addresses import addresses

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
}

# Blocks with pictographs (Unicode emoji-data). Those that stand alone weigh the same as an emoji anyway: what counts
# is that a sequence (skin tone, joiner, flag, keycap) weighs as much as one.
_PICTOGRAPH = (
    r"[\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2"
    r"\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030"
    r"\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_ONE = rf"(?:{_PICTOGRAPH}(?:[\U0001f3fb-\U0001f3ff]|\ufe0f)?|[\xa9\xae]\ufe0f)"
_EMOJI = re.compile(
    r"[0-9#*]\ufe0f?\u20e3"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    r"|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    rf"|{_ONE}(?:\u200d{_ONE})*"
)
_NEVER = re.compile(r"[\ufffe\ufeff\uffff]")


@functools.cache
def constraints() -> dict[str, Any]:
    """X's limits, as sourced and dated in `constraints.json`."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "constraints.json").read_text(encoding="utf-8"))
    return data


def problems(post: Post) -> list[str]:
    """Why X would refuse `post`, a sentence each. Files that lie here are measured, web addresses are not."""
    return [*_text_problems(post), *_link_problems(post), *_media_problems(post)]


def text(post: Post) -> str:
    """What is posted: the text, and the link after it unless it says it already."""
    if not post.link or post.link in post.text:
        return post.text
    return f"{post.text.rstrip()} {post.link}".strip()


def body(post: Post, media_ids: list[str]) -> dict[str, Any]:
    """The JSON of `POST /2/tweets`."""
    words: dict[str, Any] = {"text": text(post)} if text(post) else {}
    return {**words, "media": {"media_ids": media_ids}} if media_ids else words


def media_category(media: Media) -> str:
    """What X has to do with the file (`MediaCategory` in its contract)."""
    kind = MEDIA_TYPES.get(media.suffix, "")
    if kind == "image/gif":
        return "tweet_gif"
    return "tweet_video" if kind.startswith("video/") else "tweet_image"


def weighted_length(words: str) -> int:
    """How X counts: composed characters (NFC), 23 for an address, 2 for an emoji, 1 or 2 for the rest."""
    words = unicodedata.normalize("NFC", words)
    counting = constraints()["text"]["counting"]
    ends = dict(addresses(words))
    position = weight = 0
    while position < len(words):
        emoji = _EMOJI.match(words, position)
        if position in ends:
            position, weight = ends[position], weight + counting["url_length"] * counting["scale"]
        elif emoji:
            position, weight = emoji.end(), weight + counting["emoji_sequence_weight"] * counting["scale"]
        else:
            weight += _weight(words[position])
            position += 1
    return int(weight // counting["scale"])


def _weight(character: str) -> int:
    counting = constraints()["text"]["counting"]
    light = any(first <= ord(character) <= last for first, last in counting["ranges_weight_100"])
    return int(counting["scale"] if light else counting["defaultWeight"])


def _text_problems(post: Post) -> list[str]:
    length, limit = weighted_length(text(post)), constraints()["text"]["max"]["value"]
    found = []
    if not text(post).strip() and not post.media:
        found.append("The post is empty; give it a text or an image.")
    if length > limit:
        found.append(f"The text counts {length}, limit {limit}; shorten by {length - limit}.")
    if _NEVER.search(text(post)):
        found.append("The text holds a character that X never takes (U+FEFF, U+FFFE or U+FFFF); type it anew.")
    return found


def _link_problems(post: Post) -> list[str]:
    if not post.link or (urlsplit(post.link).scheme in ("http", "https") and urlsplit(post.link).hostname):
        return []
    return [f"The link {post.link} is no web address; write it with https://."]


def _media_problems(post: Post) -> list[str]:
    found = [problem for media in post.media for problem in _file_problems(media)]
    most = constraints()["surfaces"]["post"]["images"]["value"][1]
    alone = [media for media in post.media if media_category(media) != "tweet_image"]
    if alone and len(post.media) > 1:
        found.append(f"{_name(alone[0])} must stand alone: X shows one GIF or one video, or up to {most} images.")
    elif len(post.media) > most:
        found.append(f"There are {len(post.media)} images, limit {most}; take {len(post.media) - most} away.")
    return found


def _file_problems(media: Media) -> list[str]:
    found = []
    limit, longest_alt = most_bytes(media), constraints()["surfaces"]["post"]["alt_text_max"]["value"]
    if media.suffix not in MEDIA_TYPES:
        found.append(f"{_name(media)} is none of {', '.join(s[1:] for s in MEDIA_TYPES)}; save it as one of them.")
    elif urlsplit(media.source).scheme not in ("http", "https"):
        found += _size_problems(Path(media.source), limit)
    if len(media.alt) > longest_alt:
        over = len(media.alt) - longest_alt
        found.append(f"The words for {_name(media)} count {len(media.alt)}, limit {longest_alt}; shorten by {over}.")
    return found


def _size_problems(file: Path, limit: int) -> list[str]:
    if not file.is_file():
        return [f"{file} is not there; check its path."]
    size = file.stat().st_size
    return [f"{file.name} has {size:,} bytes, limit {limit:,}; make it smaller."] if size > limit else []


def most_bytes(media: Media) -> int:
    """How big X lets the file be."""
    rules = constraints()["surfaces"]["post"]
    if media_category(media) == "tweet_image":
        return int(rules["image_max_bytes"]["value"])
    kind = "gif" if media_category(media) == "tweet_gif" else "video"
    return int(rules[kind]["value"]["max_bytes"])


def _name(media: Media) -> str:
    return Path(urlsplit(media.source).path).name
