"""Every row of LinkedIn's table of refusals, each with an answer that is told by it and by no other."""

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater
from platforms.linkedin import failures
from platforms.linkedin.failures import TABLE, explain, facts
from platforms.transport.failures import Duplicate

INPUT = "com.linkedin.content.common.exception.BadRequestResponseException: "
DAY = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
CASES = [
    (
        422,
        {
            "errorDetailType": "com.linkedin.common.error.BadRequest",
            "message": f"{INPUT}Content is a duplicate of urn:li:share:7141138937766391808",
            "errorDetails": {
                "inputErrors": [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
            },
            "status": 422,
        },
        Duplicate,
    ),
    (422, {"message": "Content is a duplicate of urn:li:share:7141138937766391808", "status": 422}, Duplicate),
    (
        426,
        {"status": 426, "code": "NONEXISTENT_VERSION", "message": "Requested version 20250401 is not active"},
        CredentialsDead,
    ),
    (400, {"status": 400, "code": "VERSION_MISSING", "message": "A version must be present."}, CredentialsDead),
    (401, {"message": "Empty oauth2_access_token", "serviceErrorCode": 401, "status": 401}, CredentialsDead),
    (403, {"message": "Not enough permissions to access: partnerApiPostsExternal.CREATE", "status": 403}, Refused),
    (404, {"message": "urn:li:share:1 cannot be found", "status": 404}, Refused),
    (429, {"message": DAY, "serviceErrorCode": 101, "status": 429}, TryLater),
    (429, {"message": "Too many requests", "status": 429}, TryLater),
    (409, {"message": "Retry the request.", "status": 409}, TryLater),
    (400, {"message": "Unable to obtain activity", "status": 400}, TryLater),
    (
        400,
        {
            "message": f"{INPUT}ShareCommentary text length (8694 characters) exceeded the maximum allowed (3000)",
            "errorDetails": {"inputErrors": [{"code": "FIELD_ARRAY_SIZE_TOO_HIGH", "maxLength": 3000}]},
        },
        Refused,
    ),
    (413, {}, Refused),
    (400, {"message": "Field Value validation failed in REQUEST_BODY", "status": 400}, Refused),
    (503, {"message": "Service Unavailable", "status": 503}, OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "body", "kind"), CASES)
def test_a_refusal_is_told_by_its_body(answer_of, status, body, kind) -> None:
    failure = explain(answer_of(body, status))
    assert type(failure) is kind
    assert str(failure).startswith("acct: could not publish post p1. ")
    assert str(body.get("message", "")).rstrip(".") in str(failure)
    assert failure.status == status


def test_every_row_is_shown_by_a_case(answer_of) -> None:
    shown = [facts(answer_of(body, status)) for status, body, _ in CASES]
    first_rows = {TABLE.index(next(row for row in TABLE if row.fits(fact))) for fact in shown}
    assert [row.sentence for n, row in enumerate(TABLE) if n not in first_rows] == []


@pytest.mark.parametrize("data", ["<html>", [], {"errorDetails": [], "message": None}, {"errorDetails": None}])
def test_an_answer_that_is_no_refusal_of_theirs_is_told_by_its_status(answer_of, data) -> None:
    assert type(explain(answer_of(data, 502))) is OutcomeUnknown


@pytest.mark.parametrize(
    ("message", "headers", "wait_s"),
    [
        pytest.param(DAY, {}, 6 * 3600, id="the limit of a day ends at midnight UTC"),
        pytest.param(DAY, {"Retry-After": "40"}, 40, id="a stated time goes before it"),
        pytest.param("Too many requests", {}, 900, id="LinkedIn protects its own machines"),
    ],
)
def test_a_throttle_says_until_when(answer_of, monkeypatch, message, headers, wait_s) -> None:
    evening = 1_795_456_800.0  # 2026-11-23 18:00 UTC
    monkeypatch.setattr(failures.time, "time", lambda: evening)
    assert explain(answer_of({"message": message, "status": 429}, 429, headers)).wait_s == wait_s
