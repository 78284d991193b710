"""Every try is kept: what was begun, how it ended, and nothing that is secret."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from include.domain import CredentialsDead, OutcomeUnknown, Refused, TryLater
from include.publishing.reconcile import reconcile
from include.warehouse.tables import publication_attempt


def attempts(desk: Any) -> list[Any]:
    with desk.engine.connect() as connection:
        return list(connection.execute(select(publication_attempt).order_by(publication_attempt.c.attempt_id)))


def test_a_post_that_goes_out_leaves_two_tries(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.send(post, desk.claim_one())
    prepared, published = attempts(desk)
    assert (prepared.step, prepared.outcome, prepared.account) == ("prepare", "media_ready", "x_aurora")
    assert (published.step, published.outcome, published.words) == ("publish", "live", "Live at https://wall.example/1")
    assert len(published.request_digest) == 64
    assert published.begun_at == published.ended_at == desk.now


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TryLater("Slow down.", wait_s=1, status=429), "due"),
        (Refused("Too long.", status=400), "refused"),
        (CredentialsDead("No token.", status=401), "held"),
        (OutcomeUnknown("No answer.", status=502), "unknown"),
    ],
    ids=repr,
)
def test_a_failure_is_kept_with_its_status_and_its_sentence(desk: Any, error: Any, outcome: str) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails = [error]
    desk.send(post, desk.claim_one())
    last = attempts(desk)[-1]
    assert (last.step, last.outcome, last.status, last.words) == ("publish", outcome, error.status, str(error))


def test_the_same_request_has_the_same_digest_and_another_text_another(desk: Any) -> None:
    post, edited = desk.post(), desk.post(text="Buonasera")
    for _ in range(2):
        desk.wall.publish_fails.append(TryLater("Slow down.", wait_s=0))
    for text in (post, post, edited):
        desk.plan(text)
        desk.send(text, desk.claim_one())
    first, second, third = [each.request_digest for each in attempts(desk) if each.step == "publish"]
    assert first == second
    assert second != third


def test_a_process_that_is_killed_leaves_a_try_without_an_end(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    seen = []
    desk.wall.meanwhile = lambda: seen.extend(attempts(desk))  # what another process sees while the call runs
    desk.send(post, desk.claim_one())
    assert [(each.step, each.ended_at) for each in seen[-1:]] == [("publish", None)]


def test_looking_up_is_a_try_too(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails, desk.wall.find_fails = [OutcomeUnknown("no answer")], [TryLater("Slow down.", wait_s=1)]
    desk.send(post, desk.claim_one())
    for _ in range(2):
        ask = {"find_delay": lambda _: timedelta(0), "by": "reconcile", "clock": lambda: desk.now}
        reconcile(desk.engine, lambda _: desk.wall, **ask)
    assert [(each.step, each.outcome) for each in attempts(desk)[2:]] == [("find", "unknown"), ("find", "due")]
