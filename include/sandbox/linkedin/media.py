"""Images and videos: registered, sent to an upload address, and a video processed for a moment.

learn.microsoft.com/linkedin/marketing/community-management/shares/images-api and videos-api: an image is one PUT; a
video comes in parts of 4 MiB, each PUT answered with an ETag, and `finalizeUpload` names the ETags in order.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.chance import letters
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.images import kind_of, size_of
from include.sandbox.linkedin.problems import LinkedInProblem, forbidden, invalid, not_found
from include.sandbox.posts import StoredMedia
from include.sandbox.state import Sandbox, media_event

PART_BYTES = 4 * 1024 * 1024
MOST_BYTES = 500_000_000
MOST_PIXELS = 36_152_320
IMAGES = ("image/jpeg", "image/png", "image/gif")
PROCESSING_S = 1.0


@dataclass(slots=True)
class Upload:
    """What was registered and is not whole yet: its size for a video, and the parts so far with their ETags."""

    account: str
    token: str
    total: int = 0
    parts: dict[int, tuple[str, bytes]] = field(default_factory=dict)


class MediaDesk:
    """The uploads under way by their URN, and when each video was finalized."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._open: dict[str, Upload] = {}
        self._finished: dict[str, datetime] = {}

    def register_image(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        _asked(account, ask, "initializeUploadRequest")
        urn, upload = self._register("image", account)
        return {"value": {"uploadUrl": self._address(ask, urn, upload, 0), "image": urn}}

    def register_video(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        asked = _asked(account, ask, "initializeUploadRequest")
        total = asked.get("fileSizeBytes")
        if not isinstance(total, int) or not 0 < total <= MOST_BYTES:
            raise invalid("/fileSizeBytes", f"{total} is not between 1 and {MOST_BYTES}")
        urn, upload = self._register("video", account, total)
        instructions = [
            {
                "uploadUrl": self._address(ask, urn, upload, number),
                "firstByte": first,
                "lastByte": min(first + PART_BYTES, total) - 1,
            }
            for number, first in enumerate(range(0, total, PART_BYTES))
        ]
        return {"value": {"video": urn, "uploadToken": "", "uploadInstructions": instructions}}

    def put(self, token: str, number: str, ask: Ask) -> str:
        """Take the bytes of an upload address; the answer is their ETag."""
        urn = next((urn for urn, upload in self._open.items() if upload.token == token), None)
        if urn is None or not number.isdigit():
            raise not_found("The upload")
        upload, etag = self._open[urn], hashlib.sha256(ask.raw).hexdigest()[:32]
        if urn.startswith("urn:li:image:"):
            self._store(urn, upload, ask.raw)
        else:
            upload.parts[int(number)] = (etag, ask.raw)
        return etag

    def finalize(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        asked = _asked(account, ask, "finalizeUploadRequest", owned=False)
        urn, etags = str(asked.get("video")), asked.get("uploadedPartIds")
        upload = self._open.get(urn)
        if upload is None or upload.account != account.name:
            if self.stored(account, urn):
                return {}
            raise not_found(urn)
        parts = [part for _, part in sorted(upload.parts.items())]
        if etags != [etag for etag, _ in parts] or sum(len(content) for _, content in parts) != upload.total:
            raise invalid("/uploadedPartIds", "the parts are not those that were uploaded")
        self._store(urn, upload, b"".join(content for _, content in parts))
        self._finished[urn] = self._sandbox.clock.now()
        del self._open[urn]
        return {}

    def look(self, account: DeclaredAccount, urn: str) -> dict[str, Any]:
        """`GET /rest/images/{urn}` and `/rest/videos/{urn}`."""
        owner = f"urn:li:organization:{account.native_id}"
        if self.stored(account, urn) is None:
            if urn not in self._open or self._open[urn].account != account.name:
                raise not_found(urn)
            return {"id": urn, "owner": owner, "status": "WAITING_UPLOAD"}
        return {"id": urn, "owner": owner, "status": "AVAILABLE" if self._is_processed(urn) else "PROCESSING"}

    def ready(self, account: DeclaredAccount, urn: str) -> StoredMedia:
        """A medium that can go out. Stricter than LinkedIn may be: a video that is still processed is refused."""
        stored = self.stored(account, urn)
        if stored is None or not self._is_processed(urn):
            raise invalid("/content/media/id", f"{urn} is not available to the author")
        return stored

    def stored(self, account: DeclaredAccount, urn: str) -> StoredMedia | None:
        found = self._sandbox.posts.media("linkedin", urn)
        return found if found and found.account == account.name else None

    def _is_processed(self, urn: str) -> bool:
        since = self._finished.get(urn)
        return since is None or (self._sandbox.clock.now() - since).total_seconds() >= PROCESSING_S

    def _register(self, kind: str, account: DeclaredAccount, total: int = 0) -> tuple[str, Upload]:
        names = (self._sandbox.seed, account.key, self._sandbox.clock.now().isoformat(), len(self._open))
        urn = f"urn:li:{kind}:D4D{letters(16, 'urn', *names)}"
        upload = self._open[urn] = Upload(account.name, letters(24, "token", *names), total)
        return urn, upload

    def _address(self, ask: Ask, urn: str, upload: Upload, number: int) -> str:
        return f"{ask.base}/linkedin/dms-uploads/{upload.token}/{number}?ca=vector_feedshare"

    def _store(self, urn: str, upload: Upload, content: bytes) -> None:
        mime = kind_of(content) or ""
        width, height = size_of(content) if mime.startswith("image/") else (0, 0)
        fits = (
            mime in IMAGES and width * height < MOST_PIXELS if urn.startswith("urn:li:image:") else mime == "video/mp4"
        )
        if not fits:
            raise LinkedInProblem(400, f"The file is not supported: {mime or 'unknown'}, {width}x{height}")
        now = self._sandbox.clock.now()
        self._sandbox.commit(media_event(StoredMedia(urn, "linkedin", upload.account, mime, content, now)))


def _asked(account: DeclaredAccount, ask: Ask, name: str, *, owned: bool = True) -> dict[str, Any]:
    """The request inside the body; where it names an owner, that must be the account."""
    asked = ask.body.get(name) if isinstance(ask.body, dict) else None
    if not isinstance(asked, dict):
        raise invalid(f"/{name}", "field is required but not found and has no default value")
    if owned and asked.get("owner") != f"urn:li:organization:{account.native_id}":
        raise forbidden("partnerApiMedia.ACTION")
    return asked
