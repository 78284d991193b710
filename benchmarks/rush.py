"""How long a rush takes over HTTP: the real hooks, and a sandbox in a process of its own that answers in 200 ms.

The same posts as in `claiming.py`, spread over five networks; one run of `publish_posts` sends them. What counts is the
ledger: by how much the last post was late.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import text

from benchmarks.faults.desk import POSTS_OF_AN_ACCOUNT, Desk, opened
from benchmarks.measurement import Measurement
from benchmarks.warehouse import empty_warehouse
from include.domain import Post
from include.orchestration import publishing
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule

NETWORKS = ["bluesky", "facebook", "linkedin", "mastodon", "x"]
ACCOUNTS = 100
POSTS_EACH = 5
ANSWERS_IN_S = 0.2
PLANNED_IN = timedelta(seconds=40)  # of the whole plan on a busy machine; the run waits for the second that is due
GOAL_S = 30


def measure(size: float = 1.0) -> list[Measurement]:
    accounts = max(round(ACCOUNTS * size / len(NETWORKS)), 1) * len(NETWORKS)
    wanted = accounts * POSTS_OF_AN_ACCOUNT  # which makes as many accounts
    with (
        tempfile.TemporaryDirectory(prefix="desk-rush-") as folder,
        empty_warehouse() as engine,
        opened(Path(folder), engine, NETWORKS, wanted, seed=7) as desk,
        mock.patch.object(publishing, "get_current_context", return_value={"run_id": "benchmark"}),
    ):
        desk.sandbox("faults", "POST", kind="delay", seconds=ANSWERS_IN_S)
        posts = _plan(desk, datetime.now(UTC) + PLANNED_IN * size)
        publishing.send_due()
        late, asked = _late(desk, posts), int(desk.sandbox("requests")["total"])
    name = f"{posts} posts on {accounts} accounts, due at once, sent to the sandbox over HTTP"
    return [
        Measurement(f"{name}: the last one is late by", max(late), "s", GOAL_S),
        Measurement("requests for each of them", asked / posts, "requests"),
    ]


def _plan(desk: Desk, due: datetime) -> int:
    posts = [
        Post(f"{number}:{account.key}", account.key, f"Buongiorno {number}", publish_at=due)
        for account in desk.accounts
        for number in range(POSTS_EACH)
    ]
    calendar = [PlannedPost(post, "shop", "benchmark", needs_approval=False) for post in posts]
    return len(schedule(desk.engine, calendar, now=datetime.now(UTC), by="benchmark").planned)


def _late(desk: Desk, posts: int) -> list[float]:
    """By how many seconds each was late, once all are live."""
    query = "SELECT extract(epoch FROM live_at - publish_at)::float FROM desk.publication WHERE state = 'live'"
    with desk.engine.connect() as connection:
        late = list(connection.scalars(text(query)))
        states = connection.execute(text("SELECT state, count(*) FROM desk.publication GROUP BY state")).all()
        why = connection.scalar(text("SELECT min(reason) FROM desk.publication WHERE state <> 'live'"))
    if len(late) != posts:
        raise RuntimeError(f"Not every post went out: {states}, such as: {why}")
    return late
