"""How X shows a text: links as t.co, the markup characters escaped, and entities that say where things are."""

import re
from typing import Any

from include.sandbox.chance import chance
from include.sandbox.x.links import urls_in

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
HASHTAG = re.compile(r"(?<![\w&/])#(\w*[^\W\d_]\w*)")
MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9_]{1,15})(?!\w)")
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def short_link(url: str) -> str:
    """The t.co address of `url`: 23 characters, the same for the same link."""
    return "https://t.co/" + "".join(chance("t.co", url).choices(LETTERS, k=10))


def shown(text: str, post_url: str, media_keys: list[str]) -> tuple[str, dict[str, Any]]:
    """The text as the API gives it, and its `entities`. Attached media add a link of their own at the end."""
    pieces, urls, at = [], [], 0
    for found in urls_in(text):
        pieces += [_escaped(text[at : found.start]), short_link(found.url)]
        full = found.url if "://" in found.url else f"http://{found.url}"
        urls.append({"url": pieces[-1], "expanded_url": full, "display_url": re.sub(r"^https?://(www\.)?", "", full)})
        at = found.end
    pieces.append(_escaped(text[at:]))
    if media_keys:
        link = short_link(post_url + "/photo/1")
        pieces.append((" " if text else "") + link)
        seen = {"url": link, "expanded_url": post_url + "/photo/1", "display_url": "pic.x.com/" + link[-10:]}
        urls += [{**seen, "media_key": key} for key in media_keys]
    whole = "".join(pieces)
    return whole, _entities(whole, urls)


def _entities(whole: str, urls: list[dict[str, Any]]) -> dict[str, Any]:
    placed, at = [], 0
    for url in urls:
        start = whole.find(url["url"], at)
        start = start if start >= 0 else whole.find(url["url"])
        placed.append({"start": start, "end": start + len(url["url"]), **url})
        at = start
    tags = [{"start": m.start(), "end": m.end(), "tag": m.group(1)} for m in HASHTAG.finditer(whole)]
    people = [{"start": m.start(), "end": m.end(), "username": m.group(1)} for m in MENTION.finditer(whole)]
    return {k: v for k, v in (("urls", placed), ("hashtags", tags), ("mentions", people)) if v}


def _escaped(text: str) -> str:
    for mark, written in ESCAPES:
        text = text.replace(mark, written)
    return text
