"""From a claim to its outcome: what each answer of a platform means for the post."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from include.domain import CredentialsDead, OutcomeUnknown, Receipt, Refused, TryLater, Unfinished
from include.publishing import decisions, ledger, sending
from include.publishing.states import State


def test_a_post_goes_out_once_and_its_receipt_is_kept(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    outcome = desk.send(post, desk.claim_one())
    assert (outcome.state, outcome.words) == (State.LIVE, "Live at https://wall.example/1")
    row = desk.row(post)
    assert (row.state, row.remote_id, row.url, row.attempts) == ("live", "1", "https://wall.example/1", 1)
    assert row.prepared == {"media": ["1"]}
    assert desk.story(post) == ["approved", "due", "claimed", "media_ready", "sending", "live"]


def test_running_again_does_nothing_for_what_is_live(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    claimed = desk.claim_one()
    desk.send(post, claimed)
    assert desk.claim("run 2") == []
    assert desk.send(post, claimed).state is None
    assert desk.wall.calls.count("publish") == 1


def test_a_post_claimed_ahead_waits_for_its_second_with_its_media_ready(desk: Any) -> None:
    post = desk.post(minutes=0.75)
    desk.plan(post)
    desk.wall.meanwhile = lambda: desk.naps.append(-1)
    desk.send(post, desk.claim_one())
    assert desk.naps == [30, 15, -1]
    assert desk.row(post).sent_at == post.publish_at


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(TryLater("Slow down.", wait_s=120), "due", id="try later"),
        pytest.param(Refused("The text is too long."), "refused", id="refused"),
        pytest.param(CredentialsDead("The token of x_aurora is gone."), "held", id="no token"),
    ],
)
@pytest.mark.parametrize("step", ["prepare_fails", "publish_fails"])
def test_a_clear_no_means_that_nothing_is_out(desk: Any, error: Exception, state: str, step: str) -> None:
    post = desk.post()
    desk.plan(post)
    setattr(desk.wall, step, [error])
    assert desk.send(post, desk.claim_one()).state == state
    row = desk.row(post)
    assert (row.state, row.sent_at, row.reason) == (state, None, str(error))


def test_after_try_later_it_is_sent_when_the_wait_is_over(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails = [TryLater("Slow down.", wait_s=120)]
    desk.send(post, desk.claim_one())
    desk.wait(seconds=119)
    assert desk.claim() == []
    desk.wait(seconds=1)
    assert desk.send(post, desk.claim_one()).state == State.LIVE


def test_what_a_platform_is_still_at_work_on_is_gone_on_from_and_not_made_anew(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.prepare_fails = [Unfinished("Still at work.", {"container": "c1"}, wait_s=60)]
    assert desk.send(post, desk.claim_one()).state == State.DUE
    desk.wait(seconds=60)
    assert desk.send(post, desk.claim_one()).state == State.LIVE
    assert desk.wall.earlier == [None, {"container": "c1"}]


def test_after_any_other_wait_it_begins_anew(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.prepare_fails = [Unfinished("Still at work.", {"container": "c1"}, wait_s=60)]
    desk.send(post, desk.claim_one())
    desk.wait(seconds=60)
    desk.wall.publish_fails = [TryLater("The container is gone.", wait_s=60)]
    assert desk.send(post, desk.claim_one()).state == State.DUE
    desk.wait(seconds=60)
    assert desk.send(post, desk.claim_one()).state == State.LIVE
    assert desk.wall.earlier == [None, {"container": "c1"}, None]


def test_an_edited_post_goes_on_from_nothing_that_was_made_for_the_old_text(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.prepare_fails = [Unfinished("Still at work.", {"container": "c1"}, wait_s=60)]
    desk.send(post, desk.claim_one())
    edited = desk.post(text="Buonasera")
    desk.plan(edited)
    desk.wait(seconds=60)
    assert desk.send(edited, desk.claim_one()).state == State.LIVE
    assert desk.wall.earlier == [None, None]


def test_a_long_preparation_keeps_its_lease(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    post = desk.post()
    desk.plan(post)
    claimed, prepare = desk.claim_one(), desk.wall.prepare
    renewed, renew = threading.Event(), ledger.renew

    def seen(*args: Any, **more: Any) -> bool:
        kept = renew(*args, **more)
        renewed.set()
        return kept

    def for_twelve_minutes(post: Any, *, earlier: Any = None) -> Any:
        for _ in range(2):
            desk.wait(minutes=6)
            renewed.clear()
            assert renewed.wait(20), "nobody renews the lease"
            assert desk.claim("run 2") == []
        return prepare(post, earlier=earlier)

    monkeypatch.setattr(sending, "RENEW_S", 0.02)
    monkeypatch.setattr(sending, "RENEWALS", 10_000)
    monkeypatch.setattr(ledger, "renew", seen)
    desk.wall.prepare = for_twelve_minutes
    assert desk.send(post, claimed).state == State.LIVE


def test_a_lease_is_not_renewed_for_a_claim_that_was_overtaken(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    slow = desk.claim_one()
    desk.wait(minutes=11)
    taken = desk.claim_one("run 2")
    assert not ledger.renew(desk.engine, slow, now=desk.now)
    assert ledger.renew(desk.engine, taken, now=desk.now)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OutcomeUnknown("x.com did not answer in 30 s."), id="timeout"),
        pytest.param(ConnectionResetError("reset by peer"), id="reset"),
        pytest.param(KeyError("id"), id="a bug of ours"),
    ],
)
def test_any_other_end_of_the_call_is_unknown_and_never_sent_again(desk: Any, error: Exception) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails = [error]
    assert desk.send(post, desk.claim_one()).state == State.UNKNOWN
    desk.wait(minutes=30)
    assert desk.claim("run 2") == []
    assert desk.state(post) == "unknown"


def test_a_task_that_is_ended_while_it_sends_leaves_the_post_unknown(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails = [SystemExit(143)]
    with pytest.raises(SystemExit):
        desk.send(post, desk.claim_one())
    assert desk.state(post) == "unknown"


def test_a_failure_nobody_foresaw_before_the_call_is_tried_again(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.prepare_fails = [ZeroDivisionError("width")]
    outcome = desk.send(post, desk.claim_one())
    assert outcome.state == State.DUE
    assert "ZeroDivisionError" in outcome.words
    desk.wait(minutes=2)
    assert desk.send(post, desk.claim_one()).state == State.LIVE


def test_the_receipt_wins_over_a_lease_that_ran_out_meanwhile(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)

    def others_find_the_lease_over() -> None:
        desk.wait(minutes=6)
        assert desk.claim("run 2") == []
        assert desk.state(post) == "unknown"

    desk.wall.meanwhile = others_find_the_lease_over
    assert desk.send(post, desk.claim_one()).state == State.LIVE
    assert desk.state(post) == "live"


def test_a_receipt_that_comes_too_late_is_written_down(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    claimed = desk.claim_one()

    def somebody_says_it_is_not_there() -> None:
        ledger.hold(desk.engine, claimed, "asked", now=desk.now)
        decisions.send_anyway(desk.engine, post.post_id, by="Ada", now=desk.now)

    desk.wall.meanwhile = somebody_says_it_is_not_there
    assert "a second copy may be out" in desk.send(post, claimed).words
    assert desk.state(post) == "due"
    assert len(desk.story(post)) == 8


def test_the_platform_is_asked_outside_of_any_transaction(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    sessions = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND application_name = 'social-desk' AND xact_start IS NOT NULL"
    )
    seen = []

    def look() -> None:
        with desk.engine.connect() as connection:
            seen.append(connection.scalar(sessions))

    desk.wall.meanwhile = look
    desk.send(post, desk.claim_one())
    assert seen == [0]


def test_a_late_post_is_held_and_goes_out_when_somebody_says_so(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wait(minutes=61)
    assert desk.claim(grace={"x_aurora": timedelta(minutes=60)}) == []
    assert desk.row(post).reason == "It is 61 minutes past its time: too late to go out unasked."
    decisions.send_anyway(desk.engine, post.post_id, by="Ada", now=desk.now)
    assert desk.send(post, desk.claim_one()).state == State.LIVE


@pytest.fixture
def twins(desk: Any) -> Any:
    """Two posts that say the same: the first is live, and the network gives the first one's receipt for the second."""
    first, second = desk.post("one"), desk.post("two", minutes=5)
    desk.plan(first, second)
    desk.send(first, desk.claim_one())
    desk.wait(minutes=5)
    desk.wall.publish = lambda post, *, key, prepared=None: next(iter(desk.wall.posts.values()))
    return first, second, desk.send(second, desk.claim_one())


def test_a_receipt_that_is_another_posts_is_not_taken_for_this_ones(desk: Any, twins: Any) -> None:
    first, second, outcome = twins
    assert outcome.state == State.HELD
    assert f"at https://wall.example/1, which is post {first.post_id}, and may take no second one" in outcome.words
    row = desk.row(second)
    assert (row.state, row.remote_id, row.reason) == ("held", None, outcome.words)
    assert desk.row(first).remote_id == "1"
    with desk.engine.connect() as connection:
        assert connection.scalar(text("SELECT outcome FROM desk.publication_attempt ORDER BY 1 LIMIT 1")) == "held"


def test_nothing_but_a_persons_word_sends_it_again(desk: Any, twins: Any) -> None:
    _, second, _ = twins
    assert desk.row(second).sent_at is not None
    desk.wait(minutes=30)
    assert desk.claim() == []
    seen = Receipt(second.post_id, "1", "https://wall.example/1", desk.now)
    with pytest.raises(decisions.NotYours, match="is post one:x_aurora already"):
        decisions.confirm_live(desk.engine, seen, by="Ada", now=desk.now)
    del desk.wall.publish
    decisions.cancel(desk.engine, second.post_id, by="Ada", now=desk.now)
    edited = desk.post("two", minutes=5, text="Buongiorno anche a voi")
    desk.plan(desk.post("one"), edited)
    assert desk.send(edited, desk.claim_one()).state == State.LIVE


def test_no_two_publications_of_an_account_can_have_the_same_receipt(desk: Any, twins: Any) -> None:
    with pytest.raises(IntegrityError), desk.engine.begin() as connection:
        connection.execute(text("UPDATE desk.publication SET remote_id = '1'"))


@pytest.mark.parametrize("fails", ["prepare_fails", "publish_fails"])
def test_what_nobody_foresaw_is_named_and_its_words_are_for_the_log_alone(desk: Any, fails: str) -> None:
    post = desk.post()
    desk.plan(post)
    setattr(desk.wall, fails, [RuntimeError("token=marked-secret")])
    outcome = desk.send(post, desk.claim_one())
    with desk.engine.connect() as connection:
        kept = str(
            connection.execute(text("SELECT reason, words FROM desk.publication, desk.publication_attempt")).all()
        )
    assert "RuntimeError" in kept
    assert "marked" not in kept + outcome.words
