"""Every row of Bluesky's table, by the answer that it was made for."""

import time

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater
from platforms.bluesky.failures import TABLE, Absent, AlreadyUploaded, NoSuchHandle, TokenStale, explain, facts


def xrpc(error: str, message: str = "", **more: str) -> dict[str, str]:
    return {"error": error, "message": message, **more}


CASES = [
    (400, xrpc("ExpiredToken", "Token has expired"), TokenStale, "sign in again"),
    (400, xrpc("InvalidToken", "Token could not be verified"), TokenStale, "not accepted; sign in again"),
    (401, xrpc("AuthFactorTokenRequired"), CredentialsDead, "use an app password"),
    (401, xrpc("AccountTakedown"), CredentialsDead, "taken down"),
    (401, xrpc("AccountDeactivated"), CredentialsDead, "deactivated"),
    (401, xrpc("AuthMissing", "Authentication Required"), CredentialsDead, "app password is not accepted"),
    (401, xrpc("AuthenticationRequired", "Invalid identifier or password"), CredentialsDead, "Make a new one"),
    (400, xrpc("RecordNotFound", "Could not locate record: at://a"), Absent, "not there"),
    (400, xrpc("InvalidRequest", "Could not locate record: at://a"), Absent, "not there"),
    (400, xrpc("InvalidRequest", "Unable to resolve handle"), NoSuchHandle, "Nobody has that handle"),
    (400, xrpc("HandleNotFound"), NoSuchHandle, "Nobody has that handle"),
    (409, xrpc("already_exists", "Video already processed", jobId="j"), AlreadyUploaded, "has that video already"),
    (400, xrpc("BlobNotFound", "Could not find blob: bafk"), TryLater, "uploaded again"),
    (400, xrpc("InvalidRequest", "Could not find blob: bafk"), TryLater, "uploaded again"),
    (400, xrpc("BlobTooLarge", "This file is too large."), Refused, "file is too big"),
    (400, xrpc("VideoTooLarge"), Refused, "video is too big"),
    (413, xrpc("PayloadTooLarge", "request entity too large"), Refused, "file is too big"),
    (400, xrpc("InvalidMimeType", "Wrong type of file."), Refused, "save it as JPEG, PNG or MP4"),
    (400, xrpc("UnsupportedContentType"), Refused, "save it as MP4"),
    (400, xrpc("DailyLimitExceeded"), TryLater, "day's videos are used up"),
    (403, xrpc("UploadForbidden"), Refused, "confirm its e-mail"),
    (400, xrpc("InvalidSwap", "Record was at bafy"), TryLater, "Somebody changed it"),
    (400, xrpc("ConcurrentWrites"), TryLater, "tried again"),
    (503, xrpc("ServiceOverloaded"), TryLater, "busy"),
    (429, xrpc("RateLimitExceeded", "Rate Limit Exceeded"), TryLater, "limit of calls"),
    (429, {}, TryLater, "limit of calls"),
    (401, xrpc("BadJwtAudience"), CredentialsDead, "app password"),
    (403, xrpc("Forbidden"), Refused, "forbids"),
    (400, xrpc("InvalidRequest", "Record/text must not be longer than 300 graphemes"), Refused, "300 graphemes"),
    (500, xrpc("InternalServerError", "Internal Server Error"), OutcomeUnknown, "out of order"),
]


@pytest.mark.parametrize(("status", "body", "kind", "words"), CASES, ids=lambda v: str(v)[:40])
def test_each_refusal_is_named_by_what_to_do(answer_of, status, body, kind, words) -> None:
    error = explain(answer_of(body, status))
    assert type(error) is kind
    assert words in str(error)
    assert str(error).startswith("acct: could not publish post p1. ")


def test_every_row_has_its_case(answer_of) -> None:
    used = [next(row for row in TABLE if row.fits(facts(answer_of(body, status)))) for status, body, _, _ in CASES]
    assert {id(row) for row in used} == {id(row) for row in TABLE}


def test_a_throttle_waits_until_the_reset(answer_of) -> None:
    reset = int(time.time()) + 120
    error = explain(answer_of(xrpc("RateLimitExceeded"), 429, {"ratelimit-reset": str(reset)}))
    assert 100 < error.wait_s <= 120
