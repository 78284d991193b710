"""What a network's cap on posts keeps back, until when, and how that is told."""

from datetime import timedelta
from typing import Any

import pytest

from include.domain import Post
from include.publishing.quotas import Cap

DAY = timedelta(hours=24)


def send_all(desk: Any, posts: list[Post], *caps: Cap) -> int:
    """Send what may be claimed until nothing more may; gives how many calls that were."""
    calls, by_id = 0, {post.post_id: post for post in posts}
    while claims := desk.claim(caps={"x_aurora": caps}):
        for claim in claims:
            desk.send(by_id[claim.post_id], claim)
            calls += 1
    return calls


@pytest.fixture
def three(desk: Any) -> list[Post]:
    posts = [desk.post(name, text=name) for name in "abc"]
    desk.plan(*posts)
    return posts


def test_beyond_the_cap_a_post_waits_until_a_place_is_free_and_says_so(desk: Any, three: list[Post]) -> None:
    cap = Cap(2, timedelta(minutes=30))
    assert send_all(desk, three, cap) == 2
    row = desk.row(three[2])
    assert (row.state, row.not_before) == ("due", desk.now + cap.per)
    assert row.reason == (
        "x_aurora has used 2 of the 2 posts that its network takes in 0.5 hours; it goes out from 23 Nov 12:30 UTC on."
    )
    story = desk.story(three[2])
    desk.wait(minutes=29)
    assert desk.claim(caps={"x_aurora": [cap]}) == []
    assert desk.story(three[2]) == story, "said once, not every minute"
    desk.wait(minutes=1)
    assert send_all(desk, three, cap) == 1


def test_what_waited_for_a_place_is_not_late_until_it_had_one(desk: Any, three: list[Post]) -> None:
    cap = Cap(2, timedelta(hours=3))
    send_all(desk, three, cap)
    desk.wait(hours=2)
    assert desk.claim(caps={"x_aurora": [cap]}) == []
    assert desk.state(three[2]) == "due"
    desk.wait(hours=1, minutes=30)
    assert send_all(desk, three, cap) == 1


def test_what_had_its_place_and_did_not_go_is_late(desk: Any, three: list[Post]) -> None:
    cap = Cap(2, timedelta(hours=3))
    send_all(desk, three, cap)
    desk.wait(hours=4, minutes=1)
    assert desk.claim(caps={"x_aurora": [cap]}) == []
    assert desk.state(three[2]) == "held"


def test_an_account_that_may_send_nothing_sends_nothing(desk: Any, three: list[Post]) -> None:
    assert send_all(desk, three, Cap(0, DAY)) == 0
    assert desk.row(three[0]).not_before == desk.now + DAY


def test_other_accounts_have_their_own_places(desk: Any) -> None:
    posts = [desk.post(account=account) for account in ("x_aurora", "x_mekong")]
    desk.plan(*posts)
    caps = {post.account: [Cap(1, DAY)] for post in posts}
    assert len(desk.claim(caps=caps)) == 2


def test_of_several_caps_the_one_that_keeps_longest_counts(desk: Any, three: list[Post]) -> None:
    send_all(desk, three, Cap(2, timedelta(minutes=15)), Cap(2, DAY))
    assert desk.row(three[2]).not_before == desk.now + DAY


def test_a_thread_goes_out_when_all_of_it_fits(desk: Any) -> None:
    first, thread = desk.post("a"), desk.post("b", text="One", thread=("Two", "Three"))
    desk.plan(first, thread)
    cap = Cap(3, timedelta(minutes=30))
    assert send_all(desk, [first, thread], cap) == 1
    desk.wait(minutes=30)
    assert send_all(desk, [first, thread], cap) == 3


def test_a_thread_that_is_longer_than_the_cap_goes_out_in_pieces_rather_than_never(desk: Any) -> None:
    thread = desk.post(text="One", thread=("Two", "Three"))
    desk.plan(thread)
    cap = Cap(2, timedelta(minutes=30))
    assert send_all(desk, [thread], cap) == 2
    desk.wait(minutes=30)
    assert send_all(desk, [thread], cap) == 1


@pytest.mark.parametrize(("comments", "sent"), [(True, 2), (False, 3)])
def test_a_first_comment_takes_a_place_where_the_network_counts_it(desk: Any, comments: bool, sent: int) -> None:
    posts = [desk.post("a", first_comment="More"), desk.post("b", text="Buonasera")]
    desk.plan(*posts)
    assert send_all(desk, posts, Cap(2, DAY, comments=comments)) == sent
