"""Facts from what was kept, and what a backfill would cost."""

import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from include.domain import Account, Stream, Window
from include.ingestion.ingest import ingest
from include.ingestion.plan import outlook
from include.ingestion.rebuild import rebuild

DAYS = Window(date(2026, 11, 10), date(2026, 11, 22))
FACTS = "SELECT metric_date, followers FROM desk.account_day ORDER BY 1"
SNAPSHOTS = "SELECT remote_id, observed_on, reactions FROM desk.post_snapshot ORDER BY 2"


def nights(engine: Engine, platform: Any, account: Account, streams: list[Stream], today: date, clock: Any) -> None:
    """Three nights on which followers are restated and the post gets more likes."""
    for night in range(3):
        for stream in streams:
            day = today + timedelta(days=night)
            ingest(engine, platform, account, stream, DAYS, by="nightly", today=day, clock=clock)
        platform.followers = {day: level + 1 for day, level in platform.followers.items()}
        platform.posts[0]["likes"] += 3
        clock.forward(days=1)


def test_facts_that_were_lost_come_back_as_they_were_without_a_call(
    engine: Engine, platform: Any, account: Account, days: Stream, posts: Stream, today: date, clock: Any, rows: Any
) -> None:
    nights(engine, platform, account, [days, posts], today, clock)
    before, asked = (rows(FACTS), rows(SNAPSHOTS)), len(platform.asked)
    assert [likes for _, _, likes in before[1]] == [7, 10, 13]
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE desk.account_day, desk.post_snapshot, desk.remote_post"))
    report = rebuild(engine, {"memory": platform}, [account], ["account_day", "posts"], DAYS)
    assert [outcome.rows_written for outcome in report.outcomes] == [13, 4]
    assert (rows(FACTS), rows(SNAPSHOTS), len(platform.asked)) == (*before, asked)


def test_a_reading_that_goes_on_past_midnight_is_one_snapshot_also_when_rebuilt(
    engine: Engine, platform: Any, account: Account, posts: Stream, today: date, clock: Any, rows: Any
) -> None:
    platform.posts.append({"id": "p2", "at": "2026-11-21T09:00:00+00:00", "text": "Pane freddo", "likes": 2})
    clock.now = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)

    def two_pages(stream: str, window: Window) -> Iterator[Any]:
        for page in platform.posts:
            yield platform._answer(stream, [page])
            clock.forward(minutes=2)

    platform.fetch = two_pages
    ingest(engine, platform, account, posts, DAYS, by="nightly", today=today, clock=clock)
    assert rows("SELECT remote_id, observed_on FROM desk.post_snapshot ORDER BY 1") == [("p1", today), ("p2", today)]
    (outcome,) = rebuild(engine, {"memory": platform}, [account], ["posts"], DAYS).outcomes
    assert (outcome.rows_written, outcome.restated, outcome.unchanged) == (0, 0, 4)


def test_rebuilding_what_is_right_writes_nothing(
    engine: Engine, platform: Any, account: Account, days: Stream, today: date, clock: Any, rows: Any
) -> None:
    nights(engine, platform, account, [days], today, clock)
    restated = rows("SELECT count(*)::int FROM desk.account_day_history")
    (outcome,) = rebuild(engine, {"memory": platform}, [account], ["account_day"], DAYS).outcomes
    assert (outcome.rows_written, outcome.restated, outcome.unchanged) == (0, 0, 13)
    assert rows("SELECT count(*)::int FROM desk.account_day_history") == restated


def test_a_mended_reading_reaches_old_facts_and_only_the_days_asked_for(
    engine: Engine, platform: Any, account: Account, days: Stream, today: date, clock: Any, rows: Any
) -> None:
    nights(engine, platform, account, [days], today, clock)
    before, honest = dict(rows(FACTS)), platform.read
    platform.read = lambda response: (row._replace(followers=row.followers * 2) for row in honest(response))
    window = Window(date(2026, 11, 18), date(2026, 11, 21))
    rebuild(engine, {"memory": platform}, [account], ["account_day"], window)
    assert dict(rows(FACTS)) == {day: level * 2 if day in window else level for day, level in before.items()}


def test_an_answer_that_cannot_be_read_is_named_and_passed_over(
    engine: Engine, platform: Any, account: Account, days: Stream, today: date, clock: Any, rows: Any
) -> None:
    nights(engine, platform, account, [days], today, clock)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE desk.raw_response SET body = :cut WHERE first = '2026-11-15'"), {"cut": zlib.compress(b"[{")}
        )
    (outcome,) = rebuild(engine, {"memory": platform}, [account], ["account_day"], DAYS).outcomes
    assert outcome.problems == (
        "The answer of 2026-11-23 04:00 UTC for 2026-11-15..2026-11-19 could not be read (JSONDecodeError).",
    )
    assert outcome.days == 8


def test_the_outlook_of_a_backfill_counts_days_and_calls_and_writes_nothing(
    engine: Engine, account: Account, days: Stream, level: Stream, today: date, rows: Callable[[str], Any]
) -> None:
    two_months = Window(date(2026, 9, 20), date(2026, 11, 22))
    now = datetime(2026, 11, 23, 4, tzinfo=UTC)
    with engine.begin() as connection:
        told = outlook(connection, [(account, days, today), (account, level, today)], two_months, now)
    assert str(told[0]) == (
        "memory_aurora account_day 2026-09-20..2026-11-22: 60 days to read in at least 12 calls; 4 days lost."
        " The platform answers for 60 days back, and this day is older."
    )
    assert str(told[1]) == (
        "memory_aurora account_day 2026-09-20..2026-11-22: 1 day to read in at least 1 call; 64 days lost."
        " The platform tells only today's value, and nobody read it on that day."
    )
    assert rows("SELECT count(*)::int FROM desk.ingest_window") == [(0,)]
