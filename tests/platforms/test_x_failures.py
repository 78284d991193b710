"""Every row of X's table of refusals, each with an answer that is told by it and by no other."""

import time

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater
from platforms.transport.failures import Duplicate
from platforms.x.failures import TABLE, explain, facts

PROBLEM = "https://api.twitter.com/2/problems/"
CASES = [
    (
        403,
        {"detail": "You are not allowed to create a Tweet with duplicate content.", "type": "about:blank"},
        Duplicate,
    ),
    (400, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}, Duplicate),
    (403, {"title": "UsageCapExceeded", "type": f"{PROBLEM}usage-capped"}, Refused),
    (402, {"title": "CreditsDepleted"}, Refused),
    (400, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, TryLater),
    (429, {"title": "Too Many Requests", "type": "about:blank"}, TryLater),
    (403, {"title": "Unsupported Authentication", "type": f"{PROBLEM}unsupported-authentication"}, CredentialsDead),
    (401, {"title": "Unauthorized", "type": "about:blank"}, CredentialsDead),
    (400, {"errors": [{"code": 89, "message": "Invalid or expired token"}]}, CredentialsDead),
    (403, {"errors": [{"code": 326, "message": "To protect our users, this account is locked"}]}, CredentialsDead),
    (403, {"type": f"{PROBLEM}client-forbidden", "reason": "client-not-enrolled"}, Refused),
    (403, {"type": f"{PROBLEM}oauth1-permissions", "detail": "not permitted"}, Refused),
    (403, {"type": f"{PROBLEM}not-authorized-for-resource"}, Refused),
    (404, {"type": f"{PROBLEM}resource-not-found", "detail": "Could not find user"}, Refused),
    (413, {}, Refused),
    (400, {"type": f"{PROBLEM}invalid-request", "errors": [{"message": "max_results must be 5 to 100"}]}, Refused),
    (400, {"title": "Bad Request", "detail": "no"}, Refused),
    (403, {"title": "Forbidden", "detail": "You are not permitted to perform this action."}, Refused),
    (503, {"title": "Service Unavailable"}, OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "problem", "kind"), CASES)
def test_a_refusal_is_told_by_its_problem(answer_of, status, problem, kind) -> None:
    failure = explain(answer_of(problem, status))
    assert type(failure) is kind
    assert str(failure).startswith("acct: could not publish post p1. ")
    assert str(problem.get("detail", "")).rstrip(".") in str(failure)
    assert failure.status == status


def test_every_row_is_shown_by_a_case(answer_of) -> None:
    shown = [facts(answer_of(problem, status)) for status, problem, _ in CASES]
    first_rows = {TABLE.index(next(row for row in TABLE if row.fits(fact))) for fact in shown}
    assert [row.sentence for n, row in enumerate(TABLE) if n not in first_rows] == []


def test_an_answer_that_is_no_problem_is_told_by_its_status(answer_of) -> None:
    assert type(explain(answer_of("<html>", 502))) is OutcomeUnknown
    assert type(explain(answer_of("<html>", 418))) is Refused


def test_a_throttle_waits_until_the_reset(answer_of) -> None:
    reset = str(int(time.time()) + 400)
    failure = explain(answer_of({"title": "Too Many Requests"}, 429, {"x-rate-limit-reset": reset}))
    assert 390 < failure.wait_s <= 400
