"""A Page's videos: feed videos, reels and stories, each by its own upload flow.

Feed: start, transfer, finish on `/{page}/videos` (the contract of v25.0 has `upload_phase`; the guide of today shows
only another flow, by file handles, which needs an app's id and a user's token). Reels and stories: start, one stream to
the upload server, finish (https://developers.facebook.com/documentation/video-api/guides/reels-publishing and
https://developers.facebook.com/docs/page-stories-api, read on 2026-11-24). Only the finish is irreversible, and the
video's id is known before it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from include.domain.errors import OutcomeUnknown, PlatformError, TryLater
from include.domain.posts import Post, Receipt
from platforms.facebook import reading, wording
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.forms import form
from platforms.transport.meta import send_file, size_of, text_of
from platforms.transport.pieces import Piece
from platforms.transport.session import TRIES, Session

log = logging.getLogger(__name__)

GRAPH_HOST = "https://graph.facebook.com"
VIDEO_HOST = "https://graph-video.facebook.com"
PIECE_MIME = "application/octet-stream"
UNTIL_OUT = (1.0, 2.0, 5.0, 10.0)  # pauses between asking for a new video; longer would keep a sender from other posts


class Videos:
    """Those of one Page. `page` is its path, `v25.0/<id>`."""

    def __init__(self, session: Session, page: str, pause: Callable[[float], None]) -> None:
        self._session, self._page, self._pause = session, page, pause
        self._account, self._version = session.access.account, page.split("/", maxsplit=1)[0]

    def stage(self, post: Post) -> Mapping[str, Any]:
        """Upload, without publishing: `{"video": id}`, and the upload's `session` where finishing needs it."""
        (media,) = post.media
        doing = f"upload {media.name} for post {post.post_id}"
        edge, most = wording.video_edge(post), wording.constraints()["surfaces"]["video"]["max_bytes"]["value"]
        with opened(media, most_bytes=most, account=self._account) as file:
            if edge == "videos":
                return self._transfer(file, doing)
            answer = self._session.upload(self._uploads(edge), data={"upload_phase": "start"}, signed=True, doing=doing)
            video = self._told(answer, "video_id", doing)
            send_file(self._session, self._told(answer, "upload_url", doing), file, doing=doing)
        return {"video": video}

    def finish(self, post: Post, prepared: Mapping[str, Any]) -> Receipt:
        """The one call that publishes. Facebook says yes before it has worked on the video, and may still drop it.

        Raises OutcomeUnknown for what is not out soon: its id is known, and by that `find` decides.
        """
        edge, doing = wording.video_edge(post), f"publish post {post.post_id}"
        answer = self._session.write(self._uploads(edge), data=wording.finish(post, prepared), signed=True, doing=doing)
        if not isinstance(answer.data, dict) or answer.data.get("success") is not True:
            said = f"{self._account}: Facebook did not confirm post {post.post_id}; it will be looked up."
            raise OutcomeUnknown(said, account=self._account, status=answer.status)
        return self._once_out(post, str(prepared["video"]), doing)

    def find(self, post: Post, video: str, doing: str, *, tries: int = TRIES) -> Receipt | None:
        """By its id. Raises TryLater while Facebook is at work on it: that proves nothing."""
        asked = {"fields": reading.VIDEO_FIELDS}
        shown = self._session.read(f"{self._version}/{video}", asked, doing=doing, tries=tries).data
        state = reading.state_of_video(shown)
        if state == "working":
            said = f"{self._account}: could not {doing}. Facebook is still at work on the video {video}."
            raise TryLater(said, wait_s=60, account=self._account)
        if state != "out":
            return None
        published = reading.moment(shown["created_time"]) if shown.get("created_time") else datetime.now(UTC)
        remote_id = reading.post_of_video(shown) or video
        return Receipt(post.post_id, remote_id, reading.address_of_video(shown, video), published)

    def _transfer(self, file: BinaryIO, doing: str) -> Mapping[str, Any]:
        """Start, then piece after piece, each as large as Facebook asks for and none whole in memory."""
        path, size = self._uploads("videos"), size_of(file)
        answer = self._session.upload(
            path, data={"upload_phase": "start", "file_size": str(size)}, signed=True, doing=doing
        )
        video, upload = (self._told(answer, name, doing) for name in ("video_id", "upload_session_id"))
        start, end = self._offsets(answer, doing)
        while start < end <= size:
            fields = {"upload_phase": "transfer", "upload_session_id": upload, "start_offset": str(start)}
            piece = form(
                fields, "video_file_chunk", cast(BinaryIO, Piece(file, start, end)), filename="piece", mime=PIECE_MIME
            )
            answer = self._session.upload(path, doing=doing, signed=True, **piece)
            (start, end), before = self._offsets(answer, doing), start
            if start <= before:  # Facebook asks for the same again: without an end to it
                raise TryLater(
                    f"{self._account}: could not {doing}. A piece was lost.", wait_s=60, account=self._account
                )
        return {"video": video, "session": upload}

    def _offsets(self, answer: Answer, doing: str) -> tuple[int, int]:
        start, end = (self._told(answer, name, doing) for name in ("start_offset", "end_offset"))
        return int(start), int(end)

    def _once_out(self, post: Post, video: str, doing: str) -> Receipt:
        """Its post's id may be known a moment later still."""
        receipt, why = None, f"{self._account}: Facebook took post {post.post_id} and then gave up its video {video}."
        for seconds in (0.0, *UNTIL_OUT):
            self._pause(seconds)
            try:
                receipt = self.find(post, video, doing, tries=1) or receipt
            except PlatformError as error:
                why = str(error)
                continue
            if receipt is None or receipt.remote_id != video:
                break
        if receipt is None:
            raise OutcomeUnknown(f"{why} It will be looked up.", account=self._account)
        return replace(receipt, accepted_at=datetime.now(UTC))

    def _uploads(self, edge: str) -> str:
        """Feed videos go to a host of their own; a sandbox has one for all."""
        path, own = f"{self._page}/{edge}", self._session.access.base_url == GRAPH_HOST
        return f"{VIDEO_HOST}/{path}" if own and edge == "videos" else path

    def _told(self, answer: Answer, name: str, doing: str) -> str:
        told = text_of(answer.data, name)
        if not told:
            said = f"{self._account}: could not {doing}. The answer has no {name}."
            raise TryLater(said, wait_s=60, account=self._account)
        return told
