"""What becomes of a post whose sending ended without an answer."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from include.domain import CredentialsDead, OutcomeUnknown, Receipt, TryLater
from include.publishing import decisions
from include.publishing.reconcile import reconcile
from include.publishing.sending import Outcome
from include.publishing.states import State


@pytest.fixture
def look(desk: Any) -> Any:
    def once() -> list[Outcome]:
        ask = {"find_delay": lambda _: timedelta(minutes=2), "by": "reconcile", "clock": lambda: desk.now}
        return reconcile(desk.engine, lambda _: desk.wall, **ask)

    return once


@pytest.fixture
def lost(desk: Any) -> Any:
    """A post whose call was begun and never answered."""
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails = [OutcomeUnknown("no answer")]
    desk.send(post, desk.claim_one())
    return post


def test_found_it_is_live_at_once(desk: Any, look: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails, desk.wall.accepts_first = [OutcomeUnknown("no answer")], True
    desk.send(post, desk.claim_one())
    assert [(o.state, o.words) for o in look()] == [(State.LIVE, "It was out: https://wall.example/1")]
    assert desk.row(post).remote_id == "1"
    assert look() == []
    assert desk.wall.calls.count("publish") == 1


def test_an_absence_proves_nothing_while_the_lists_may_lag(desk: Any, lost: Any, look: Any) -> None:
    desk.wait(seconds=119)
    assert [outcome.state for outcome in look()] == [State.UNKNOWN]
    assert desk.claim() == []


def test_proven_absent_it_is_sent_again(desk: Any, lost: Any, look: Any) -> None:
    desk.wait(minutes=2)
    assert [outcome.state for outcome in look()] == [State.DUE]
    assert desk.send(lost, desk.claim_one()).state == State.LIVE
    assert desk.story(lost)[-6:] == ["unknown", "due", "claimed", "media_ready", "sending", "live"]


def test_the_delay_counts_from_when_it_became_unknown(desk: Any, look: Any) -> None:
    """A process that hung while it sent may have been accepted at its very end."""
    post = desk.post()
    desk.plan(post)
    desk.wall.meanwhile = lambda: desk.wait(minutes=4)
    desk.wall.publish_fails = [OutcomeUnknown("no answer")]
    desk.send(post, desk.claim_one())
    assert [outcome.state for outcome in look()] == [State.UNKNOWN]


def test_absent_and_late_it_is_held(desk: Any, lost: Any, look: Any) -> None:
    desk.wait(minutes=61)
    assert [outcome.state for outcome in look()] == [State.HELD]
    assert desk.row(lost).reason.startswith("The platform does not have it. It is 61 minutes past its time")


def test_absent_and_no_longer_wanted_it_is_called_off(desk: Any, lost: Any, look: Any) -> None:
    desk.plan()
    desk.wait(minutes=2)
    assert [outcome.state for outcome in look()] == [State.CANCELLED]


def test_absent_and_edited_meanwhile_only_the_new_text_goes_out(desk: Any, lost: Any, look: Any) -> None:
    edited = desk.post(text="Buonasera")
    assert desk.plan(edited).untouched == [lost.post_id]
    assert desk.plan(edited).untouched == [], "said once"
    desk.wait(minutes=2)
    assert [outcome.state for outcome in look()] == [State.CANCELLED]
    desk.plan(edited)
    assert desk.claim_one().content_hash == edited.content_hash


@pytest.mark.parametrize(
    "error", [TryLater("Slow down.", wait_s=60), CredentialsDead("No token."), RuntimeError("a bug")], ids=repr
)
def test_what_cannot_be_looked_up_waits_and_is_then_a_persons_to_decide(
    desk: Any, lost: Any, look: Any, error: Exception
) -> None:
    desk.wall.find_fails = [error, error]
    assert [outcome.state for outcome in look()] == [State.UNKNOWN]
    desk.wait(minutes=61)
    assert [outcome.state for outcome in look()] == [State.HELD]
    assert desk.claim() == []
    assert "Look for it on the platform" in desk.row(lost).reason
    desk.plan(desk.post(text="edited"))
    assert desk.state(lost) == "held", "it may be out: an edit must not send it anew"

    decisions.confirm_live(
        desk.engine, Receipt(lost.post_id, "9", "https://wall.example/9", desk.now), by="Ada", now=desk.now
    )
    assert desk.row(lost).url == "https://wall.example/9"


def test_one_accounts_failure_leaves_the_others_alone(desk: Any, look: Any) -> None:
    posts = [desk.post(account=account) for account in ("facebook_aurora", "x_aurora")]
    desk.plan(*posts)
    desk.wall.publish_fails = [OutcomeUnknown("no answer"), OutcomeUnknown("no answer")]
    for claimed in desk.claim():
        desk.send(next(post for post in posts if post.post_id == claimed.post_id), claimed)
    desk.wall.find_fails = [RuntimeError("a bug")]
    desk.wait(minutes=2)
    assert {outcome.state for outcome in look()} == {State.UNKNOWN, State.DUE}, "whichever is looked up first"


def test_settled_while_the_platform_was_asked_it_stays_settled(desk: Any, lost: Any, look: Any) -> None:
    receipt = Receipt(lost.post_id, "9", "https://wall.example/9", desk.now)

    def somebody_confirms(post: Any, *, key: str, prepared: object = None, since: object = None) -> None:
        decisions.confirm_live(desk.engine, receipt, by="Ada", now=desk.now)

    desk.wall.find = somebody_confirms
    desk.wait(minutes=2)
    assert [outcome.words for outcome in look()] == ["It was settled meanwhile."]
    assert desk.state(lost) == "live"


def test_what_was_seen_of_one_attempt_says_nothing_about_the_next(desk: Any, lost: Any, look: Any) -> None:
    def another_run_finds_it_absent_and_sends_it_again(
        post: Any, *, key: str, prepared: object = None, since: object = None
    ) -> None:
        del desk.wall.find
        assert [outcome.state for outcome in look()] == [State.DUE]
        desk.wall.publish_fails, desk.wall.accepts_first = [OutcomeUnknown("no answer")], True
        assert desk.send(lost, desk.claim_one()).state == State.UNKNOWN

    desk.wall.find = another_run_finds_it_absent_and_sends_it_again
    desk.wait(minutes=2)
    assert [outcome.state for outcome in look()] == [None]
    assert desk.state(lost) == "unknown"


def test_what_nobody_foresaw_while_looking_is_named_and_its_words_are_for_the_log_alone(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wall.publish_fails, desk.wall.find_fails = [OutcomeUnknown("no answer")], [RuntimeError("token=marked-secret")]
    desk.send(post, desk.claim_one())
    ask = {"find_delay": lambda _: timedelta(0), "deadline": timedelta(0), "clock": lambda: desk.now}
    (outcome,) = reconcile(desk.engine, lambda _: desk.wall, by="reconcile", **ask)
    assert "RuntimeError" in outcome.words
    assert "marked" not in outcome.words + desk.row(post).reason


def test_a_network_that_hangs_keeps_no_other_account_waiting(desk: Any) -> None:
    slow, quick = desk.post("slow", account="x_aurora"), desk.post("quick", account="x_mekong")
    desk.plan(slow, quick)
    for post, claimed in zip((slow, quick), sorted(desk.claim(), key=lambda each: each.account), strict=True):
        desk.wall.publish_fails, desk.wall.accepts_first = [OutcomeUnknown("no answer")], True
        desk.send(post, claimed)
    settled = threading.Event()

    class Hangs:
        def find(self, post: Any, *, key: str, **asked: Any) -> Receipt | None:
            assert settled.wait(30), "it hangs for as long as the other account's post is not settled"
            return desk.wall.find(post, key=key)

    def and_then_notice() -> None:
        until = time.monotonic() + 20
        while desk.state(quick) != "live" and time.monotonic() < until:
            time.sleep(0.05)
        settled.set()

    networks = {"x_aurora": Hangs(), "x_mekong": desk.wall}
    noticing = threading.Thread(target=and_then_notice)
    noticing.start()
    reconcile(desk.engine, networks.__getitem__, find_delay=lambda _: timedelta(), by="run", clock=lambda: desk.now)
    noticing.join()
    assert (desk.state(slow), desk.state(quick)) == ("live", "live")
