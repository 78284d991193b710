"""Who may send what, when several want to."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from include.domain import OutcomeUnknown
from include.publishing import decisions, journal, ledger
from include.publishing.ledger import claim
from include.publishing.reconcile import reconcile
from include.publishing.states import State
from include.settings import ROOT
from include.warehouse.engine import connect
from include.warehouse.tables import approval, publication


def test_several_at_once_never_get_the_same_post(desk: Any) -> None:
    posts = [desk.post(f"p{n}", account=f"x_{n}") for n in range(40)]
    desk.plan(*posts)
    taken: list[str] = []

    def take(by: str) -> None:
        for _ in range(200):
            taken.extend(c.post_id for c in claim(desk.engine, now=desk.now, by=by, most=3))
            if len(taken) >= len(posts):
                return

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(take, "abcd"))
    assert sorted(taken) == sorted(post.post_id for post in posts)


def test_two_processes_at_once_never_get_the_same_post(desk: Any) -> None:
    posts = [desk.post(f"p{n}", account=f"x_{n}") for n in range(20)]
    desk.plan(*posts)
    code = f"""
from datetime import datetime
from include.publishing.ledger import claim
from include.warehouse.engine import connect
engine = connect({desk.engine.url.render_as_string(hide_password=False)!r})
for _ in range(15):
    for c in claim(engine, now=datetime.fromisoformat({desk.now.isoformat()!r}), by="p", most=2):
        print(c.post_id)
"""
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in "12"]
    taken = [post_id for process in both for post_id in process.communicate(timeout=60)[0].split()]
    taken += [claimed.post_id for claimed in desk.claim()]
    assert sorted(taken) == sorted(post.post_id for post in posts)


def test_what_another_process_is_at_is_left_to_it(desk: Any) -> None:
    posts = [desk.post(account=account) for account in ("x_a", "x_b")]
    desk.plan(*posts)
    impatient = connect(desk.engine.url.update_query_dict({"options": "-c lock_timeout=2s"}).render_as_string(False))
    with desk.engine.begin() as connection:
        journal.lock(connection, journal.of_post(posts[0].post_id))
        assert [c.account for c in claim(impatient, now=desk.now, by="run 2")] == ["x_b"]


@pytest.mark.parametrize("follower", ["due", "claimed"])
def test_of_a_post_that_another_process_is_at_no_part_is_taken(desk: Any, follower: str) -> None:
    """A part that follows was locked before the first one, which everybody else locks first: each waited for the
    other, until the database ended one of them."""
    post = desk.post(thread=("E poi",))
    desk.plan(post)
    desk.send(post, desk.claim_one())
    claimed = desk.claim_one()
    if follower == "due":
        ledger.release(desk.engine, claimed, "later", now=desk.now, not_before=desk.now)
    desk.wait(minutes=11)
    impatient = connect(desk.engine.url.update_query_dict({"options": "-c lock_timeout=2s"}).render_as_string(False))
    with desk.engine.begin() as connection:
        journal.lock(connection, journal.of_post(post.post_id), publication.c.part == 0)
        assert claim(impatient, now=desk.now, by="run 2") == []
    assert [claimed.part for claimed in claim(impatient, now=desk.now, by="run 2")] == [1]


def test_an_account_sends_one_at_a_time_in_the_order_of_the_plan(desk: Any) -> None:
    second, first = desk.post("a", minutes=0.5), desk.post("b")
    desk.plan(second, first)
    claimed = desk.claim_one()
    assert claimed.post_id == first.post_id
    assert desk.claim("run 2") == [], "the second waits until the first is settled"
    desk.send(first, claimed)
    assert desk.claim_one("run 2").post_id == second.post_id


def test_an_unknown_post_keeps_the_later_ones_of_its_account_waiting(desk: Any) -> None:
    first, second, other = (
        desk.post("a"),
        desk.post("b", minutes=1),
        desk.post("c", minutes=1, account="facebook_aurora"),
    )
    desk.plan(first, second, other)
    desk.wall.publish_fails = [OutcomeUnknown("no answer")]
    (claimed,) = (c for c in desk.claim() if c.account == "x_aurora")
    desk.send(first, claimed)
    desk.wait(minutes=20)
    assert [c.account for c in desk.claim()] == ["facebook_aurora"]


@pytest.mark.parametrize("state", ["refused", "held", "cancelled"])
def test_a_settled_post_keeps_nobody_waiting(desk: Any, state: str) -> None:
    first, second = desk.post("a"), desk.post("b", minutes=0.5)
    desk.plan(first, second)
    claimed = desk.claim_one()
    if state == "cancelled":
        decisions.cancel(desk.engine, first.post_id, by="Ada", now=desk.now)
    else:
        {"refused": ledger.refuse, "held": ledger.hold}[state](desk.engine, claimed, "no", now=desk.now)
    assert desk.claim_one().post_id == second.post_id


def test_who_was_overtaken_cannot_send(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    slow = desk.claim_one("slow")
    assert ledger.media_ready(desk.engine, slow, {}, now=desk.now)
    desk.wait(minutes=11)
    quick = desk.claim_one("quick")
    assert quick.fence == slow.fence + 1
    assert not ledger.begin_sending(desk.engine, slow, now=desk.now)
    assert not ledger.media_ready(desk.engine, slow, {}, now=desk.now)
    assert not ledger.release(desk.engine, slow, "late", now=desk.now, not_before=desk.now)
    assert desk.send(post, quick).state == State.LIVE
    assert desk.wall.calls.count("publish") == 1


def test_who_slept_through_the_lease_does_not_send_even_if_nobody_took_over(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    slow = desk.claim_one()
    ledger.media_ready(desk.engine, slow, {}, now=desk.now)
    desk.wait(minutes=11)
    assert not ledger.begin_sending(desk.engine, slow, now=desk.now)


def test_sending_begins_once_for_a_claim_that_two_processes_hold(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    claimed = desk.claim_one()
    ledger.media_ready(desk.engine, claimed, {}, now=desk.now)
    with ThreadPoolExecutor(4) as threads:
        began = list(threads.map(lambda _: ledger.begin_sending(desk.engine, claimed, now=desk.now), range(4)))
    assert sorted(began) == [False, False, False, True]


def test_what_may_be_out_is_not_sent_whatever_else_its_row_says(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    claimed = desk.claim_one()
    ledger.media_ready(desk.engine, claimed, {}, now=desk.now)
    with desk.engine.begin() as connection:
        connection.execute(update(publication).values(sent_at=desk.now))
    assert not ledger.begin_sending(desk.engine, claimed, now=desk.now)
    desk.wait(minutes=11)
    assert desk.claim() == []
    assert desk.state(post) == "due"


@pytest.mark.parametrize(
    "without", [{"decision": "superseded"}, {"content_hash": "0"}], ids=["withdrawn", "another text"]
)
def test_the_last_look_is_at_the_approval_itself(desk: Any, without: dict[str, str]) -> None:
    desk.plan(desk.post())
    claimed = desk.claim_one()
    ledger.media_ready(desk.engine, claimed, {}, now=desk.now)
    with desk.engine.begin() as connection:
        connection.execute(update(approval).values(without))
    assert not ledger.begin_sending(desk.engine, claimed, now=desk.now)


def killed(desk: Any, dies_in: str) -> None:
    """A real process claims what is due, begins to send it, and is killed with the signal that nothing survives."""
    code = f"""
import os, signal
from datetime import datetime
from include.domain import Receipt
from include.publishing import ledger, plan, sending
from include.warehouse.engine import connect
engine = connect({desk.engine.url.render_as_string(hide_password=False)!r})
now = datetime.fromisoformat({desk.now.isoformat()!r})
class Wall:
    def prepare(self, post, *, earlier=None):
        if {dies_in!r} == "prepare": os.kill(os.getpid(), signal.SIGKILL)
        return {{}}
    def publish(self, post, *, key, prepared=None):
        os.kill(os.getpid(), signal.SIGKILL)
(claim,) = ledger.claim(engine, now=now, by="the killed one")
post = plan.posts(engine, [claim.post_id])[claim.post_id]
sending.send(engine, post, claim, Wall(), clock=lambda: now)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == -signal.SIGKILL


def test_killed_before_sending_the_post_is_due_again(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    killed(desk, "prepare")
    assert desk.state(post) == "claimed"
    assert desk.claim() == []
    desk.wait(minutes=11)
    assert desk.send(post, desk.claim_one()).state == State.LIVE


def test_killed_while_sending_the_post_is_unknown_then_found_live_once(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    killed(desk, "publish")
    assert desk.state(post) == "sending"
    desk.wait(minutes=6)
    assert desk.claim() == []
    row = desk.row(post)
    assert (row.state, row.reason) == (
        "unknown",
        "the killed one went away while sending; whether it is out has to be looked up.",
    )

    desk.wall.publish(post, key=ledger.key_of(post.post_id, 0, post.content_hash))
    (outcome,) = reconcile(
        desk.engine,
        lambda _: desk.wall,
        find_delay=lambda _: timedelta(minutes=2),
        by="reconcile",
        clock=lambda: desk.now,
    )
    assert outcome.state == State.LIVE
    assert desk.claim() == []
