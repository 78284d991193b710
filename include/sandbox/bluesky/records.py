"""What a post's record must be: the lexicons app.bsky.feed.post, app.bsky.richtext.facet and app.bsky.embed.*.

The rules stand here as data, for the folder of lexicons does not ship; a test holds them against it. Beyond them a
facet must lie within the text, between its characters: the server takes others, and no app can show them.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import regex

from include.sandbox.bluesky.failures import XrpcError, invalid
from include.sandbox.bluesky.identity import DID, POSTS
from include.sandbox.posts import StoredMedia

MOST = {"text": (3000, 300), "tag": (640, 64)}  # UTF-8 bytes, graphemes
MOST_LANGS, MOST_TAGS, MOST_IMAGES = 3, 8, 4
MOST_RECORD_BYTES = 1_000_000
BLOBS = {"image": ("image/", 2_000_000), "thumb": ("image/", 1_000_000), "video": ("video/mp4", 300_000_000)}
PROPERTIES = {"$type", "text", "entities", "facets", "reply", "embed", "langs", "labels", "tags", "createdAt"}
FEATURES = ("app.bsky.richtext.facet#mention", "app.bsky.richtext.facet#link", "app.bsky.richtext.facet#tag")

BlobOf = Callable[[str], StoredMedia | None]


def check_post(record: Any, blob_of: BlobOf) -> None:
    """Raises the refusal of a record that is no valid post."""
    if not isinstance(record, dict) or record.get("$type") != POSTS:
        raise invalid(f"Invalid $type: expected {POSTS}, got {record.get('$type') if isinstance(record, dict) else ''}")
    if len(json.dumps(record, ensure_ascii=False).encode()) > MOST_RECORD_BYTES:
        raise invalid("Record is too large", "PayloadTooLarge")
    for name in ("text", "createdAt"):
        if not isinstance(record.get(name), str):
            raise _bad(f'Record must have the property "{name}"')
    _check_length("text", record["text"], "Record/text")
    _check_moment(record["createdAt"])
    _check_lists(record)
    for number, facet in enumerate(record.get("facets") or ()):
        _check_facet(facet, record["text"].encode(), f"Record/facets/{number}")
    if "reply" in record:
        _check_reply(record["reply"])
    if "embed" in record:
        _check_embed(record["embed"], blob_of)


def blobs_of(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Content id and alt text of every blob that a reader sees."""
    embed = record.get("embed") or {}
    for image in embed.get("images") or ():
        yield image["image"]["ref"]["$link"], image["alt"]
    if "video" in embed:
        yield embed["video"]["ref"]["$link"], embed.get("alt") or ""


def _check_lists(record: dict[str, Any]) -> None:
    langs, tags = record.get("langs") or [], record.get("tags") or []
    if len(langs) > MOST_LANGS:
        raise _bad(f"Record/langs must not have more than {MOST_LANGS} elements")
    if len(tags) > MOST_TAGS:
        raise _bad(f"Record/tags must not have more than {MOST_TAGS} elements")
    for tag in tags:
        _check_length("tag", tag, "Record/tags")


def _check_length(kind: str, value: str, path: str) -> None:
    most_bytes, most_graphemes = MOST[kind]
    if len(value.encode()) > most_bytes:
        raise _bad(f"{path} must not be longer than {most_bytes} characters")
    if len(regex.findall(r"\X", value)) > most_graphemes:
        raise _bad(f"{path} must not be longer than {most_graphemes} graphemes")


def _check_moment(text: str) -> None:
    try:
        aware = datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None and "T" in text
    except ValueError:
        aware = False
    if not aware:
        raise _bad("Record/createdAt must be an valid atproto datetime (both RFC-3339 and ISO-8601)")


def _check_facet(facet: Any, text: bytes, path: str) -> None:
    index = facet.get("index") if isinstance(facet, dict) else None
    if not isinstance(index, dict) or not isinstance(facet.get("features"), list):
        raise _bad(f'{path} must have the properties "index" and "features"')
    start, end = index.get("byteStart"), index.get("byteEnd")
    if not isinstance(start, int) or not isinstance(end, int) or start < 0:
        raise _bad(f"{path}/index/byteStart must be an integer of at least 0")
    if not start < end <= len(text) or not _between(text, start) or not _between(text, end):
        raise _bad(f"{path}/index must lie between characters of the text: {start} to {end} of {len(text)} bytes")
    for feature in facet["features"]:
        _check_feature(feature, path)


def _between(text: bytes, at: int) -> bool:
    """Whether a character begins there, or the text ends."""
    return at == len(text) or text[at] & 0xC0 != 0x80


def _check_feature(feature: dict[str, Any], path: str) -> None:
    kind = feature.get("$type")
    if kind not in FEATURES:
        return  # a union of the lexicon is open: what is not known is kept
    if kind.endswith("#mention") and not DID.fullmatch(str(feature.get("did"))):
        raise _bad(f"{path}/features/0/did must be a valid did")
    if kind.endswith("#link") and not urlsplit(str(feature.get("uri") or "")).scheme:
        raise _bad(f"{path}/features/0/uri must be a uri")
    if kind.endswith("#tag"):
        _check_length("tag", str(feature.get("tag") or ""), f"{path}/features/0/tag")


def _check_reply(reply: Any) -> None:
    for name in ("root", "parent"):
        ref = reply.get(name) if isinstance(reply, dict) else None
        if not isinstance(ref, dict) or not str(ref.get("uri", "")).startswith("at://") or not ref.get("cid"):
            raise _bad(f"Record/reply/{name} must have the properties uri and cid")


def _check_embed(embed: Any, blob_of: BlobOf) -> None:
    kind = embed.get("$type") if isinstance(embed, dict) else None
    if kind == "app.bsky.embed.images":
        images = embed.get("images")
        if not isinstance(images, list):
            raise _bad('Record/embed must have the property "images"')
        if len(images) > MOST_IMAGES:
            raise _bad(f"Record/embed/images must not have more than {MOST_IMAGES} elements")
        for number, image in enumerate(images):
            _check_image(image, f"Record/embed/images/{number}", blob_of)
    elif kind == "app.bsky.embed.video":
        _check_blob("video", embed.get("video"), "Record/embed/video", blob_of)
        _check_ratio(embed, "Record/embed")
    elif kind == "app.bsky.embed.external":
        _check_card(embed.get("external"), blob_of)
    else:
        raise _bad(f"Record/embed $type {kind} is not one of those that this server knows")


def _check_image(image: Any, path: str, blob_of: BlobOf) -> None:
    if not isinstance(image, dict) or not isinstance(image.get("alt"), str):
        raise _bad(f'{path} must have the property "alt"')
    _check_blob("image", image.get("image"), f"{path}/image", blob_of)
    _check_ratio(image, path)


def _check_ratio(holder: dict[str, Any], path: str) -> None:
    ratio = holder.get("aspectRatio")
    if ratio is not None and not all(isinstance(ratio.get(n), int) and ratio[n] >= 1 for n in ("width", "height")):
        raise _bad(f"{path}/aspectRatio/width can not be less than 1")


def _check_card(card: Any, blob_of: BlobOf) -> None:
    for name in ("uri", "title", "description"):
        if not isinstance(card, dict) or not isinstance(card.get(name), str):
            raise _bad(f'Record/embed/external must have the property "{name}"')
    if not urlsplit(card["uri"]).scheme:
        raise _bad("Record/embed/external/uri must be a uri")
    if "thumb" in card:
        _check_blob("thumb", card["thumb"], "Record/embed/external/thumb", blob_of)


def _check_blob(kind: str, blob: Any, path: str, blob_of: BlobOf) -> None:
    if not isinstance(blob, dict) or blob.get("$type") != "blob" or not isinstance(blob.get("ref"), dict):
        raise _bad(f"{path} should be a blob ref")
    stored = blob_of(str(blob["ref"].get("$link")))
    if stored is None:
        raise invalid(f"Could not find blob: {blob['ref'].get('$link')}", "BlobNotFound")
    accepted, most = BLOBS[kind]
    if not stored.mime.startswith(accepted) or blob.get("mimeType") != stored.mime:
        raise invalid(f"Wrong type of file. It is {stored.mime} but it must match {accepted}*.", "InvalidMimeType")
    if len(stored.content) > most or blob.get("size") != len(stored.content):
        said = f"This file is too large. It is {len(stored.content)} bytes but the maximum size is {most}."
        raise invalid(said, "BlobTooLarge")


def _bad(message: str) -> XrpcError:
    return invalid(f"Invalid {POSTS} record: {message}")
