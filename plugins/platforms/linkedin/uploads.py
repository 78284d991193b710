"""Sends images and videos to LinkedIn. What is uploaded and not used harms nobody, so all of it may be done again.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api and videos-api, read on 2026-11-24
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from include.domain.errors import Refused, TryLater, Unfinished
from include.domain.posts import Media
from platforms.linkedin import wording
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.pieces import Piece
from platforms.transport.session import Session

PROCESSING_ASKS = 20  # how often to ask for a video before the task gives its slot back
ASK_EVERY_S = 3.0
RAW = {"Content-Type": "application/octet-stream"}


class Uploads:
    """Uploads of one post for `owner` (the URN of an organization) over `session`. `earlier` are the URNs that a try
    before this one left; `sent` those that there are now."""

    def __init__(
        self, session: Session, owner: str, pause: Callable[[float], None], earlier: Sequence[str] = ()
    ) -> None:
        self._session, self._owner, self._pause, self._earlier = session, owner, pause, earlier
        self.sent: list[str] = []

    def send(self, media: Media, doing: str) -> None:
        """The next one of the post, once LinkedIn can show it. Raises Unfinished where LinkedIn is still at work on
        it: it is asked for again, by its URN, and not sent again."""
        known = self._earlier[len(self.sent)] if len(self.sent) < len(self._earlier) else ""
        if not (known and self._is_there(known, media, doing)):
            known = self._send(media, doing)
        self.sent.append(known)
        if media.is_video:
            self._wait_until_shown(known, doing)

    def _send(self, media: Media, doing: str) -> str:
        account = self._session.access.account
        with opened(media, most_bytes=wording.most_bytes(media), account=account) as file:
            return self._video(file, doing) if media.is_video else self._image(file, doing)

    def _is_there(self, urn: str, media: Media, doing: str) -> bool:
        """Whether LinkedIn still has what was uploaded."""
        try:
            self._session.read(f"rest/{'videos' if media.is_video else 'images'}/{quote(urn, safe='')}", doing=doing)
        except Refused:
            return False
        return True

    def _image(self, file: BinaryIO, doing: str) -> str:
        value = self._begin("images", {}, doing)
        self._put(self._told(value, "uploadUrl", doing), file, doing)
        return self._told(value, "image", doing)

    def _video(self, file: BinaryIO, doing: str) -> str:
        """In the parts that LinkedIn asks for (4 MiB), one after the other; however big it wants them, none is whole in
        memory."""
        size = file.seek(0, 2)
        asked = {"fileSizeBytes": size, "uploadCaptions": False, "uploadThumbnail": False}
        value = self._begin("videos", asked, doing)
        etags = []
        for part in value.get("uploadInstructions") or ():
            piece = Piece(file, int(part["firstByte"]), min(int(part["lastByte"]) + 1, size))
            etags.append(self._told(self._put(part["uploadUrl"], piece, doing).headers, "ETag", doing).strip('"'))
        urn = self._told(value, "video", doing)
        named = {"video": urn, "uploadToken": value.get("uploadToken") or "", "uploadedPartIds": etags}
        self._act("videos", "finalizeUpload", {"finalizeUploadRequest": named}, doing)
        return urn

    def _begin(self, kind: str, more: Mapping[str, Any], doing: str) -> Mapping[str, Any]:
        asked = {"initializeUploadRequest": {"owner": self._owner, **more}}
        answer = self._act(kind, "initializeUpload", asked, doing)
        value = answer.data.get("value") if isinstance(answer.data, dict) else None
        if not isinstance(value, dict):
            raise self._late(doing, "LinkedIn gave no address for it")
        return value

    def _act(self, kind: str, action: str, asked: Mapping[str, Any], doing: str) -> Answer:
        return self._session.upload(f"rest/{kind}", params={"action": action}, json=asked, doing=doing)

    def _put(self, where: str, content: Any, doing: str) -> Answer:
        """The token goes along to LinkedIn's own hosts: images-api shows it, and nobody else may have it."""
        url = urlsplit(where)
        theirs = url.scheme == "https" and (url.hostname or "").endswith(".linkedin.com")
        signed = True if theirs else None
        return self._session.upload(where, method="PUT", data=content, headers=RAW, signed=signed, doing=doing)

    def _wait_until_shown(self, urn: str, doing: str) -> None:
        for _ in range(PROCESSING_ASKS):
            answer = self._session.read(f"rest/videos/{quote(urn, safe='')}", doing=doing)
            state = answer.data.get("status") if isinstance(answer.data, dict) else None
            if state == "AVAILABLE":
                return
            if state == "PROCESSING_FAILED":
                account = self._session.access.account
                said = f"{account}: could not {doing}. LinkedIn cannot process the file; save it anew as MP4."
                raise Refused(said, account=account)
            self._pause(ASK_EVERY_S)
        account = self._session.access.account
        said = f"{account}: could not {doing}. LinkedIn is still processing the file."
        raise Unfinished(said, {"media": list(self.sent)}, wait_s=60, account=account)

    def _told(self, told: Mapping[str, Any], name: str, doing: str) -> str:
        if not told.get(name):
            raise self._late(doing, f"LinkedIn gave no {name} for it")
        return str(told[name])

    def _late(self, doing: str, why: str) -> TryLater:
        account = self._session.access.account
        return TryLater(f"{account}: could not {doing}. {why}.", wait_s=60, account=account)
