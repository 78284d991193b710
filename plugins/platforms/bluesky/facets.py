"""Where links, mentions and hashtags stand in a text: facets, whose places count bytes of UTF-8.

https://docs.bsky.app/docs/advanced-guides/post-richtext (2026-11-24). An address needs its `https://` here: without a
list of all domain endings a full stop without a space behind it would become a link.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import regex

MOST_TAG_GRAPHEMES, MOST_TAG_BYTES = 64, 640

_LINK = regex.compile(r"(?<=^|[\s(])https?://\S+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<=^|[\s(])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]*)")
# Invisible characters end a tag; a tag is not of digits and punctuation alone.
_TAG = regex.compile(r"(?<=^|\s)[#＃](?!\ufe0f)([^\s\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2]+)")
_TRAILING = regex.compile(r"\p{P}+$")
_ONLY_NUMBERS = regex.compile(r"[\d\p{P}]*")


def mentions(text: str) -> list[str]:
    """The handles that a text mentions, in small letters, each once."""
    return list(dict.fromkeys(found[1].lower() for found in _MENTION.finditer(text)))


def facets(text: str, dids: Mapping[str, str], shown_links: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Every facet of `text`, in order. A handle that `dids` does not know stays words. `shown_links` maps what stands
    in the text for a link (at its end) to the whole address."""
    found = [*_links(text), *_mentioned(text, dids), *_tags(text)]
    for shown, address in (shown_links or {}).items():
        start = text.rfind(shown)
        found.append(_facet(text, start, start + len(shown), "link", uri=address))
    return sorted(found, key=lambda facet: int(facet["index"]["byteStart"]))


def _links(text: str) -> Iterator[dict[str, Any]]:
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?\"'»”’")
        if address.endswith(")") and "(" not in address:
            address = address[:-1]
        if len(address) > len("https://"):
            yield _facet(text, found.start(), found.start() + len(address), "link", uri=address)


def _mentioned(text: str, dids: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for found in _MENTION.finditer(text):
        if did := dids.get(found[1].lower()):
            yield _facet(text, found.start(), found.end(), "mention", did=did)


def _tags(text: str) -> Iterator[dict[str, Any]]:
    for found in _TAG.finditer(text):
        tag = _TRAILING.sub("", found[1])
        if not tag or _ONLY_NUMBERS.fullmatch(tag) or not _fits(tag):
            continue
        yield _facet(text, found.start(), found.start() + 1 + len(tag), "tag", tag=tag)


def _fits(tag: str) -> bool:
    return len(regex.findall(r"\X", tag)) <= MOST_TAG_GRAPHEMES and len(tag.encode()) <= MOST_TAG_BYTES


def _facet(text: str, start: int, end: int, kind: str, **feature: str) -> dict[str, Any]:
    index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
    return {"index": index, "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}]}
