"""What a person may decide, and what not."""

from typing import Any

import pytest

from include.domain import OutcomeUnknown, Receipt
from include.publishing import decisions
from include.publishing.decisions import NotYours


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
