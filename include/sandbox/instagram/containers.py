"""Containers: what will be a post, checked and held for a day, and published once at most.

Parameters from the contract (IGUser: media, media_publish); the flow from developers.facebook.com/documentation/
instagram-platform/content-publishing and its page on resumable uploads, read on 2026-11-24. A video is worked on until
its status was asked for `ASKS` times, so that a test needs no clock. A restart forgets what is not published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from include.sandbox.asking import Ask
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid
from include.sandbox.facebook.uploads import BEGINNING, UploadError, received
from include.sandbox.images import kind_of, size_of
from include.sandbox.instagram.failures import refusal
from include.sandbox.media_folder import file_at
from include.sandbox.posts import StoredMedia
from include.sandbox.state import Sandbox, media_event

TAKES = {
    "alt_text", "audio_name", "caption", "children", "collaborators", "cover_url", "image_url", "is_carousel_item",
    "location_id", "media_type", "product_tags", "share_to_feed", "thumb_offset", "trial_params", "upload_type",
    "user_tags", "video_url",
}  # fmt: skip
TYPES = ("", "IMAGE", "VIDEO", "REELS", "STORIES", "CAROUSEL")
KEPT = timedelta(hours=24)
ASKS = 2
MOST_CHARACTERS, MOST_MENTIONS = 2200, 20
MOST_IMAGE_BYTES = 8 * 1024 * 1024


@dataclass(slots=True)
class Container:
    """`kind` is IMAGE, VIDEO, REELS, STORIES or CAROUSEL; `media` its stored images and videos; `error` a subcode."""

    container_id: str
    account: str
    kind: str
    caption: str
    made_at: datetime
    is_item: bool = False
    media: tuple[str, ...] = ()
    asks_left: int = 0
    awaits_upload: bool = False
    error: int = 0
    published: bool = False

    def status(self, now: datetime) -> str:
        if self.published:
            return "PUBLISHED"
        if now - self.made_at >= KEPT:
            return "EXPIRED"
        if self.error:
            return "ERROR"
        return "IN_PROGRESS" if self.awaits_upload or self.asks_left else "FINISHED"


class Containers:
    """Those of all accounts, by id."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._made: dict[str, Container] = {}

    def find(self, account: DeclaredAccount, container_id: str) -> Container | None:
        found = self._made.get(container_id)
        return found if found and found.account == account.name else None

    def create(self, account: DeclaredAccount, ask: Ask, params: Mapping[str, Any], version: str) -> dict[str, Any]:
        """`POST /{ig}/media`. The answer is the container's id, and for a resumable upload where to send the file."""
        if unknown := set(params) - TAKES:
            raise invalid(f"Param {min(unknown)} is not valid for this edge")
        kind = str(params.get("media_type") or "").upper()
        if kind not in TYPES:
            raise refusal(2207023)
        caption = str(params.get("caption") or "")
        _check_caption(caption)
        made = self._new(account, kind, caption, str(params.get("is_carousel_item", "")).lower() == "true")
        if kind == "CAROUSEL":
            made.media = self._joined(account, params)
        elif params.get("upload_type") == "resumable":
            made.awaits_upload = True
        else:
            self._fetch(account, made, ask, params)
        self._made[made.container_id] = made
        if not made.awaits_upload:
            return {"id": made.container_id}
        address = f"{ask.base}/instagram/ig-api-upload/{version}/{made.container_id}"
        return {"id": made.container_id, "uri": address}

    def receive(self, account: DeclaredAccount, container_id: str, ask: Ask) -> dict[str, Any]:
        """`POST` to the upload address: the whole file. A file that is no video ends in ERROR, not here."""
        found = self.find(account, container_id)
        if found is None or not found.awaits_upload:
            raise UploadError("NotFoundError", "There is no such upload", status=404)
        content, _ = received(ask)
        mime = kind_of(content) or ""
        found.awaits_upload, found.asks_left = False, ASKS
        if not mime.startswith("video/"):
            found.error = 2207026
        else:
            self._store(account, found, mime, content)
        return {"success": True, "message": "Upload successful."}

    def asked(self, found: Container) -> dict[str, Any]:
        """`GET /{container}`: every asking brings a video nearer to being ready."""
        status = found.status(self._sandbox.clock.now())
        if status == "IN_PROGRESS" and not found.awaits_upload:
            found.asks_left -= 1
        words = {
            "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
            "ERROR": f"Error: {found.error}",
        }
        return {"status_code": status, "status": words.get(status, status.title()), "id": found.container_id}

    def ready(self, account: DeclaredAccount, container_id: str) -> Container:
        """One that can be published now; refused in Instagram's words where it cannot."""
        found = self.find(account, container_id)
        if found is None or found.is_item:
            raise refusal(2207006)
        match found.status(self._sandbox.clock.now()):
            case "FINISHED":
                return found
            case "EXPIRED":
                raise refusal(2207020)
            case "IN_PROGRESS":
                raise refusal(2207027)
            case "PUBLISHED":
                # What Instagram says then is not documented; refused for certain is that it goes out twice.
                raise invalid("The media was published before")
        raise refusal(found.error)

    def _new(self, account: DeclaredAccount, kind: str, caption: str, is_item: bool) -> Container:
        now = self._sandbox.clock.now()
        container_id = digits(17, self._sandbox.seed, account.key, "container", now.isoformat(), len(self._made))
        return Container(container_id, account.name, kind or "IMAGE", caption, now, is_item)

    def _joined(self, account: DeclaredAccount, params: Mapping[str, Any]) -> tuple[str, ...]:
        given = params.get("children") or ""
        ids = [c.strip(' "') for c in given.strip("[]").split(",")] if isinstance(given, str) else list(given)
        items = [self.find(account, str(item)) for item in ids if item]
        if not 2 <= len(items) <= 10:
            raise refusal(2207028)
        now = self._sandbox.clock.now()
        if any(item is None or not item.is_item for item in items):
            raise refusal(2207006)
        if any(item.status(now) != "FINISHED" for item in items if item):
            raise refusal(2207027)
        return tuple(media for item in items if item for media in item.media)

    def _fetch(self, account: DeclaredAccount, made: Container, ask: Ask, params: Mapping[str, Any]) -> None:
        image, video = str(params.get("image_url") or ""), str(params.get("video_url") or "")
        if (
            bool(image) == bool(video)
            or (image and made.kind in ("VIDEO", "REELS"))
            or (video and made.kind == "IMAGE")
        ):
            raise GraphError("(#100) The parameter image_url or video_url is required for this media_type", 100)
        content, source = self._content(image or video, ask.base)
        if image:
            _check_image(content, made.kind)
        made.asks_left = ASKS if video else 0
        mime = (kind_of(content) if content else None) or ("video/mp4" if video else "image/jpeg")
        if video and not mime.startswith("video/"):
            made.error = 2207026
            return
        self._store(
            account, made, mime, content[:BEGINNING] if video else content, source, str(params.get("alt_text") or "")
        )

    def _content(self, address: str, base: str) -> tuple[bytes, str]:
        """What lies there: a file of this sandbox's own `/media/`; a public address is taken at its word."""
        file = file_at(self._sandbox, address, base)
        if file is not None:
            with file.open("rb") as opened:
                return opened.read(MOST_IMAGE_BYTES + 1), address
        url = urlsplit(address)
        if url.scheme not in ("http", "https") or not _public(url.hostname or ""):
            raise refusal(2207052)
        return b"", address

    def _store(
        self, account: DeclaredAccount, made: Container, mime: str, content: bytes, source: str = "", alt: str = ""
    ) -> None:
        now = self._sandbox.clock.now()
        media = StoredMedia(f"{made.container_id}0", "instagram", account.name, mime, content, now, alt, source)
        self._sandbox.commit(media_event(media))
        made.media = (media.media_id,)


def _check_caption(caption: str) -> None:
    if len(caption.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        raise refusal(2207010)
    if sum(word.startswith("@") for word in caption.split()) > MOST_MENTIONS:
        raise refusal(2207040)


def _check_image(content: bytes, kind: str) -> None:
    if not content:
        return
    if len(content) > MOST_IMAGE_BYTES:
        raise refusal(2207004)
    if kind_of(content) != "image/jpeg":
        raise refusal(2207005)
    width, height = size_of(content)
    if kind != "STORIES" and height and not 0.79 <= width / height <= 1.92:
        raise refusal(2207009)


def _public(host: str) -> bool:
    """Whether Instagram's servers could reach `host`; loopback and private addresses they cannot."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))
