"""`POST /{page}/feed`, `POST /{page}/photos`, `POST /{post}` and `DELETE /{post}`, with what Facebook refuses.

Parameters from the contract (Page: feed, photos); limits from developers.facebook.com/docs/pages-api/posts and the
error lists of the same pages.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from include.sandbox.asking import Ask
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid
from include.sandbox.images import kind_of
from include.sandbox.posts import LoggedPost, StoredMedia, post_event
from include.sandbox.state import Sandbox, media_event
from include.sandbox.timeline import find_said
from include.sandbox.world.calendar import remote_id

MOST_CHARACTERS = 63206
MOST_PHOTO_BYTES = 4_000_000
MOST_PHOTOS = 10
FEED_TAKES = {"message", "link", "published", "attached_media"}
PHOTO_TAKES = {"caption", "message", "published", "url", "alt_text_custom", "temporary", "no_story"}
PHOTO_KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff")


def post_to_feed(sandbox: Sandbox, account: DeclaredAccount, params: Mapping[str, Any]) -> dict[str, Any]:
    """Publish a text, link or photo post. The answer is its id."""
    plain = {k for k in params if not k.startswith("attached_media[")}
    if unknown := plain - FEED_TAKES:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    text, link = str(params.get("message") or ""), params.get("link") or None
    photos = _attached(sandbox, account, params)
    _check_feed(sandbox, account, text, link, photos)
    return {"id": publish(sandbox, account, text, link, photos, _truth("published", params.get("published", True)))}


def post_photo(sandbox: Sandbox, account: DeclaredAccount, ask: Ask, params: Mapping[str, Any]) -> dict[str, Any]:
    """Upload a photo; with `published=false` it only waits to be attached."""
    if unknown := set(params) - PHOTO_TAKES:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    content, source = _photo_bytes(ask, params)
    now = sandbox.clock.now()
    photo_id = digits(15, sandbox.seed, account.key, now.isoformat(), len(content))
    alt = str(params.get("alt_text_custom") or "")
    mime = kind_of(content) or "image/jpeg"
    media = StoredMedia(photo_id, "facebook", account.name, mime, content, now, alt, source)
    published = _truth("published", params.get("published", True))
    text = str(params.get("message") or params.get("caption") or "")
    if published:
        _check_length(text)
    sandbox.commit(media_event(media))
    if not published:
        return {"id": photo_id}
    return {"id": photo_id, "post_id": publish(sandbox, account, text, None, (photo_id,), True)}


def delete_post(sandbox: Sandbox, account: DeclaredAccount, post_id: str) -> dict[str, Any]:
    if find_said(sandbox, account, post_id) is None:
        raise GraphError(
            f"Unsupported delete request. Object with ID '{post_id}' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation.",
            100,
            subcode=33,
            type="GraphMethodException",
        )
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": "facebook", "remote_id": post_id, "at": at})
    return {"success": True}


def edit_post(sandbox: Sandbox, account: DeclaredAccount, post_id: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Change a post's text; an app can change only what it posted itself."""
    if unknown := set(params) - {"message"}:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    post = sandbox.posts.find("facebook", post_id)
    if post is None or "message" not in params:
        raise GraphError("(#200) The app can only edit posts that it created itself", 200)
    text = str(params["message"])
    _check_length(text)
    sandbox.commit(post_event(dataclasses.replace(post, text=text)))
    return {"success": True}


def publish(
    sandbox: Sandbox,
    account: DeclaredAccount,
    text: str,
    link: str | None,
    media: tuple[str, ...],
    published: bool,
    *,
    after: timedelta = timedelta(0),
    **more: Any,
) -> str:
    """Let a post be live, `after` a while for a video that is worked on first. The answer is its id."""
    now = sandbox.clock.now() + after
    made = sum(1 for _ in sandbox.posts)
    post_id = remote_id(account, now, made)
    while sandbox.posts.find("facebook", post_id):
        now += timedelta(milliseconds=1)
        post_id = remote_id(account, now, made)
    url = more.pop("url", None) or f"https://www.facebook.com/{account.native_id}/posts/{post_id.partition('_')[2]}"
    post = LoggedPost("facebook", account.name, post_id, text, link, media, now, url, published, **more)
    sandbox.commit(post_event(post))
    return post_id


def _check_feed(
    sandbox: Sandbox, account: DeclaredAccount, text: str, link: str | None, photos: tuple[str, ...]
) -> None:
    if not (text.strip() or link or photos):
        raise invalid(
            "Missing message or attachment",
            subcode=1349125,
            title="Missing Message Or Attachment",
            advice="Missing message or attachment.",
        )
    _check_length(text)
    if link is not None:
        _check_link(link)
    earlier = [p for p in sandbox.posts.of("facebook", account.name) if p.live and p.reply_to is None]
    if photos and any(set(photos) & set(p.media) for p in earlier):
        advice = "These photos were already posted."
        raise invalid("Photos already posted", subcode=1366051, title="Already Posted", advice=advice)
    if earlier and not photos and (text, link, ()) == (earlier[-1].text, earlier[-1].link, earlier[-1].media):
        raise GraphError(
            "(#506) Duplicate status message",
            506,
            subcode=1455006,
            transient=False,
            title="Duplicate Status Update",
            advice="This status update is identical to the last one you posted. Try posting something different, "
            "or delete your previous update.",
        )


def _check_length(text: str) -> None:
    """Facebook counts UTF-16 code units, as its pages' JavaScript does."""
    if len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        raise invalid(f"Param message must be at most {MOST_CHARACTERS} characters long")


def _check_link(link: str) -> None:
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        raise invalid("link URL is not properly formatted", subcode=1500, title="Invalid URL")
    if (parts.hostname or "").removeprefix("www.") in ("facebook.com", "fb.com", "m.facebook.com"):
        raise invalid("Links to facebook.com cannot be posted", subcode=1609008, title="Cannot Share Link")


def _attached(sandbox: Sandbox, account: DeclaredAccount, params: Mapping[str, Any]) -> tuple[str, ...]:
    """The photo ids of `attached_media`, whether one JSON list or form entries `attached_media[0]`."""
    given = params.get("attached_media", [])
    indexed = sorted(k for k in params if k.startswith("attached_media["))
    try:
        entries = json.loads(given) if isinstance(given, str) else given
        entries = [*entries, *(json.loads(params[k]) if isinstance(params[k], str) else params[k] for k in indexed)]
        ids = tuple(str(entry["media_fbid"]) for entry in entries)
    except (ValueError, TypeError, KeyError):
        raise invalid('Param attached_media must be an array of {"media_fbid": id}.') from None
    if len(ids) > MOST_PHOTOS or len(set(ids)) < len(ids):
        raise invalid(f"Param attached_media takes at most {MOST_PHOTOS} photos, each once")
    for photo in ids:
        media = sandbox.posts.media("facebook", photo)
        if media is None or media.account != account.name:
            raise invalid(f"attached_media: object {photo} does not exist or is not a photo of this Page")
    return ids


def _photo_bytes(ask: Ask, params: Mapping[str, Any]) -> tuple[bytes, str]:
    """The image and where it came from. A URL is taken at its word: nothing is fetched from outside."""
    url = str(params.get("url") or "")
    if url:
        host = urlsplit(url).hostname or ""
        if urlsplit(url).scheme not in ("http", "https") or not _public(host):
            raise _bad_image("The image could not be fetched: Facebook's servers cannot reach that address.")
        return b"", url
    file = ask.files.get("source") or next(iter(ask.files.values()), None)
    if file is None or kind_of(file.content) not in PHOTO_KINDS:
        raise _bad_image(
            "Your photos couldn't be uploaded. Photos should be saved as JPG, PNG, GIF, TIFF or WebP files."
        )
    if len(file.content) > MOST_PHOTO_BYTES:
        advice = "Your photos couldn't be uploaded. Photos should be smaller than 4 MB."
        raise GraphError("(#1) Photo too large", 1, subcode=1366046, title="Can't Read Files", advice=advice)
    return file.content, ""


def _bad_image(advice: str) -> GraphError:
    return GraphError(
        "(#324) Missing or invalid image file", 324, subcode=2069019, title="Invalid image", advice=advice
    )


def _public(host: str) -> bool:
    """Whether the platform could reach `host` from outside; loopback and private addresses it cannot."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))


def _truth(name: str, given: Any) -> bool:
    if str(given).lower() in ("true", "1"):
        return True
    if str(given).lower() in ("false", "0"):
        return False
    raise invalid(f"Param {name} must be a boolean")
