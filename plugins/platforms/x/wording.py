"""Our post in X's words, its length as X counts it, and why X would not take it.

https://docs.x.com/fundamentals/counting-characters, https://docs.x.com/x-api/media/quickstart/best-practices,
https://docs.x.com/x-api/getting-started/pricing
"""

import re
import unicodedata
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from include.domain.posts import Part, Post
from platforms.transport.addresses import has_address
from platforms.transport.constraints import beside
from platforms.x import files
from platforms.x.addresses import addresses

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
_NAMED = {"post": "The text", "comment": "The first comment"}
_NEVER = re.compile(r"[\ufffe\ufeff\uffff]")


def constraints() -> dict[str, Any]:
    """X's limits, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def problems(post: Post) -> list[str]:
    """Why X would refuse `post`, a sentence each. Files are measured where they lie here or were looked into."""
    return [
        *_text_problems(post),
        *_form_problems(post),
        *_link_problems(post),
        *files.problems(post.media, media_rules()),
    ]


def price(post: Post) -> Decimal:
    """What it costs to send every part of `post`, in US dollars: one with an address costs thirteen times as much.
    Uploads are not counted: the price list has none for them."""
    prices = constraints()["cost_usd"]["value"]
    linked = [bool(addresses(said) or (part.number == 0 and post.link)) for part, said in _said(post)]
    names = ("post_create_with_url" if has_link else "post_create" for has_link in linked)
    return sum((Decimal(str(prices[name])) for name in names), Decimal(0))


def text(post: Post) -> str:
    """What is posted: the text, and the link after it unless it says it already."""
    if not post.link or has_address(post.text, post.link):
        return post.text
    return f"{post.text.rstrip()} {post.link}".strip()


def body(post: Post, media_ids: list[str]) -> dict[str, Any]:
    """The JSON of `POST /2/tweets`."""
    words: dict[str, Any] = {"text": text(post)} if text(post) else {}
    return {**words, "media": {"media_ids": media_ids}} if media_ids else words


def reply(part: Part, after: str) -> dict[str, Any]:
    """The JSON of a part that is said in reply to the post `after`."""
    return {"text": part.text, "reply": {"in_reply_to_tweet_id": after}}


def media_rules() -> dict[str, Any]:
    """X's limits for images, GIFs and videos."""
    rules: dict[str, Any] = constraints()["surfaces"]["post"]
    return rules


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


def _said(post: Post) -> list[tuple[Part, str]]:
    """Every part with the text that X gets."""
    return [(part, text(post) if part.number == 0 else part.text) for part in post.parts]


def _text_problems(post: Post) -> list[str]:
    limit, found = constraints()["text"]["max"]["value"], []
    for part, said in _said(post):
        name = _NAMED.get(part.kind) or f"Text {part.number + 1} of the thread"
        length = weighted_length(said)
        if not said.strip() and part.number:
            found.append(f"{name} is empty; write it or leave it out.")
        elif not said.strip() and not post.media:
            found.append("The post is empty; give it a text or an image.")
        if length > limit:
            found.append(f"{name} counts {length}, limit {limit}; shorten by {length - limit}.")
        if _NEVER.search(said):
            found.append(f"{name} holds a character that X never takes (U+FEFF, U+FFFE or U+FFFF); type it anew.")
    return found


def _form_problems(post: Post) -> list[str]:
    return [] if post.format == "feed" else [f"X has no {post.format}; leave the format empty."]


def _link_problems(post: Post) -> list[str]:
    if not post.link or (urlsplit(post.link).scheme in ("http", "https") and urlsplit(post.link).hostname):
        return []
    return [f"The link {post.link} is no web address; write it with https://."]
