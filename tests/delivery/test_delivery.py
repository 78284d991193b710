"""Every network through the ledger: whatever is lost, each part is out once, and no other post is taken for it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from include.sandbox.running import RunningSandbox, running
from tests.delivery.delivery import SEND, Delivery, world

LOST = [{"kind": "drop_before"}, {"kind": "drop_after"}, {"kind": "status", "status": 502, "commit": True}]
LAG_S = 90


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with running(world(tmp_path_factory.mktemp("media"))) as box:
        yield box


@pytest.fixture
def desk_of(engine: Engine, box: RunningSandbox) -> Iterator[Any]:
    """The desk of one network, on a day of its own."""
    box.sandbox.clock.advance(90_000)
    yield lambda platform, **more: Delivery(engine, box, platform, **more)
    box.sandbox.faults.clear()
    box.sandbox.lists_lag_s.clear()


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: "-".join(map(str, fault.values())))
@pytest.mark.parametrize("part", [0, 1], ids=["the post", "what follows it"])
@pytest.mark.parametrize("platform", SEND)
def test_whatever_is_lost_each_part_is_out_once_beside_posts_that_are_much_like_it(
    desk_of: Any, platform: str, part: int, fault: dict[str, Any]
) -> None:
    desk, words = desk_of(platform), f"Bread of {part}, {fault}"
    desk.deliver(desk.post("yesterday", words, pictures=1, follows=f"Under {words}"))
    desk.box.sandbox.clock.advance(90_000)
    desk.deliver(desk.post("near", f"More {words}", pictures=1, follows=f"Under {words}"))
    others = {*desk.out(words), *desk.out(f"More {words}"), *desk.out(f"Under {words}")}
    desk.fails(part, **fault)
    post = desk.post("today", words, pictures=1, follows=f"Under {words}")
    desk.deliver(post)
    said = [row.remote_id for row in desk.rows(post)]
    assert [row.state for row in desk.rows(post)] == ["live", "live"]
    assert said == [
        *(each for each in desk.out(words) if each not in others),
        *(each for each in desk.out(f"Under {words}") if each not in others),
    ]


@pytest.mark.parametrize("platform", ["x", "linkedin", "facebook"])
def test_lists_that_lag_behind_lead_to_no_second_copy(desk_of: Any, platform: str) -> None:
    desk = desk_of(platform)
    desk.box.sandbox.lists_lag_s[platform] = LAG_S
    desk.fails(0, kind="drop_after")
    post = desk.post("one", f"Lagging on {platform}", pictures=1)
    desk.deliver(post)
    assert [row.remote_id for row in desk.rows(post)] == desk.out(post.text)
    assert len(desk.out(post.text)) == 1


@pytest.mark.parametrize("platform", ["x", "linkedin", "facebook"])
def test_without_the_delay_a_second_copy_would_go_out(desk_of: Any, platform: str) -> None:
    """What `find_delay` is for: else the test above would prove nothing."""
    desk = desk_of(platform, find_delay=timedelta(0))
    desk.box.sandbox.lists_lag_s[platform] = LAG_S
    desk.fails(0, kind="drop_after")
    post = desk.post("one", f"Too soon on {platform}", pictures=1)
    desk.deliver(post)
    assert len(desk.out(post.text)) == 2


@pytest.mark.parametrize("platform", ["x", "linkedin", "facebook"])
def test_the_same_text_twice_within_minutes_is_told_and_not_called_live(desk_of: Any, platform: str) -> None:
    desk, words = desk_of(platform), f"Said twice on {platform}"
    first = desk.post("first", words)
    desk.deliver(first)
    desk.box.sandbox.clock.advance(300)
    second = desk.post("second", words)
    desk.deliver(second)
    ((live,), (held,)) = desk.rows(first), desk.rows(second)
    assert (live.state, live.remote_id) == ("live", *desk.out(words))
    assert (held.state, held.remote_id) == ("held", None)
    assert f"which is post {first.post_id}, and may take no second one" in held.reason
