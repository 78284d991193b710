"""Media upload: initialize, append, finalize, status; or one shot; and the words for who cannot see it.

Paths and bodies from the contract; sizes from docs.x.com/x-api/media/quickstart/best-practices. Videos and GIFs are
processed for a few seconds after `finalize`; a chunk of 5 MB is too large for the gateway (HTTP 413).
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.images import kind_of
from include.sandbox.posts import StoredMedia
from include.sandbox.state import Sandbox, media_event
from include.sandbox.x.problems import XProblem, invalid
from include.sandbox.x.reading import PHOTO, VIDEO
from include.sandbox.x.schema import MEDIA_INITIALIZE, MEDIA_ONE_SHOT, METADATA_CREATE, problem

MOST_CHUNK = 5_000_000
MOST_BYTES = {"image/gif": 15_728_640, "video": 536_870_912, "image": 5_242_880}
EXPIRES_S = 86_400
PROCESSING_S = 2


@dataclass(slots=True)
class Upload:
    """An upload that is not finished: its promised size and type, and the segments so far."""

    account: str
    mime: str
    total: int
    segments: dict[int, bytes] = field(default_factory=dict)


class MediaDesk:
    """The uploads under way, and since when the finished ones are processed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._open: dict[str, Upload] = {}
        self._finished: dict[str, datetime] = {}

    def initialize(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        body = _fitting(ask.body, MEDIA_INITIALIZE)
        mime, total = body.get("media_type", ""), body.get("total_bytes", 0)
        if not mime or not total:
            name = "media_type" if not mime else "total_bytes"
            raise invalid(f"$.{name}: is missing but it is required", **{name: [""]})
        _check_size(mime, total)
        media_id = self._new_id(account, total)
        self._open[media_id] = Upload(account.name, mime, total)
        return {"data": self._shown(media_id, mime)}

    def append(self, account: DeclaredAccount, media_id: str, ask: Ask) -> dict[str, Any]:
        upload = self._upload(account, media_id)
        content, index = _sent(ask), str(ask.params.get("segment_index", ""))
        if not index.isdigit() or int(index) > 999:
            raise invalid("$.segment_index: must be between 0 and 999", segment_index=[index])
        if len(content) >= MOST_CHUNK:
            raise XProblem(413, "Payload Too Large", "Request Entity Too Large")
        upload.segments[int(index)] = content
        return {"data": {"expires_at": int(self._sandbox.clock.now().timestamp()) + EXPIRES_S}}

    def finalize(self, account: DeclaredAccount, media_id: str) -> dict[str, Any]:
        upload = self._upload(account, media_id)
        whole = b"".join(content for _, content in sorted(upload.segments.items()))
        if len(whole) != upload.total or sorted(upload.segments) != list(range(len(upload.segments))):
            raise invalid(
                f"Segments do not add up to provided total file size: {len(whole)} of {upload.total} bytes.",
                id=[media_id],
            )
        del self._open[media_id]
        self._store(account, media_id, upload.mime, whole)
        return {"data": {**self._shown(media_id, upload.mime), "size": len(whole), **self._processing(media_id)}}

    def one_shot(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        body = {**ask.params, **({"media": "file"} if "media" in ask.files else {})}
        _fitting(
            {k: v == "true" if k == "shared" and isinstance(v, str) else v for k, v in body.items()}, MEDIA_ONE_SHOT
        )
        content = _sent(ask)
        mime = body.get("media_type") or kind_of(content) or ""
        _check_size(mime or "image/unknown", len(content))
        media_id = self._new_id(account, len(content))
        self._store(account, media_id, mime, content)
        return {"data": {**self._shown(media_id, mime), "size": len(content)}}

    def status(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        if ask.query.get("command", "STATUS") != "STATUS":
            raise invalid("The `command` query parameter value is not one of [STATUS]", command=[ask.query["command"]])
        media_id = ask.query.get("media_id", "")
        if media_id in self._open:
            raise invalid("The upload is not finalized yet.", media_id=[media_id])
        stored = self._stored(account, media_id)
        if stored is None:
            raise invalid("The media id is not valid or has expired.", media_id=[media_id])
        processing = self._processing(media_id) or {"processing_info": {"state": "succeeded", "progress_percent": 100}}
        return {"data": {**self._shown(media_id, stored.mime), "size": len(stored.content), **processing}}

    def describe(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        """`POST /2/media/metadata`: set the alternative text."""
        body = _fitting(ask.body, METADATA_CREATE)
        stored = self._stored(account, body["id"])
        if stored is None:
            raise invalid("The media id is not valid or has expired.", id=[body["id"]])
        if not stored.mime.startswith("image/"):
            raise invalid("Alt text can be set for images and GIFs only.", id=[body["id"]])
        alt = body.get("metadata", {}).get("alt_text", {}).get("text", "")
        self._sandbox.commit({"kind": "media_alt", "platform": "x", "media_id": body["id"], "alt": alt})
        return {"data": {"id": body["id"], "associated_metadata": {"alt_text": {"text": alt}}}}

    def ready(self, account: DeclaredAccount, media_id: str) -> StoredMedia:
        """A medium that can go out with a post; one that is unknown, another's or in processing cannot."""
        stored = self._stored(account, media_id)
        if (
            stored is None
            or self._processing(media_id).get("processing_info", {}).get("state", "succeeded") != "succeeded"
        ):
            raise XProblem(400, "Bad Request", "Your media IDs are invalid.")
        return stored

    def _stored(self, account: DeclaredAccount, media_id: str) -> StoredMedia | None:
        stored = self._sandbox.posts.media("x", media_id)
        return stored if stored and stored.account == account.name else None

    def _upload(self, account: DeclaredAccount, media_id: str) -> Upload:
        upload = self._open.get(media_id)
        if upload is None or upload.account != account.name:
            raise invalid("The media id is not valid or has expired.", id=[media_id])
        return upload

    def _store(self, account: DeclaredAccount, media_id: str, mime: str, content: bytes) -> None:
        family = mime.partition("/")[0]
        if family in ("image", "video") and not (kind_of(content) or "").startswith(family):
            raise invalid(f"The file is not a valid {mime}.", media=["..."])
        now = self._sandbox.clock.now()
        self._sandbox.commit(media_event(StoredMedia(media_id, "x", account.name, mime, content, now)))
        self._finished[media_id] = now

    def _processing(self, media_id: str) -> dict[str, Any]:
        """Where a video or GIF stands; nothing for photos, which are ready at once."""
        stored, since = self._sandbox.posts.media("x", media_id), self._finished.get(media_id)
        if stored is None or not (stored.mime == "image/gif" or stored.mime.startswith("video/")):
            return {}
        passed = (self._sandbox.clock.now() - since).total_seconds() if since else PROCESSING_S
        if passed >= PROCESSING_S:
            return {"processing_info": {"state": "succeeded", "progress_percent": 100}}
        state = "in_progress" if passed > PROCESSING_S / 4 else "pending"
        percent = int(100 * passed / PROCESSING_S)
        return {"processing_info": {"state": state, "check_after_secs": 1, "progress_percent": percent}}

    def _shown(self, media_id: str, mime: str) -> dict[str, Any]:
        kind = VIDEO if mime.startswith("video/") else PHOTO
        return {"id": media_id, "media_key": f"{kind}_{media_id}", "expires_after_secs": EXPIRES_S}

    def _new_id(self, account: DeclaredAccount, size: int) -> str:
        return digits(18, self._sandbox.seed, account.key, self._sandbox.clock.now().isoformat(), size)


def _fitting(body: Any, schema: dict[str, Any]) -> dict[str, Any]:
    found = problem(body, schema)
    if found:
        raise invalid(found[1], **{found[0]: [""]})
    fitting: dict[str, Any] = body
    return fitting


def _sent(ask: Ask) -> bytes:
    """The media of a body: a multipart file, or base64 in JSON."""
    if "media" in ask.files:
        return ask.files["media"].content
    try:
        return base64.b64decode(str(ask.params["media"]), validate=True)
    except KeyError:
        raise invalid("$.media: is missing but it is required", media=[""]) from None
    except binascii.Error:
        raise invalid("$.media: is neither a file nor base64", media=["..."]) from None


def _check_size(mime: str, total: int) -> None:
    most = MOST_BYTES.get(mime) or MOST_BYTES.get(mime.split("/", maxsplit=1)[0])
    if most is not None and total > most:
        raise invalid(f"File size exceeds {most} bytes.", total_bytes=[str(total)])
