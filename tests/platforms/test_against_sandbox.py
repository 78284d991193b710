"""The clients and the sandbox were written apart, from the same contracts. Here they meet."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown
from include.domain.posts import Media, Post
from include.domain.records import AccountDay, PostSnapshot, RemotePost
from include.domain.windows import Window
from include.sandbox.running import RunningSandbox, running
from platforms.facebook.hook import FacebookHook
from platforms.transport.access import Access
from platforms.x.hook import XHook

HOOKS = {"facebook": FacebookHook, "x": XHook}
SEND = {"facebook": "/{page}/feed", "x": "/2/tweets"}
WORLD = {
    "accounts": [
        {"platform": platform, "name": name, "token": f"sandbox-{platform}-{name}", "token_state": state}
        for platform in HOOKS
        for name, state in (("aurora", "ok"), ("gone", "dead"))
    ],
    "retired_metrics": ["page_total_actions"],
}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as box:
        yield box


@pytest.fixture(params=sorted(HOOKS))
def platform(request) -> str:
    return request.param


def connect(sandbox: RunningSandbox, platform: str, name: str = "aurora") -> Any:
    account = f"{platform}_{name}"
    access = Access.to(account, f"{sandbox.url}/{platform}", f"sandbox-{platform}-{name}")
    return HOOKS[platform](account, access=access)


def post_of(platform: str, text: str, **fields: Any) -> Post:
    return Post("p1", f"{platform}_aurora", text, publish_at=datetime.now(UTC), **fields)


@pytest.fixture(params=["text", "link", "image", "address in the text"])
def post(request, platform, tmp_path) -> Post:
    (tmp_path / "a.png").write_bytes(PIXEL)
    return {
        "text": post_of(platform, "Panettone is back & better <3\nOrder 👨‍👩‍👧 today"),
        "link": post_of(platform, "Order now", link="https://aurora.com/p?a=1&utm_source=desk"),
        "image": post_of(platform, "A picture", media=(Media(str(tmp_path / "a.png"), "A panettone"),)),
        "address in the text": post_of(platform, "See aurora.com for more"),
    }[request.param]


def test_what_is_published_is_found(sandbox, platform, post) -> None:
    hook = connect(sandbox, platform)
    assert hook.find(post, key="k") is None
    receipt = hook.publish(post, key="k", prepared=hook.prepare(post))
    found = hook.find(post, key="k")
    assert (found.remote_id, found.post_id) == (receipt.remote_id, "p1")


def test_the_same_text_twice_is_one_post(sandbox, platform) -> None:
    hook, post = connect(sandbox, platform), post_of(platform, "Only once")
    assert hook.publish(post, key="k").remote_id == hook.publish(post, key="k").remote_id


@pytest.mark.parametrize(
    ("fault", "is_live"),
    [
        ({"kind": "drop_before"}, False),
        ({"kind": "drop_after"}, True),
        ({"kind": "status", "status": 500}, False),
        ({"kind": "status", "status": 502, "commit": True}, True),
        ({"kind": "malformed"}, True),
    ],
    ids=str,
)
def test_an_unknown_outcome_is_settled_by_looking(sandbox, platform, fault, is_live) -> None:
    hook, post = connect(sandbox, platform), post_of(platform, f"Unknown after {fault}")
    sandbox.sandbox.faults.arm(
        {"times": 1, "platform": platform, "method": "POST", "endpoint": SEND[platform], **fault}
    )
    with pytest.raises(OutcomeUnknown):
        hook.publish(post, key="k")
    assert (hook.find(post, key="k") is not None) is is_live


def test_a_dead_token_is_told(sandbox, platform) -> None:
    with pytest.raises(CredentialsDead, match=f"{platform}_gone"):
        connect(sandbox, platform, "gone").publish(post_of(platform, "Hello"), key="k")


def test_facebooks_days_have_every_period_and_none_is_missing(sandbox) -> None:
    hook = connect(sandbox, "facebook")
    hook.known_retired.add(("account_day", "page_total_actions"))
    last = datetime.now(UTC).date() - timedelta(days=3)
    window = Window(last - timedelta(days=20), last)
    rows = [row for kept in hook.fetch("account_day", window) for row in hook.read(kept)]
    assert hook.requests_made == 1
    assert hook.retired == []
    assert {(row.metric_date, row.period) for row in rows} == {
        (day, period) for day in window.days() for period in ("day", "week", "days_28")
    }
    assert all(row.reach is not None for row in rows)
    assert all(row.followers is not None for row in rows if row.period == "day")


def test_facebooks_retired_metric_is_found_and_left_out(sandbox) -> None:
    hook = connect(sandbox, "facebook")
    day = datetime.now(UTC).date() - timedelta(days=3)
    assert len(list(hook.fetch("account_day", Window(day, day)))) == 1
    assert [found[:2] for found in hook.retired] == [("account_day", "page_total_actions")]


def test_xs_level_is_read_in_one_call(sandbox) -> None:
    hook = connect(sandbox, "x")
    today = datetime.now(UTC).date()
    (row,) = [row for kept in hook.fetch("account_day", Window(today, today)) for row in hook.read(kept)]
    assert isinstance(row, AccountDay)
    assert row.followers
    assert hook.requests_made == 1


def test_posts_come_with_their_counters(sandbox, platform) -> None:
    hook = connect(sandbox, platform)
    today = datetime.now(UTC).date()
    window = Window(today - timedelta(days=40), today - timedelta(days=2))
    rows = [row for kept in hook.fetch("posts", window) for row in hook.read(kept)]
    posts = [row for row in rows if isinstance(row, RemotePost)]
    snapshots = {row.remote_id: row for row in rows if isinstance(row, PostSnapshot)}
    assert posts
    assert {row.remote_id for row in posts} == set(snapshots)
    assert all(row.published_at.date() in window for row in posts)
    assert all(None not in (row.reactions, row.comments, row.shares) for row in snapshots.values())


def test_xs_private_metrics_are_there_while_x_gives_them(sandbox) -> None:
    hook = connect(sandbox, "x")
    today = datetime.now(UTC).date()
    window = Window(today - timedelta(days=50), today - timedelta(days=2))
    rows = [row for kept in hook.fetch("posts", window) for row in hook.read(kept)]
    ages = {row.remote_id: (today - row.published_at.date()).days for row in rows if isinstance(row, RemotePost)}
    private = {row.remote_id: "engagements" in row.extra for row in rows if isinstance(row, PostSnapshot)}
    assert {private[remote_id] for remote_id, age in ages.items() if age < 29} == {True}
    assert {private[remote_id] for remote_id, age in ages.items() if age > 30} == {False}
