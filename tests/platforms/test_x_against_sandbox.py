"""X's client and its sandbox at a whole thread, with things going wrong at every step."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from include.domain.errors import OutcomeUnknown, Refused, TryLater, Unfinished
from include.domain.posts import Media, Post, Receipt
from include.sandbox.running import RunningSandbox, running
from platforms.transport.access import Access
from platforms.x.hook import XHook

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
VIDEO = b"\x00\x00\x00\x18ftypisom" + bytes(2_500_000)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running({"accounts": [{"platform": "x", "name": "aurora"}]}) as box:
        yield box


@pytest.fixture
def x(sandbox: RunningSandbox) -> XHook:
    """The account, in a quarter of an hour of its own."""
    sandbox.sandbox.faults.clear()
    sandbox.sandbox.clock.advance(16 * 60)
    access = Access.to("x_aurora", f"{sandbox.url}/x", "sandbox-x-aurora")
    hook = XHook("x_aurora", access=access, pause=sandbox.sandbox.clock.advance)
    hook.session._pause = sandbox.sandbox.clock.advance
    return hook


def thread_of(sandbox: RunningSandbox, words: str, media: tuple[Media, ...] = ()) -> Post:
    """Two parts say the same, and so does the comment: only their places tell them apart."""
    now = sandbox.sandbox.clock.now()
    again = f"{words}: again"
    return Post("p1", "x_aurora", words, media, now, thread=(again, again, "See aurora.com"), first_comment=f"{words}!")


def live(sandbox: RunningSandbox, since: datetime) -> list[Any]:
    return [p for p in sandbox.sandbox.posts if p.live and p.created_at >= since]


STEPS = {
    "register": ("/2/media/upload/initialize", "POST", "tweet"),
    "send a piece": ("/append", "POST", "tweet"),
    "finish": ("/finalize", "POST", "tweet"),
    "ask for the video": ("/2/media/upload", "GET", "tweet"),
    "publish": ("/2/tweets", "POST", "tweet"),
    "follow": ("/2/tweets", "POST", "part"),
    "find": ("/2/users/:id/tweets", "GET", "tweet"),
    "find a part": ("/2/users/:id/tweets", "GET", "part"),
}
FAULTS: list[dict[str, Any]] = [
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502, "commit": True},
    {"kind": "malformed"},
    {"kind": "status", "status": 429, "retry_after": 0},
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_whatever_fails_there_is_one_thread_in_its_order(
    sandbox: RunningSandbox, x: XHook, tmp_path: Path, step: str, fault: dict[str, Any]
) -> None:
    """As the ledger does it: what is unknown is looked up, what is late is done again."""
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    post = thread_of(sandbox, f"{step} {FAULTS.index(fault)}", (Media(str(tmp_path / "a.mp4"), "A film"),))
    endpoint, method, where = STEPS[step]
    parts: list[str] = []
    for part in post.parts:
        if (where == "tweet") == (part.number == 0) and part.number < 2:
            arm(sandbox, endpoint, method, fault)
            if "find" in step:
                arm(sandbox, "/2/tweets", "POST", {"kind": "drop_after"})
        receipt = until_done(x, post, part, parts)
        parts.append(receipt.remote_id)
    out = live(sandbox, post.publish_at or datetime.now(UTC))
    assert [p.remote_id for p in out] == parts
    assert [p.text for p in out] == [part.text for part in post.parts]
    assert [p.reply_to for p in out] == [None, *parts[:3], parts[0]]
    assert len(out[0].media) == 1


def until_done(x: XHook, post: Post, part: Any, after: list[str]) -> Receipt:
    unknown = False
    for _ in range(8):
        try:
            if part.number == 0:
                found = x.find(post, key="k") if unknown else x.publish(post, key="k")
            else:
                do = x.find_part if unknown else x.follow
                found = do(post, part, key="k", after=after)
            unknown = False
            if found is not None:
                return found
        except TryLater:
            x.session._closed_until.clear()
        except OutcomeUnknown:
            unknown = True
    raise AssertionError("It never came to an end.")


def arm(sandbox: RunningSandbox, endpoint: str, method: str, fault: dict[str, Any]) -> None:
    sandbox.sandbox.faults.arm({"platform": "x", "endpoint": endpoint, "method": method, "times": 1, **fault})


def test_neither_the_post_nor_a_part_is_taken_for_the_other(sandbox: RunningSandbox, x: XHook) -> None:
    now = sandbox.sandbox.clock.now()
    thread = Post("p1", "x_aurora", "The first of two", publish_at=now, thread=("The same words",))
    first = x.publish(thread, key="k").remote_id
    part = x.follow(thread, thread.parts[1], key="k", after=[first]).remote_id
    alone = Post("p2", "x_aurora", "The same words", publish_at=now)
    assert x.find(alone, key="k") is None
    second = x.publish(alone, key="k").remote_id
    assert x.find(alone, key="k").remote_id == second
    assert x.find_part(thread, thread.parts[1], key="k", after=[first]).remote_id == part


def test_the_same_part_twice_is_one(sandbox: RunningSandbox, x: XHook) -> None:
    post = thread_of(sandbox, "Once and for all")
    first = x.publish(post, key="k").remote_id
    twice = [x.follow(post, post.parts[1], key="k", after=[first]).remote_id for _ in range(2)]
    assert twice[0] == twice[1]


def test_a_text_of_last_week_is_refused_and_can_go_out_again_once_it_is_gone(sandbox: RunningSandbox, x: XHook) -> None:
    old = Post("p1", "x_aurora", "Every week anew", publish_at=sandbox.sandbox.clock.now())
    receipt = x.publish(old, key="k")
    sandbox.sandbox.clock.advance(7 * 86_400)
    new = Post("p2", "x_aurora", "Every week anew", publish_at=sandbox.sandbox.clock.now())
    with pytest.raises(Refused, match="posted already"):
        x.publish(new, key="k")
    x.delete(receipt.remote_id)
    x.delete(receipt.remote_id)
    assert x.publish(new, key="k").remote_id != receipt.remote_id


def test_a_post_that_begins_with_a_name_is_found(sandbox: RunningSandbox, x: XHook) -> None:
    """X counts it among the replies."""
    post = Post("p1", "x_aurora", "@mekong has the best coffee", publish_at=sandbox.sandbox.clock.now())
    receipt = x.publish(post, key="k")
    assert x.find(post, key="k").remote_id == receipt.remote_id


def test_a_picture_of_somebody_else_is_not_taken_for_ours(sandbox: RunningSandbox, x: XHook, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PIXEL)
    (tmp_path / "b.png").write_bytes(PIXEL + b" ")
    now = sandbox.sandbox.clock.now()
    ours, theirs = (Post("p1", "x_aurora", "", (Media(str(tmp_path / name)),), now) for name in ("a.png", "b.png"))
    x.publish(theirs, key="l")
    prepared = x.prepare(ours)
    arm(sandbox, "/2/tweets", "POST", {"kind": "drop_before"})
    with pytest.raises(OutcomeUnknown):
        x.publish(ours, key="k", prepared=prepared)
    assert x.find(ours, key="k", prepared=prepared, since=now) is None
    receipt = x.publish(ours, key="k", prepared=prepared)
    assert x.find(ours, key="k", prepared=prepared, since=now).remote_id == receipt.remote_id


def test_a_video_that_takes_long_is_sent_once(sandbox: RunningSandbox, x: XHook, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("include.sandbox.x.media.PROCESSING_S", 300)
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    now = sandbox.sandbox.clock.now()
    post = Post("p1", "x_aurora", "A long film", (Media(str(tmp_path / "a.mp4"), "A film"),), now)
    earlier = None
    sandbox.sandbox.counters.clear()
    while True:
        try:
            prepared = x.prepare(post, earlier=earlier)
            break
        except Unfinished as late:
            earlier = late.prepared
    x.publish(post, key="k", prepared=prepared)
    counts = {r["endpoint"]: r["count"] for r in sandbox.sandbox.counters.summary()["requests"]}
    assert counts["/2/media/upload/initialize"] == 1
    assert len(live(sandbox, now)) == 1
