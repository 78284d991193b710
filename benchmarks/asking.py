"""How many requests a history of eight weeks of one Facebook Page costs: our whole way of asking, over HTTP.

The sandbox counts. The goal is the least that the documentation allows: page insights take up to 90 days a call, all
metrics and periods in one, and the list of posts with their insights nested takes 100 posts a page.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select

from benchmarks.measurement import Measurement
from benchmarks.warehouse import empty_warehouse
from include.domain import Account, Window
from include.ingestion.batch import Job, ingest_batch
from include.ingestion.windows import today_for
from include.sandbox.running import RunningSandbox, running
from include.warehouse.tables import remote_post
from platforms import every_platform
from platforms.facebook.hook import FacebookHook
from platforms.transport.access import Access

ACCOUNT, TOKEN = Account("facebook", "aurora", "aurora"), "sandbox-facebook"
MOST_DAYS, MOST_POSTS = 90, 100


def measure(size: float = 1.0) -> list[Measurement]:
    days = max(round(56 * size), 1)
    page = {"platform": ACCOUNT.platform, "name": ACCOUNT.name, "token": TOKEN}
    with running({"accounts": [page]}) as sandbox, empty_warehouse() as engine:
        problems = _ingest(engine, sandbox, days)
        if problems:
            raise RuntimeError(f"The history could not be read: {' '.join(problems)}")
        with engine.connect() as connection:
            posts = connection.scalar(select(func.count()).select_from(remote_post)) or 0
        asked = sandbox.sandbox.counters.summary()["total"]
    least = math.ceil(days / MOST_DAYS) + math.ceil(posts / MOST_POSTS)
    return [Measurement(f"{days} days of a Facebook Page with {posts} posts", asked, "requests", goal=least)]


def _ingest(engine: Engine, sandbox: RunningSandbox, days: int) -> Sequence[str]:
    now, platform = datetime.now(UTC), every_platform()[ACCOUNT.platform]
    access = Access.to(ACCOUNT.key, f"{sandbox.url}/{ACCOUNT.platform}", TOKEN)
    hook = FacebookHook(ACCOUNT.key, access=access)
    jobs = []
    for stream in platform.streams:
        today = today_for(stream, platform.day_zone, now)
        wanted = Window(today - timedelta(days=days), today - timedelta(days=1))
        jobs.append(Job(hook, ACCOUNT, stream, wanted, today))
    return ingest_batch(engine, jobs, by="benchmark").problems
