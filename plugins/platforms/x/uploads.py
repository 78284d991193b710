"""Sends images, GIFs and videos to X. What is uploaded and not used harms nobody, so all of it may be done again.

https://docs.x.com/x-api/media/quickstart/media-upload-chunked, in the contract's dedicated endpoints
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from include.domain.errors import Refused, TryLater, Unfinished
from include.domain.posts import Media
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.session import Session
from platforms.x import files, wording

PIECE_BYTES = 1_000_000  # of an upload; 5 MB were refused with 413
PROCESSING_ASKS = 10  # how often to ask for a video before the task gives its slot back


class Uploads:
    """Uploads of one post over its account's `session`. A file is read piece by piece: a video need not fit into
    memory. `earlier` are the ids that a try before this one left; `sent` those that there are now."""

    def __init__(self, session: Session, pause: Callable[[float], None], earlier: Sequence[str] = ()) -> None:
        self._session, self._pause, self._earlier = session, pause, earlier
        self._account = session.access.account
        self.sent: list[str] = []

    def send(self, media: Media, doing: str) -> None:
        """The next one of the post. Raises Unfinished where X is still at work on it: it is asked for again, by its
        id, and not sent again. X takes words for images and GIFs alone."""
        known = self._earlier[len(self.sent)] if len(self.sent) < len(self._earlier) else ""
        answer = self._known(known, doing) if known else None
        if answer is None:
            known, answer = self._sent(media, doing)
        self.sent.append(known)
        self._wait_until_shown(known, answer, doing)
        if media.alt and files.media_category(media) != "tweet_video":
            words = {"id": known, "metadata": {"alt_text": {"text": media.alt}}}
            self._session.upload("2/media/metadata", json=words, doing=f"{doing}, with its words")

    def _sent(self, media: Media, doing: str) -> tuple[str, Answer]:
        """https://docs.x.com/x-api/media/quickstart/media-upload-chunked, in the contract's dedicated endpoints."""
        with opened(media, most_bytes=files.most_bytes(media, wording.media_rules()), account=self._account) as file:
            media_id = self._send_pieces(file, media, doing)
        return media_id, self._session.upload(f"2/media/upload/{media_id}/finalize", doing=doing)

    def _known(self, media_id: str, doing: str) -> Answer | None:
        """What X says of an upload; None where it has it no more."""
        try:
            return self._status(media_id, doing)
        except Refused:
            return None

    def _status(self, media_id: str, doing: str) -> Answer:
        return self._session.read("2/media/upload", {"command": "STATUS", "media_id": media_id}, doing=doing)

    def _send_pieces(self, file: BinaryIO, media: Media, doing: str) -> str:
        about = {
            "media_type": files.MEDIA_TYPES[media.suffix],
            "media_category": files.media_category(media),
            "total_bytes": file.seek(0, os.SEEK_END),
        }
        media_id = _data(self._session.upload("2/media/upload/initialize", json=about, doing=doing)).get("id")
        if not media_id:
            raise self._not_ready(doing, "X gave no id for it")
        file.seek(0)
        for number, piece in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
            part = {"media": ("piece", piece, "application/octet-stream")}
            path, which = f"2/media/upload/{media_id}/append", {"segment_index": str(number)}
            self._session.upload(path, data=which, files=part, doing=doing)
        return str(media_id)

    def _wait_until_shown(self, media_id: str, answer: Answer, doing: str) -> None:
        for _ in range(PROCESSING_ASKS):
            processing = _data(answer).get("processing_info") or {"state": "succeeded"}
            if processing.get("state") == "succeeded":
                return
            if processing.get("state") == "failed":
                said = f"{self._account}: could not {doing}. X cannot process the file; save it anew as MP4 or JPEG."
                raise Refused(said, account=self._account)
            self._pause(min(float(processing.get("check_after_secs") or 1), 5.0))
            answer = self._status(media_id, doing)
        said = f"{self._account}: could not {doing}. X is still processing the file."
        raise Unfinished(said, {"media": list(self.sent)}, wait_s=60, account=self._account)

    def _not_ready(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self._account}: could not {doing}. {why}.", wait_s=60, account=self._account)


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    return data if isinstance(data, dict) else {}
