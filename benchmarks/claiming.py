"""How long a rush takes: many posts due at the same moment, sent by one run of `publish_posts`.

The network takes 200 ms a post. Posts of one account go out one after the other, accounts side by side.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from sqlalchemy import Engine

from benchmarks.measurement import Measurement, seconds
from benchmarks.warehouse import empty_warehouse
from include.domain import Post, Receipt
from include.orchestration import doors, publishing
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule

ACCOUNTS = 100
POSTS_EACH = 5
CALL_S = 0.2


class SlowNetwork:
    """A Publisher that accepts everything, after a while."""

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        return {}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        time.sleep(CALL_S)
        return Receipt(post.post_id, key, f"https://network.example/{post.post_id}", datetime.now(UTC))

    def find(self, post: Post, *, key: str) -> Receipt | None:
        return None


def measure(size: float = 1.0) -> list[Measurement]:
    accounts = max(round(ACCOUNTS * size), 1)
    with empty_warehouse() as engine:
        planned = _plan(engine, accounts)
        took = seconds(lambda: _send_until_all_are_live(engine, planned))
    name = f"{planned} posts on {accounts} accounts, due at once, until all are live"
    return [Measurement(name, took, "s", goal=30)]


def _plan(engine: Engine, accounts: int) -> int:
    now = datetime.now(UTC)
    posts = [
        Post(f"{number}:x_{account}", f"x_{account}", f"Buongiorno {number}", publish_at=now)
        for account in range(accounts)
        for number in range(POSTS_EACH)
    ]
    calendar = [PlannedPost(post, "aurora", "calendar.csv", needs_approval=False) for post in posts]
    return len(schedule(engine, calendar, now=now, by="benchmark").planned)


def _send_until_all_are_live(engine: Engine, planned: int) -> None:
    """The task of `publish_posts` itself, with the doors to the world replaced."""
    network = SlowNetwork()
    with (
        mock.patch.object(publishing, "get_current_context", return_value={"run_id": "benchmark"}),
        mock.patch.multiple(doors, warehouse=lambda: engine, brands=list, hook=lambda account: network),
    ):
        states = publishing.send_due()
    if states != {"live": planned}:
        raise RuntimeError(f"Not every post went out: {states}")
