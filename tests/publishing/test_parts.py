"""A post of several parts: its thread and its first comment follow it, one after the other, each of them once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from include.domain import CredentialsDead, OutcomeUnknown, Post, Receipt, Refused, TryLater
from include.publishing import decisions, ledger
from include.publishing.decisions import NotYours
from include.publishing.reconcile import reconcile
from include.publishing.states import State
from include.warehouse.tables import publication


@pytest.fixture
def thread(desk: Any) -> Post:
    post = desk.post(text="One", thread=("Two", "Three"), first_comment="Where to buy it")
    desk.plan(post)
    return post


def run(desk: Any, post: Post, by: str = "run") -> list[str | None]:
    """Send whatever of the post may be claimed, until nothing more may."""
    ends = []
    while claims := [c for c in desk.claim(by) if c.post_id == post.post_id]:
        ends += [desk.send(post, claim).state for claim in claims]
    return ends


def states(desk: Any, post: Post) -> list[str]:
    query = select(publication.c.state).where(publication.c.post_id == post.post_id).order_by(publication.c.part)
    with desk.engine.connect() as connection:
        return list(connection.scalars(query))


def look(desk: Any) -> list[Any]:
    ask = {"find_delay": lambda _: timedelta(minutes=2), "by": "reconcile", "clock": lambda: desk.now}
    return [outcome.state for outcome in reconcile(desk.engine, lambda _: desk.wall, **ask)]


def said(desk: Any) -> list[tuple[str, tuple[str, ...]]]:
    return desk.wall.followed


def test_the_parts_go_out_in_order_each_after_those_before(desk: Any, thread: Post) -> None:
    assert run(desk, thread) == ["live"] * 4
    assert said(desk) == [("Two", ("1",)), ("Three", ("1", "2")), ("Where to buy it", ("1", "2", "3"))]
    assert states(desk, thread) == ["live"] * 4
    assert desk.row(thread).remote_id == "1"


def test_no_part_is_claimed_before_the_one_before_it_is_out(desk: Any, thread: Post) -> None:
    (claimed,) = desk.claim()
    assert claimed.part == 0
    assert desk.claim("run 2") == []
    desk.send(thread, claimed)
    assert [c.part for c in desk.claim("run 3")] == [1]


def test_the_accounts_other_posts_wait_for_the_whole_thread(desk: Any, thread: Post) -> None:
    desk.send(thread, desk.claim_one())
    # Planned only now, and for an earlier time: it must not come between the texts of the thread.
    urgent = desk.post("a", text="Urgent", minutes=-5)
    desk.plan(thread, urgent)
    assert [c.part for c in desk.claim()] == [1]


@pytest.mark.parametrize("error", [Refused("It is too long."), CredentialsDead("No token.")], ids=repr)
def test_a_post_that_is_not_out_keeps_its_parts_back_and_nobody_waiting(
    desk: Any, thread: Post, error: Exception
) -> None:
    later = desk.post("z", text="Later")
    desk.plan(thread, later)
    desk.wall.publish_fails = [error]
    desk.send(thread, desk.claim_one())
    assert desk.claim_one().post_id == later.post_id


def test_a_part_that_is_refused_leaves_the_post_partly_live_and_says_so(desk: Any, thread: Post) -> None:
    desk.wall.follow_fails = [None, Refused("The text is offensive.")]
    assert run(desk, thread) == ["live", "live", "refused"]
    assert states(desk, thread) == ["partly_live", "live", "refused", "approved"]
    assert desk.row(thread).reason == (
        "2 of 4 parts are out (the post, text 2 of the thread). Text 3 of the thread is refused: The text is offensive."
    )
    assert desk.claim() == [], "what follows a part that is not out does not go out"


def test_a_comments_refusal_never_sends_the_post_again_and_a_person_may_send_the_comment(desk: Any) -> None:
    post = desk.post(text="One", first_comment="Where to buy it")
    desk.plan(post)
    desk.wall.follow_fails = [Refused("Comments are closed.")]
    run(desk, post)
    assert desk.row(post).state == "partly_live"
    decisions.send_anyway(desk.engine, post.post_id, by="Ada", now=desk.now)
    assert run(desk, post) == ["live"]
    assert desk.wall.calls.count("publish") == 1
    assert states(desk, post) == ["live", "live"]
    assert desk.row(post).reason is None


def test_a_part_that_must_wait_is_tried_again_and_only_it(desk: Any, thread: Post) -> None:
    desk.wall.follow_fails = [TryLater("Slow down.", wait_s=60)]
    assert run(desk, thread) == ["live", "due"]
    desk.wait(seconds=60)
    assert run(desk, thread) == ["live"] * 3
    assert desk.wall.calls.count("publish") == 1


@pytest.mark.parametrize("is_out", [True, False])
def test_a_part_without_an_answer_is_looked_up_before_it_is_sent_again(desk: Any, thread: Post, is_out: bool) -> None:
    desk.wall.follow_fails, desk.wall.accepts_first = [OutcomeUnknown("no answer")], is_out
    assert run(desk, thread) == ["live", "unknown"]
    desk.wait(minutes=2)
    assert look(desk) == ["live" if is_out else "due"]
    desk.wall.accepts_first = False
    run(desk, thread)
    assert [text for text, _ in said(desk)] == ["Two", "Three", "Where to buy it"]
    assert states(desk, thread) == ["live"] * 4


def test_a_network_without_comments_refuses_the_comment_only(desk: Any) -> None:
    class NoComments:
        prepare, publish, find = desk.wall.prepare, desk.wall.publish, desk.wall.find

    post = desk.post(text="One", first_comment="Where to buy it")
    desk.plan(post)
    desk.wall = NoComments()
    assert run(desk, post) == ["live", "refused"]
    assert desk.row(post).reason.endswith("has no first comments. Leave it out of the calendar's row.")


@pytest.mark.parametrize("change", ["edited", "removed"])
def test_what_is_not_out_of_a_post_that_was_changed_does_not_go_out_any_more(
    desk: Any, thread: Post, change: str
) -> None:
    desk.send(thread, desk.claim_one())
    edited = desk.post(text="One", thread=("Another two",))
    rows = [edited] if change == "edited" else []
    assert desk.plan(*rows).untouched == [thread.post_id]
    assert desk.claim() == []
    assert states(desk, thread) == ["partly_live", "cancelled", "cancelled", "cancelled"]
    assert "1 of 4 parts are out (the post)." in desk.row(thread).reason
    assert desk.plan(*rows).untouched == [], "told once"


def test_an_edit_before_the_first_part_may_give_and_take_parts(desk: Any, thread: Post) -> None:
    shorter = desk.post(text="One", thread=("Two",))
    desk.plan(shorter)
    assert states(desk, thread) == ["approved", "approved", "cancelled", "cancelled"]
    longer = desk.post(text="One", thread=("Two", "Three", "Four"), first_comment="Five")
    desk.plan(longer)
    assert run(desk, longer) == ["live"] * 5
    assert desk.row(longer).state == "live"


def test_an_edit_while_the_first_part_is_unclear_keeps_the_old_thread_from_following(desk: Any, thread: Post) -> None:
    desk.wall.publish_fails, desk.wall.accepts_first = [OutcomeUnknown("no answer")], True
    run(desk, thread)
    desk.plan(desk.post(text="One", thread=("Another two",)))
    assert look(desk) == ["live"]
    assert desk.claim() == []
    assert states(desk, thread)[0] == "partly_live"


def test_a_part_that_would_come_too_late_is_asked_about(desk: Any, thread: Post) -> None:
    desk.wait(minutes=59)
    desk.send(thread, desk.claim_one())
    desk.wait(minutes=59)
    assert desk.send(thread, desk.claim_one()).state == State.LIVE, "its time counts from the part before"
    desk.wait(minutes=61)
    assert desk.claim() == []
    assert states(desk, thread) == ["partly_live", "live", "held", "approved"]
    decisions.send_anyway(desk.engine, thread.post_id, by="Ada", now=desk.now)
    assert run(desk, thread) == ["live", "live"]


def test_calling_off_what_is_left_of_a_thread(desk: Any, thread: Post) -> None:
    desk.wall.follow_fails = [Refused("no")]
    run(desk, thread)
    decisions.cancel(desk.engine, thread.post_id, by="Ada", now=desk.now)
    assert states(desk, thread) == ["partly_live", "cancelled", "cancelled", "cancelled"]
    with pytest.raises(NotYours, match="is partly_live; only a held or refused one"):
        decisions.send_anyway(desk.engine, thread.post_id, by="Ada", now=desk.now)


def test_a_thread_that_may_be_out_cannot_be_called_off(desk: Any, thread: Post) -> None:
    desk.wall.publish_fails = [OutcomeUnknown("no answer")]
    run(desk, thread)
    with pytest.raises(NotYours, match="is unknown and cannot be called off"):
        decisions.cancel(desk.engine, thread.post_id, by="Ada", now=desk.now)


def test_somebody_who_saw_the_part_says_so(desk: Any, thread: Post) -> None:
    desk.wall.follow_fails = [OutcomeUnknown("no answer")]
    run(desk, thread)
    assert states(desk, thread)[1] == "unknown"
    seen = Receipt(thread.post_id, "99", "https://wall.example/99", desk.now)
    decisions.confirm_live(desk.engine, seen, by="Ada", now=desk.now)
    run(desk, thread)
    assert said(desk)[-2:] == [("Three", ("1", "99")), ("Where to buy it", ("1", "99", "2"))]


def test_a_post_that_was_sent_late_tells_of_its_parts_all_the_same(desk: Any) -> None:
    """Its first part has a later time than what follows it."""
    post = desk.post(thread=("E poi",))
    desk.plan(post)
    desk.wait(hours=2)
    desk.claim()
    decisions.send_anyway(desk.engine, post.post_id, by="Ada", now=desk.now)
    desk.send(post, desk.claim_one())
    ledger.refuse(desk.engine, desk.claim_one(), "It is too long.", now=desk.now)
    row = desk.row(post)
    assert row.state == "partly_live"
    assert row.reason.startswith("1 of 2 parts are out (the post).")
