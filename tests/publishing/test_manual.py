"""Posts by hand: handed over once, at their hour, and live with the link that a person gives."""

from typing import Any

import pytest
from sqlalchemy import select

from include.publishing import decisions, manual
from include.publishing.states import State
from include.warehouse.tables import publication_attempt


@pytest.fixture
def handed(desk: Any) -> Any:
    post = desk.post(account="tiktok_aurora")
    desk.plan(post)
    assert manual.hand_over(desk.engine, desk.claim_one(), now=desk.now)
    return post


def test_a_claim_is_handed_over_once(desk: Any) -> None:
    post = desk.post(account="tiktok_aurora")
    desk.plan(post)
    claim = desk.claim_one()
    assert manual.hand_over(desk.engine, claim, now=desk.now)
    assert not manual.hand_over(desk.engine, claim, now=desk.now)
    desk.wait(hours=5)
    assert desk.claim() == []
    assert desk.story(post) == ["approved", "due", "claimed", "handed_over"]
    (waiting,) = decisions.undecided(desk.engine, State.HANDED_OVER)
    assert waiting.post.post_id == post.post_id


def test_the_attempt_at_it_has_an_end(desk: Any, handed: Any) -> None:
    with desk.engine.connect() as connection:
        kept = connection.execute(select(publication_attempt.c.outcome, publication_attempt.c.ended_at)).all()
    assert kept == [("handed_over", desk.now)]


def test_it_holds_up_no_later_post_of_its_account(desk: Any, handed: Any) -> None:
    desk.plan(handed, desk.post("two", account="tiktok_aurora"))
    assert [claim.post_id for claim in desk.claim()] == ["two:tiktok_aurora"]


def test_with_its_link_it_is_live(desk: Any, handed: Any) -> None:
    manual.posted(desk.engine, handed, "https://tiktok.example/@aurora/video/77?x=1", by="marta", now=desk.now)
    row = desk.row(handed)
    assert (row.state, row.url, row.remote_id) == ("live", "https://tiktok.example/@aurora/video/77?x=1", "77")
    with pytest.raises(decisions.NotYours, match="is live"):
        manual.posted(desk.engine, handed, "https://tiktok.example/2", by="marta", now=desk.now)


def test_where_the_query_names_the_post_two_of_them_are_two(desk: Any, handed: Any) -> None:
    second = desk.post("two", account="tiktok_aurora")
    desk.plan(handed, second)
    assert manual.hand_over(desk.engine, desk.claim_one(), now=desk.now)
    for post, video in ((handed, "abc"), (second, "xyz")):
        manual.posted(desk.engine, post, f"https://tube.example/watch?v={video}", by="marta", now=desk.now)
    assert (desk.state(handed), desk.state(second)) == ("live", "live")


def test_called_off_it_is_cancelled(desk: Any, handed: Any) -> None:
    decisions.cancel(desk.engine, handed.post_id, by="marta", now=desk.now)
    assert desk.state(handed) == "cancelled"
    step = decisions.since(desk.engine, handed.post_id, 0, desk.row(handed).fence - 1, State.HANDED_OVER)
    assert step is not None
    assert (step.state, step.why, step.by) == ("cancelled", "marta called it off.", "marta")


def test_an_edit_comes_too_late_for_a_person_may_have_posted_it(desk: Any, handed: Any) -> None:
    edited = desk.post(account="tiktok_aurora", text="Buonasera")
    assert desk.plan(edited).untouched == [handed.post_id]
    assert desk.state(handed) == "handed_over"
