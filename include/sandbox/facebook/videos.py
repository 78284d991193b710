"""Videos of a Page: start, transfer, finish on `/videos`; start, one stream, finish for reels and stories.

Phases from the contract (Page: videos, video_reels, video_stories; VideoStatus); answers from
developers.facebook.com/documentation/video-api/guides/reels-publishing and /docs/page-stories-api. A finished video is
worked on for a moment, and only then in the lists; until then each asking shows it one step further: in the queue,
worked on, waiting to be published. Uploads under way are forgotten by a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from include.sandbox.asking import Ask
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen
from include.sandbox.facebook.moments import written
from include.sandbox.facebook.publishing import publish
from include.sandbox.facebook.stories import story
from include.sandbox.facebook.uploads import BEGINNING, UploadError, received
from include.sandbox.images import kind_of
from include.sandbox.posts import StoredMedia
from include.sandbox.state import Sandbox, media_event

PIECE = 1_048_576
WORKED_ON = timedelta(seconds=1)
STEPS = (("not_started", "not_started"), ("in_progress", "not_started"), ("complete", "not_started"))
"""Processing and publishing, from the finish until the video is out."""
FEED_TAKES = {
    "start": {"file_size"},
    "transfer": {"upload_session_id", "start_offset"},
    "finish": {"upload_session_id", "description", "title", "published"},
}
STREAM_TAKES = {"start": {"file_size"}, "finish": {"video_id", "video_state", "description", "title"}}
DEFAULT = (Field("description", {}), Field("updated_time", {}), Field("id", {}))


@dataclass(slots=True)
class Upload:
    """A video on its way: `came` bytes of `size` (0 where it was not told), its first ones, its post once finished."""

    account: str
    video_id: str
    edge: str
    size: int = 0
    came: int = 0
    start: bytes = b""
    post_id: str = ""
    done_at: datetime | None = None
    asks: int = 0


class Videos:
    """The uploads of all Pages, by video id; a feed video's session has the id with a 1 before it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._uploads: dict[str, Upload] = {}

    def knows(self, account: DeclaredAccount, video_id: str) -> bool:
        upload = self._uploads.get(video_id)
        return upload is not None and upload.account == account.name

    def post_of(self, video_id: str) -> str:
        return self._uploads[video_id].post_id

    def feed(self, account: DeclaredAccount, ask: Ask, params: Mapping[str, Any]) -> dict[str, Any]:
        """`POST /{page}/videos`: one of its three phases."""
        match _phase(params, FEED_TAKES):
            case "start":
                upload = self._start(account, "videos", int(str(params.get("file_size") or 0)))
                return {"upload_session_id": f"1{upload.video_id}", "video_id": upload.video_id, **_offsets(upload)}
            case "transfer":
                return self._transfer(self._of_session(account, params), ask, params)
            case _:
                return self._finish(account, self._of_session(account, params), params)

    def by_stream(
        self, account: DeclaredAccount, edge: str, params: Mapping[str, Any], root: str, version: str
    ) -> dict[str, Any]:
        """`POST /{page}/video_reels` and `/video_stories`: the first and the last phase."""
        if _phase(params, STREAM_TAKES) == "start":
            upload = self._start(account, edge, 0)
            address = f"{root.rpartition('/')[0]}/video-upload/{version}/{upload.video_id}"
            return {"video_id": upload.video_id, "upload_url": address}
        if str(params.get("video_state", "PUBLISHED")) != "PUBLISHED":
            raise invalid("The sandbox publishes at once: video_state must be PUBLISHED")
        found = self._uploads.get(str(params.get("video_id")))
        if found is None or found.account != account.name or found.edge != edge:
            raise invalid("Param video_id does not name a video of this Page")
        return self._finish(account, found, params)

    def receive(self, account: DeclaredAccount, video_id: str, ask: Ask) -> dict[str, Any]:
        """`POST` to the upload address: the whole file."""
        if not self.knows(account, video_id):
            raise UploadError("NotFoundError", "There is no such upload", status=404)
        upload = self._uploads[video_id]
        upload.start, upload.size = received(ask)
        upload.came = upload.size
        return {"success": True}

    def shown(self, video_id: str, fields: tuple[Field, ...]) -> dict[str, Any]:
        """`GET /{video}`."""
        upload = self._uploads[video_id]
        ready = upload.done_at is not None and upload.done_at <= self._sandbox.clock.now()
        post = self._sandbox.posts.find("facebook", upload.post_id)
        account = next(a for a in self._sandbox.accounts("facebook") if a.name == upload.account)
        status = _status(upload, ready)
        upload.asks += upload.done_at is not None
        plain = {
            "id": video_id,
            "description": post.text if post else None,
            "created_time": written(post.created_at) if post else None,
            "updated_time": written(post.created_at) if post else None,
            "from": {"name": account.title, "id": account.native_id},
            "published": ready,
            "post_id": upload.post_id.partition("_")[2] if ready else None,
            "permalink_url": urlsplit(post.url).path if post else None,
            "status": status,
        }
        return chosen("Video", fields or DEFAULT, lambda field: plain.get(field.name, UNKNOWN))

    def _start(self, account: DeclaredAccount, edge: str, size: int) -> Upload:
        now = self._sandbox.clock.now().isoformat()
        video_id = digits(16, self._sandbox.seed, account.key, edge, now, len(self._uploads))
        self._uploads[video_id] = Upload(account.name, video_id, edge, size)
        return self._uploads[video_id]

    def _of_session(self, account: DeclaredAccount, params: Mapping[str, Any]) -> Upload:
        upload = self._uploads.get(str(params.get("upload_session_id", ""))[1:])
        if upload is None or upload.account != account.name:
            raise invalid("Invalid upload session", subcode=1363026)
        return upload

    def _transfer(self, upload: Upload, ask: Ask, params: Mapping[str, Any]) -> dict[str, Any]:
        piece = ask.files.get("video_file_chunk")
        if piece is None or str(params.get("start_offset")) != str(upload.came):
            raise GraphError("(#6001) The offset of the piece is not the one asked for", 6001, subcode=1363037)
        upload.start = (upload.start + piece.content)[:BEGINNING]
        upload.came += len(piece.content)
        return _offsets(upload)

    def _finish(self, account: DeclaredAccount, upload: Upload, params: Mapping[str, Any]) -> dict[str, Any]:
        mime = kind_of(upload.start) or ""
        if not upload.came or upload.came != upload.size or not mime.startswith("video/"):
            raise GraphError("(#6000) There was a problem uploading your video file. Please try again.", 6000)
        if upload.post_id:
            raise invalid("The video was published before")
        now = self._sandbox.clock.now()
        video = StoredMedia(upload.video_id, "facebook", account.name, mime, upload.start, now)
        self._sandbox.commit(media_event(video))
        upload.done_at = now + WORKED_ON
        if upload.edge == "video_stories":
            upload.post_id = story(self._sandbox, account, upload.video_id)
            return {"success": True, "post_id": upload.post_id}
        text, reel = str(params.get("description") or ""), upload.edge == "video_reels"
        shape = "reel" if reel else f"{account.native_id}/videos"
        url = f"https://www.facebook.com/{shape}/{upload.video_id}/"
        media = (upload.video_id,)
        upload.post_id = publish(self._sandbox, account, text, None, media, True, after=WORKED_ON, url=url)
        return {"success": True}


def _phase(params: Mapping[str, Any], takes: Mapping[str, set[str]]) -> str:
    phase = str(params.get("upload_phase", "")).lower()
    if phase not in takes:
        raise invalid(f"upload_phase must be one of the following values: {', '.join(takes)}")
    if unknown := set(params) - takes[phase] - {"upload_phase"}:
        raise invalid(f"Param {min(unknown)} is not valid for this phase")
    return phase


def _offsets(upload: Upload) -> dict[str, str]:
    return {"start_offset": str(upload.came), "end_offset": str(min(upload.came + PIECE, upload.size))}


def _status(upload: Upload, ready: bool) -> dict[str, Any]:
    came, done = upload.came > 0 and upload.came == upload.size, upload.done_at is not None
    processing, publishing = STEPS[min(upload.asks, len(STEPS) - 1) if done else 0]
    return {
        "video_status": "ready" if ready else "processing" if done else "upload_complete" if came else "uploading",
        "uploading_phase": {"status": "complete" if came else "in_progress", "bytes_transferred": upload.came},
        "processing_phase": {"status": "complete" if ready else processing},
        "publishing_phase": {"status": "complete", "publish_status": "published"} if ready else {"status": publishing},
    }
