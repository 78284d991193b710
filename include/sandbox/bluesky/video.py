"""The video service: getUploadLimits, uploadVideo, getJobStatus (https://docs.bsky.app/docs/tutorials/video).

A video is worked on for two seconds, then its blob lies in the account's repository. The lexicon puts the job below
`jobStatus`, the documentation's example reads it from the answer itself; here it stands in both places.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.bluesky.failures import XrpcError, invalid
from include.sandbox.bluesky.identity import blob_cid
from include.sandbox.bluesky.repo import Repo
from include.sandbox.bluesky.sessions import VIDEO_DID, Sessions, server_did
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.images import kind_of
from include.sandbox.state import Sandbox

PROCESSING_S = 2
MOST_BYTES = 300_000_000
DAILY_VIDEOS, DAILY_BYTES = 25, 10_000_000_000


@dataclass(slots=True)
class Job:
    """A video under way."""

    job_id: str
    account: DeclaredAccount
    content: bytes
    since: datetime
    blob: dict[str, Any] | None = None


class VideoService:
    """The jobs of one sandbox, by id; the same file of the same account is the same job."""

    def __init__(self, sandbox: Sandbox, sessions: Sessions, repo: Repo) -> None:
        self._sandbox, self._sessions, self._repo = sandbox, sessions, repo
        self._jobs: dict[str, Job] = {}

    def limits(self, ask: Ask) -> dict[str, Any]:
        account = self._sessions.for_service(ask, VIDEO_DID, "app.bsky.video.getUploadLimits")
        today = [job for job in self._jobs.values() if job.account == account]
        videos, size = DAILY_VIDEOS - len(today), DAILY_BYTES - sum(len(job.content) for job in today)
        if videos <= 0:
            return {"canUpload": False, "error": "DailyLimitExceeded", "message": "Daily upload limit reached"}
        return {"canUpload": True, "remainingDailyVideos": videos, "remainingDailyBytes": size}

    def upload(self, ask: Ask) -> dict[str, Any]:
        account = self._sessions.for_service(ask, server_did(ask.base), "com.atproto.repo.uploadBlob")
        if ask.query.get("did") != account.native_id or not ask.query.get("name"):
            raise invalid("did and name are required, and the did must be the token's")
        if kind_of(ask.raw) != "video/mp4":
            raise invalid("The file is no MP4 video", "UnsupportedContentType")
        if len(ask.raw) > MOST_BYTES:
            raise XrpcError("VideoTooLarge", "The file is larger than 300 MB", 413)
        job_id = f"{account.native_id.rpartition(':')[2][:8]}{blob_cid(ask.raw)[-16:]}"
        if job_id in self._jobs:
            raise XrpcError("already_exists", "Video already processed", 409, **self._status(self._jobs[job_id]))
        self._jobs[job_id] = Job(job_id, account, ask.raw, self._sandbox.clock.now())
        return self._shown(self._jobs[job_id])

    def status(self, ask: Ask) -> dict[str, Any]:
        job = self._jobs.get(ask.query.get("jobId", ""))
        if job is None:
            raise invalid("Job not found", "JobNotFound")
        return self._shown(job)

    def _shown(self, job: Job) -> dict[str, Any]:
        return {**self._status(job), "jobStatus": self._status(job)}

    def _status(self, job: Job) -> dict[str, Any]:
        named = {"jobId": job.job_id, "did": job.account.native_id}
        passed = (self._sandbox.clock.now() - job.since).total_seconds()
        if passed < PROCESSING_S:
            state = "JOB_STATE_ENCODING" if passed > PROCESSING_S / 4 else "JOB_STATE_CREATED"
            return {**named, "state": state, "progress": int(100 * passed / PROCESSING_S)}
        job.blob = job.blob or self._repo.keep(job.account, job.content, "video/mp4")
        return {**named, "state": "JOB_STATE_COMPLETED", "progress": 100, "blob": job.blob}
