"""What XRPC's refusals mean: `{"error": name, "message": words}` with a status.

https://atproto.com/specs/xrpc, the lexicons' own lists of errors, and bluesky-social/atproto packages/pds. An expired
token is a 400, not a 401.
"""

import time
from typing import Any

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.failures import Answer, Row, explain_by


class TokenStale(CredentialsDead):
    """The access token is over. Nothing was done; with a new one the same call may pass."""


class Absent(Refused):
    """There is no such record."""


class NoSuchHandle(Refused):
    """Nobody has that handle."""


class AlreadyUploaded(Refused):
    """The video service has that video; `job` is the job that made it."""

    job: dict[str, Any]


_RENEW = "The app password is not accepted. Make a new one in Bluesky's settings and give it to the connection."

TABLE = (
    Row({"error": "ExpiredToken"}, TokenStale, "The session is over; sign in again."),
    Row({"error": "InvalidToken"}, TokenStale, "The session is not accepted; sign in again."),
    Row({"error": "AuthFactorTokenRequired"}, CredentialsDead, "The account wants a code: use an app password."),
    Row({"error": "AccountTakedown"}, CredentialsDead, "The account was taken down; a person must write to Bluesky."),
    Row({"error": "AccountDeactivated"}, CredentialsDead, "The account is deactivated; a person must activate it."),
    Row({"error": "AuthMissing"}, CredentialsDead, _RENEW),
    Row({"error": "AuthenticationRequired"}, CredentialsDead, _RENEW),
    Row({"error": "RecordNotFound"}, Absent, "It is not there."),
    Row({"status": 400, "message": "Could not locate record"}, Absent, "It is not there."),
    Row({"message": "Unable to resolve handle"}, NoSuchHandle, "Nobody has that handle."),
    Row({"error": "HandleNotFound"}, NoSuchHandle, "Nobody has that handle."),
    Row({"error": "already_exists"}, AlreadyUploaded, "Bluesky has that video already."),
    Row({"error": "BlobNotFound"}, TryLater, "The upload is gone; it is uploaded again.", wait_s=5),
    Row({"message": "Could not find blob"}, TryLater, "The upload is gone; it is uploaded again.", wait_s=5),
    Row({"error": "BlobTooLarge"}, Refused, "The file is too big for Bluesky; make it smaller."),
    Row({"error": "VideoTooLarge"}, Refused, "The video is too big for Bluesky; make it smaller."),
    Row({"status": 413}, Refused, "The file is too big for Bluesky; make it smaller."),
    Row({"error": "InvalidMimeType"}, Refused, "Bluesky does not take that kind of file; save it as JPEG, PNG or MP4."),
    Row({"error": "UnsupportedContentType"}, Refused, "Bluesky does not take that kind of video; save it as MP4."),
    Row({"error": "DailyLimitExceeded"}, TryLater, "The day's videos are used up; it waits.", wait_s=3600),
    Row({"error": "UploadForbidden"}, Refused, "The account may not upload video; confirm its e-mail address."),
    Row({"error": "InvalidSwap"}, TryLater, "Somebody changed it at this moment; it is tried again.", wait_s=5),
    Row({"error": "ConcurrentWrites"}, TryLater, "Another write was under way; it is tried again.", wait_s=5),
    Row({"error": "ServiceOverloaded"}, TryLater, "The video service is busy; it is tried again.", wait_s=60),
    Row({"error": "RateLimitExceeded"}, TryLater, "The limit of calls is reached; it is tried again.", wait_s=300),
    Row({"status": 429}, TryLater, "The limit of calls is reached; it is tried again.", wait_s=300),
    Row({"status": 401}, CredentialsDead, _RENEW),
    Row({"status": 403}, Refused, "Bluesky forbids it; look at what it said."),
    Row({"error": "InvalidRequest"}, Refused, "Bluesky does not accept the post or a parameter."),
    Row({"status": {500, 502, 503, 504}}, OutcomeUnknown, "Bluesky is out of order for a moment."),
)


def explain(answer: Answer) -> PlatformError:
    """The error that `answer` is; a throttle waits until the time in `ratelimit-reset`."""
    reset = answer.headers.get("ratelimit-reset", "")
    until_reset = max(float(reset) - time.time(), 1.0) if reset.isdigit() and answer.status == 429 else None
    error = explain_by(TABLE, answer, facts(answer), until_reset)
    if isinstance(error, AlreadyUploaded):
        error.job = answer.data
    return error


def facts(answer: Answer) -> dict[str, Any]:
    """status, error, message."""
    said = answer.data if isinstance(answer.data, dict) else {}
    error = str(said.get("error") or "")
    return {"status": answer.status, "error": error, "message": str(said.get("message") or error)}
