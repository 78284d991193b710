"""While somebody holds an account or a brand, nothing of it goes out and nothing of it grows late."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from include.publishing import ledger
from include.warehouse.tables import hold


def place(desk: Any, subject: str) -> None:
    with desk.engine.begin() as connection:
        connection.execute(insert(hold).values(subject=subject, why="a recall", held_by="Ada", held_at=desk.now))


def lift(desk: Any) -> None:
    with desk.engine.begin() as connection:
        connection.execute(update(hold).values(lifted_by="Ada", lifted_at=desk.now))


@pytest.mark.parametrize("subject", ["x_aurora", "aurora"])
def test_nothing_of_it_is_claimed_until_the_hold_is_lifted(desk: Any, subject: str) -> None:
    post = desk.post()
    desk.plan(post)
    place(desk, subject)
    assert desk.claim() == []
    lift(desk)
    assert desk.claim_one().post_id == post.post_id


def test_others_go_on(desk: Any) -> None:
    desk.plan(desk.post(), desk.post(account="facebook_aurora"))
    place(desk, "x_aurora")
    assert [claim.account for claim in desk.claim()] == ["facebook_aurora"]


def test_a_hold_stops_even_a_claim_that_waits_for_its_second(desk: Any) -> None:
    post = desk.post(minutes=0.5)
    desk.plan(post)
    claimed = desk.claim_one()
    ledger.media_ready(desk.engine, claimed, {}, now=desk.now)
    place(desk, "aurora")
    assert not ledger.begin_sending(desk.engine, claimed, now=desk.now)
    assert desk.state(post) == "due"
    assert desk.claim() == []


def test_what_falls_due_under_a_hold_is_late_only_when_it_is_lifted(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    place(desk, "aurora")
    desk.wait(minutes=90)
    desk.claim(grace={"x_aurora": timedelta(minutes=60)})
    assert desk.state(post) == "due"
    lift(desk)
    desk.claim(grace={"x_aurora": timedelta(minutes=60)})
    assert desk.state(post) == "held"


def test_a_thread_that_is_half_out_stops_too(desk: Any) -> None:
    post = desk.post(thread=("Two",))
    desk.plan(post)
    desk.send(post, desk.claim_one())
    place(desk, "x_aurora")
    assert desk.claim() == []
    lift(desk)
    assert desk.claim_one().part == 1
