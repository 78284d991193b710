"""What a person may decide, and what not."""

from datetime import timedelta
from typing import Any

import pytest

from include.domain import OutcomeUnknown, Receipt
from include.publishing import decisions
from include.publishing.decisions import NotYours
from include.publishing.reconcile import reconcile
from include.publishing.states import State


def test_only_what_is_held_or_refused_can_be_sent_anyway(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    with pytest.raises(NotYours, match="is approved; only a held or refused one"):
        decisions.send_anyway(desk.engine, post.post_id, by="Ada", now=desk.now)


@pytest.mark.parametrize("calendar", ["removed", "unapproved"])
def test_nothing_goes_out_that_the_calendar_or_an_approver_does_not_want(desk: Any, calendar: str) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wait(hours=2)
    desk.claim()
    if calendar == "removed":
        desk.plan()
        words = "is cancelled"
    else:
        desk.plan(desk.post(text="Buonasera"), needs_approval=True)
        words = "is planned"
    with pytest.raises(NotYours, match=words):
        decisions.send_anyway(desk.engine, post.post_id, by="Ada", now=desk.now)


@pytest.fixture
def undecided(desk: Any) -> Any:
    """A held post that may be out or not, whose row was edited since."""
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails, desk.wall.find_fails = [OutcomeUnknown("no answer")], [RuntimeError("away")]
    desk.send(post, desk.claim_one())
    delay = {"find_delay": lambda _: timedelta(0), "deadline": timedelta(0)}
    reconcile(desk.engine, lambda _: desk.wall, **delay, by="reconcile", clock=lambda: desk.now)
    assert desk.state(post) == "held"
    desk.plan(desk.post(text="Buonasera"))
    return post


def test_a_text_that_the_calendar_gave_up_is_not_sent_anyway(desk: Any, undecided: Any) -> None:
    with pytest.raises(NotYours, match="needs an approval of the text that the calendar has now"):
        decisions.send_anyway(desk.engine, undecided.post_id, by="Ada", now=desk.now)


def test_called_off_by_who_looked_the_edited_text_goes_out(desk: Any, undecided: Any) -> None:
    decisions.cancel(desk.engine, undecided.post_id, by="Ada", now=desk.now)
    edited = desk.post(text="Buonasera")
    desk.plan(edited)
    assert desk.send(edited, desk.claim_one()).state == State.LIVE


def test_what_is_on_its_way_cannot_be_called_off(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails = [OutcomeUnknown("no answer")]
    desk.send(post, desk.claim_one())
    with pytest.raises(NotYours, match="is unknown and cannot be called off"):
        decisions.cancel(desk.engine, post.post_id, by="Ada", now=desk.now)


def test_only_a_doubt_can_be_confirmed(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    receipt = Receipt(post.post_id, "9", "https://wall.example/9", desk.now)
    with pytest.raises(NotYours, match="nothing to confirm"):
        decisions.confirm_live(desk.engine, receipt, by="Ada", now=desk.now)
    with pytest.raises(NotYours, match="There is no post nobody"):
        decisions.cancel(desk.engine, "nobody", by="Ada", now=desk.now)
