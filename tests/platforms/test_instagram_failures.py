"""Every row of Instagram's table of refusals, each with an answer that is told by it and by no other."""

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, Retired, TryLater
from platforms.instagram.failures import TABLE, explain, facts, of_container
from platforms.transport.failures import TooMuchAsked
from platforms.transport.meta import Gone

CASES = [
    ({"code": 4, "error_subcode": 2207051}, OutcomeUnknown),
    ({"code": 9, "error_subcode": 2207042}, TryLater),
    ({"code": 9007, "error_subcode": 2207027}, TryLater),
    ({"code": -2, "error_subcode": 2207020}, TryLater),
    ({"code": 24, "error_subcode": 2207008}, TryLater),
    ({"code": 24, "error_subcode": 2207006}, TryLater),
    ({"code": -2, "error_subcode": 2207003}, TryLater),
    ({"code": -1, "error_subcode": 2207032}, TryLater),
    ({"code": -1, "error_subcode": 2207053}, TryLater),
    ({"code": -1, "error_subcode": 2207001}, OutcomeUnknown),
    ({"code": 9004, "error_subcode": 2207052}, Refused),
    ({"code": 25, "error_subcode": 2207050}, Refused),
    ({"code": 36000, "error_subcode": 2207004}, Refused),
    ({"code": 36001, "error_subcode": 2207005}, Refused),
    ({"code": 36003, "error_subcode": 2207009}, Refused),
    ({"code": 36004, "error_subcode": 2207010}, Refused),
    ({"code": 100, "error_subcode": 2207040}, Refused),
    ({"code": 100, "error_subcode": 2207028}, Refused),
    ({"code": 100, "error_subcode": 2207023}, Refused),
    ({"code": 352, "error_subcode": 2207026}, Refused),
    ({"code": 1, "error_subcode": 2207057}, Refused),
    ({"code": 100, "message": "(#100) The value must be a valid insights metric"}, Retired),
    ({"code": 1, "message": "Please reduce the amount of data you're asking for"}, TooMuchAsked),
    ({"code": 200, "error_subcode": 1404078}, Refused),
    ({"code": 368}, Refused),
    ({"code": 2, "message": "An unexpected error has occurred"}, OutcomeUnknown),
    ({"code": 4, "message": "Application request limit reached"}, TryLater),
    ({"code": 17}, TryLater),
    ({"code": 32}, TryLater),
    ({"code": 613}, TryLater),
    ({"code": 80002}, TryLater),
    ({"code": 190, "error_subcode": 460}, CredentialsDead),
    ({"code": 10}, Refused),
    ({"code": 200}, Refused),
    ({"code": 100, "error_subcode": 33}, Gone),
    ({"code": 803, "message": "Some of the aliases you requested do not exist: 17"}, Gone),
    ({"code": 100, "message": "Invalid parameter"}, Refused),
]  # fmt: skip
UPLOADS = [
    ({"type": "NotAuthorizedError", "retriable": False}, CredentialsDead),
    ({"type": "PartialRequestError", "retriable": False}, TryLater),
    ({"type": "ServiceUnavailable", "retriable": True}, TryLater),
    ({"type": "ProcessingFailedError", "retriable": False}, Refused),
]


@pytest.mark.parametrize(("error", "kind"), CASES)
def test_a_refusal_is_told_by_its_subcode_or_code(answer_of, error, kind) -> None:
    failure = explain(answer_of({"error": {"message": "said so", "type": "OAuthException", **error}}))
    assert type(failure) is kind
    assert str(failure).startswith("acct: could not publish post p1. ")
    assert error.get("message", "said so").rstrip(".") in str(failure)


def test_every_row_is_shown_by_a_case(answer_of) -> None:
    shown = [facts(answer_of({"error": error})) for error, _ in CASES] + [facts(answer_of({}, 401))]
    shown += [facts(answer_of({"debug_info": error})) for error, _ in UPLOADS]
    first_rows = {TABLE.index(next(row for row in TABLE if row.fits(fact))) for fact in shown}
    assert [row.sentence for n, row in enumerate(TABLE) if n not in first_rows] == []


@pytest.mark.parametrize(("error", "kind"), UPLOADS)
def test_the_upload_server_refuses_in_its_own_shape(answer_of, error, kind) -> None:
    assert type(explain(answer_of({"debug_info": {"message": "no", **error}}))) is kind


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("Error: Media upload has failed with error code 2207026", Refused, "The video cannot be read"),
        ("Error: 2207053", TryLater, "could not take the media this time"),
        ("Error: 2207001", TryLater, "out of order"),
        ("Error: something new", Refused, "something new"),
    ],
)
def test_a_container_tells_why_it_failed_and_nothing_is_out(answer_of, status, kind, words) -> None:
    failure = of_container(answer_of({"status_code": "ERROR", "status": status}, 200))
    assert type(failure) is kind
    assert words in str(failure)
