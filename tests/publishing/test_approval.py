"""An answer counts for the text that was shown, while the question stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from include.publishing import approval
from include.publishing.approval import StaleAnswer


@pytest.fixture
def post(desk: Any) -> Any:
    planned = desk.post()
    desk.plan(planned, needs_approval=True)
    return planned


def ask(desk: Any, post: Any, hours: int = 1, by: str = "run 1") -> bool:
    until = desk.now + timedelta(hours=hours)
    return approval.ask(desk.engine, post.post_id, post.content_hash, now=desk.now, expires_at=until, by=by)


def answer(desk: Any, post: Any, decide: Any, note: str | None = None) -> None:
    decide(desk.engine, post.post_id, post.content_hash, by="Ada", now=desk.now, note=note)


def test_a_text_is_asked_about_once(desk: Any, post: Any) -> None:
    assert approval.unasked(desk.engine) == [post]
    assert ask(desk, post)
    assert not ask(desk, post, by="run 2")
    assert approval.unasked(desk.engine) == []
    assert approval.unasked(desk.engine, by="run 2") == [], "another run's question stands"
    assert approval.unasked(desk.engine, by="run 1") == [post], "a repeated run finds its own question again"
    assert ask(desk, post, by="run 1")


def test_approved_it_goes_out_and_a_second_yes_changes_nothing(desk: Any, post: Any) -> None:
    ask(desk, post)
    answer(desk, post, approval.approve)
    answer(desk, post, approval.approve)
    assert desk.story(post) == ["planned", "approved"]
    assert len(desk.claim()) == 1


def test_rejected_it_stays_with_the_reason_until_somebody_agrees_after_all(desk: Any, post: Any) -> None:
    answer(desk, post, approval.reject, note="no emoji")
    assert desk.claim() == []
    assert desk.row(post).reason == "Rejected by Ada: no emoji. Edit it, or approve it after all."
    assert approval.unasked(desk.engine) == []
    answer(desk, post, approval.approve)
    assert len(desk.claim()) == 1


def test_a_no_after_a_yes_stops_even_a_claim(desk: Any, post: Any) -> None:
    answer(desk, post, approval.approve)
    claimed = desk.claim_one()
    answer(desk, post, approval.reject)
    assert desk.send(post, claimed).state is None
    assert "publish" not in desk.wall.calls


def test_a_no_to_what_is_out_is_refused_in_words(desk: Any, post: Any) -> None:
    answer(desk, post, approval.approve)
    desk.send(post, desk.claim_one())
    with pytest.raises(StaleAnswer, match="is live already"):
        answer(desk, post, approval.reject)


@pytest.mark.parametrize("decide", [approval.approve, approval.reject])
def test_an_answer_to_a_text_that_was_edited_is_refused_in_words(desk: Any, post: Any, decide: Any) -> None:
    ask(desk, post)
    desk.plan(desk.post(text="Buonasera"), needs_approval=True)
    with pytest.raises(StaleAnswer, match="was edited after it was put before you"):
        answer(desk, post, decide)
    assert desk.claim() == []


def test_an_answer_to_what_left_the_calendar_is_refused_in_words(desk: Any, post: Any) -> None:
    desk.plan()
    with pytest.raises(StaleAnswer, match="no longer in the calendar"):
        answer(desk, post, approval.approve)


def test_an_answer_that_is_read_a_little_late_counts(desk: Any, post: Any) -> None:
    ask(desk, post, hours=1)
    desk.wait(minutes=61)
    assert approval.expire(desk.engine, now=desk.now) == []
    answer(desk, post, approval.approve)
    assert desk.state(post) == "approved"


def test_a_no_to_what_may_be_out_changes_nothing(desk: Any, post: Any) -> None:
    answer(desk, post, approval.approve)
    desk.claim()
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE desk.publication SET state = 'held', sent_at = now()"))
    with pytest.raises(StaleAnswer, match="may be out"):
        answer(desk, post, approval.reject)
    assert (desk.state(post), desk.row(post).sent_at is None) == ("held", False)
    assert approval.decision(desk.engine, post.post_id, post.content_hash) == "approved"


def test_a_no_that_comes_at_the_same_moment_as_a_yes_stands(desk: Any, post: Any) -> None:
    ask(desk, post)
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor() as pool:
        with desk.engine.begin() as no:
            no.execute(text("SELECT 1 FROM desk.publication FOR UPDATE"))
            yes = pool.submit(
                approval.settle, desk.engine, post.post_id, post.content_hash, is_yes=True, by="Bo", now=desk.now
            )
            with desk.engine.connect() as watching:
                while not watching.scalar(waits):
                    assert not yes.done()
            no.execute(text("UPDATE desk.approval SET decision = 'rejected', decided_by = 'Ada', decided_at = now()"))
        with pytest.raises(StaleAnswer, match="Ada rejected"):
            yes.result()
    assert desk.state(post) == "planned"


@pytest.mark.parametrize("swept", [False, True])
def test_an_answer_after_its_time_does_not_count_and_the_question_is_put_anew(
    desk: Any, post: Any, swept: bool
) -> None:
    ask(desk, post, hours=1)
    desk.wait(minutes=66)
    if swept:
        assert approval.expire(desk.engine, now=desk.now) == [post.post_id]
        assert approval.unasked(desk.engine) == [post]
    with pytest.raises(StaleAnswer, match=r"too late\. The question stood until 23 Nov 13:00 UTC"):
        answer(desk, post, approval.approve)
    approval.expire(desk.engine, now=desk.now)
    assert ask(desk, post)
    answer(desk, post, approval.approve)


def test_an_answer_about_nothing_is_refused(desk: Any) -> None:
    with pytest.raises(StaleAnswer, match="There is no post nobody"):
        approval.approve(desk.engine, "nobody", "0", by="Ada", now=desk.now)
