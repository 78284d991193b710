"""Every row of Mastodon's table, by the answer that it was made for."""

from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater
from platforms.mastodon.failures import TABLE, Gone, explain, facts

NOT_READY = "Cannot attach files that have not finished processing. Try again in a moment!"
CASES = [
    (401, "The access token is invalid", CredentialsDead, "Make a new one"),
    (403, "Your login is currently disabled", CredentialsDead, "must log in"),
    (403, "This action is outside the authorized scopes", CredentialsDead, "lacks a scope"),
    (403, "Your login is currently pending approval", CredentialsDead, "yet to approve"),
    (403, "This action is not allowed", Refused, "forbids"),
    (404, "Record not found", Gone, "not there"),
    (422, NOT_READY, TryLater, "not ready"),
    (422, "Media 17 not found or already attached to another post", TryLater, "uploaded again"),
    (422, "Validation failed: Text character limit of 500 exceeded", Refused, "too long"),
    (422, "Validation failed: File content type is invalid, File is invalid", Refused, "kind of file"),
    (422, "Validation failed: File file size must be less than 16 MB", Refused, "too big"),
    (422, "Error processing thumbnail for uploaded media", Refused, "cannot process"),
    (413, "Payload too large", Refused, "too big"),
    (422, "Validation failed: Text can't be blank", Refused, "does not accept"),
    (429, "Too many requests", TryLater, "limit of calls"),
    (503, "There was a temporary problem", OutcomeUnknown, "out of order"),
]


@pytest.mark.parametrize(("status", "words", "kind", "said"), CASES, ids=lambda v: str(v)[:40])
def test_each_refusal_is_named_by_what_to_do(answer_of, status, words, kind, said) -> None:
    error = explain(answer_of({"error": words}, status))
    assert type(error) is kind
    assert said in str(error)
    assert words.rstrip(".") in str(error)


def test_every_row_has_its_case(answer_of) -> None:
    used = [
        next(row for row in TABLE if row.fits(facts(answer_of({"error": words}, status))))
        for status, words, _, _ in CASES
    ]
    assert {id(row) for row in used} == {id(row) for row in TABLE}


@pytest.mark.parametrize("offset", ["Z", "+00:00", ""])
def test_a_throttle_waits_until_the_moment_of_the_reset(answer_of, offset) -> None:
    reset = (datetime.now(UTC) + timedelta(seconds=120)).isoformat().replace("+00:00", offset)
    error = explain(answer_of({"error": "Too many requests"}, 429, {"X-RateLimit-Reset": reset}))
    assert 100 < error.wait_s <= 120


def test_a_reset_that_is_no_moment_leaves_the_tables_own_wait(answer_of) -> None:
    assert explain(answer_of({"error": "?"}, 429, {"X-RateLimit-Reset": "soon"})).wait_s == 300
