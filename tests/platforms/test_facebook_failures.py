"""Every row of Facebook's table of refusals, each with an answer that is told by it and by no other."""

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, Retired, TryLater
from platforms.facebook.failures import TABLE, explain, facts
from platforms.transport.failures import Duplicate, TooMuchAsked
from platforms.transport.meta import Gone

CASES = [
    ({"code": 100, "message": "(#100) The value must be a valid insights metric"}, Retired),
    ({"code": 1, "message": "Please reduce the amount of data you're asking for"}, TooMuchAsked),
    ({"code": 368, "error_subcode": 1390008}, TryLater),
    ({"code": 100, "error_subcode": 1366051}, Duplicate),
    ({"code": 324, "error_subcode": 1366046}, Refused),
    ({"code": 368, "error_subcode": 1346003}, Refused),
    ({"code": 200, "error_subcode": 1404078}, Refused),
    ({"code": 100, "error_subcode": 1609008}, Refused),
    ({"code": 2, "error_subcode": 1363047}, OutcomeUnknown),
    ({"code": 506, "message": "Duplicate status message"}, Duplicate),
    ({"code": 1609005}, Refused),
    ({"code": 368}, Refused),
    ({"code": 1, "message": "An unknown error occurred"}, OutcomeUnknown),
    ({"code": 4, "message": "Application request limit reached"}, TryLater),
    ({"code": 17}, TryLater),
    ({"code": 32}, TryLater),
    ({"code": 613}, TryLater),
    ({"code": 80001}, TryLater),
    ({"code": 190, "error_subcode": 460}, CredentialsDead),
    ({"code": 10}, Refused),
    ({"code": 200}, Refused),
    ({"code": 6000, "message": "There was a problem uploading your video file"}, Refused),
    ({"code": 100, "error_subcode": 33}, Gone),
    ({"code": 803, "message": "Some of the aliases you requested do not exist: 17"}, Gone),
    ({"code": 100, "message": "Invalid parameter"}, Refused),
]  # fmt: skip


UPLOADS = [
    ({"type": "NotAuthorizedError", "message": "User not authorized", "retriable": False}, CredentialsDead),
    ({"type": "PartialRequestError", "message": "Partial request", "retriable": False}, TryLater),
    ({"type": "ServiceUnavailable", "message": "Busy", "retriable": True}, TryLater),
    ({"type": "ProcessingFailedError", "message": "Request processing failed", "retriable": False}, Refused),
]


@pytest.mark.parametrize(("error", "kind"), CASES)
def test_a_refusal_is_told_by_its_code(answer_of, error, kind) -> None:
    failure = explain(answer_of({"error": {"message": "said so", "type": "OAuthException", **error}}))
    assert type(failure) is kind
    assert str(failure).startswith("acct: could not publish post p1. ")
    assert error.get("message", "said so").rstrip(".") in str(failure)
    assert failure.account == "acct"


def test_every_row_is_shown_by_a_case(answer_of) -> None:
    shown = [facts(answer_of({"error": error})) for error, _ in CASES] + [facts(answer_of({}, 401))]
    shown += [facts(answer_of({"debug_info": error})) for error, _ in UPLOADS]
    first_rows = {TABLE.index(next(row for row in TABLE if row.fits(fact))) for fact in shown}
    assert [row.sentence for n, row in enumerate(TABLE) if n not in first_rows] == []


@pytest.mark.parametrize(("error", "kind"), UPLOADS)
def test_the_upload_server_refuses_in_its_own_shape(answer_of, error, kind) -> None:
    failure = explain(answer_of({"debug_info": error}))
    assert type(failure) is kind
    assert error["message"] in str(failure)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, CredentialsDead), (404, Refused), (429, TryLater), (500, OutcomeUnknown), (302, Refused)],
)
def test_an_answer_that_is_not_graphs_is_told_by_its_status(answer_of, status, kind) -> None:
    assert type(explain(answer_of("<html>", status))) is kind


def test_a_throttle_waits_as_long_as_the_usage_header_says(answer_of) -> None:
    usage = '{"17":[{"type":"pages","call_count":101,"estimated_time_to_regain_access":7}]}'
    failure = explain(answer_of({"error": {"code": 80001}}, headers={"X-Business-Use-Case-Usage": usage}))
    assert failure.wait_s == 420


def test_the_retired_metric_is_named_where_facebook_names_it(answer_of) -> None:
    message = "(#100) page_impressions must be a valid insights metric"
    assert explain(answer_of({"error": {"code": 100, "message": message}})).metric == "page_impressions"
