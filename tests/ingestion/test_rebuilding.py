"""The facts from the kept answers: bit by bit what they were, and right where a reading was mended."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.domain import Account, Stream, Window
from include.ingestion.ingest import ingest
from include.ingestion.rebuilding import rebuild

FIRST, LAST = date(2026, 11, 12), date(2026, 11, 22)
ALL = Window(FIRST, LAST)
FACTS = ("account_day", "remote_post", "post_snapshot")


@pytest.fixture
def read(engine: Engine, platform: Any, account: Account, clock: Any, today: date) -> Callable[..., None]:
    def night(*streams: Stream, **forward: float) -> None:
        for stream in streams:
            told = ingest(engine, platform, account, stream, ALL, by="x", today=today, clock=clock)
            assert not told.problems
        clock.forward(**forward)

    return night


def _facts(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM desk.{name} ORDER BY 1, 2, 3"))]
            for name in FACTS
        }


def _history(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM desk.account_day_history")) or 0)


def test_facts_that_were_lost_come_back_as_they_were(
    read: Callable[..., None], engine: Engine, platform: Any, account: Account, days: Stream, posts: Stream
) -> None:
    read(days, posts, days=1)
    platform.followers[LAST] += 40  # restated
    platform.posts[0] |= {"likes": 9, "text": "Pane caldo!"}
    read(days, posts)
    before = _facts(engine)
    assert len(before["post_snapshot"]) == 2
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(f'desk.{name}' for name in FACTS)}"))
    for stream in (days, posts):
        told = rebuild(engine, platform, account.key, stream.name, ALL)
        assert (told.restated, told.unreadable, told.without) == (0, (), 0)
    assert _facts(engine) == before


def test_where_nothing_is_wrong_nothing_is_written(
    read: Callable[..., None], engine: Engine, platform: Any, account: Account, days: Stream
) -> None:
    read(days, days=1)
    platform.followers[LAST] += 40
    read(days)
    before, history = _facts(engine), _history(engine)
    told = rebuild(engine, platform, account.key, days.name, ALL)
    assert (told.rows_written, told.restated, told.unchanged) == (0, 0, len(ALL))
    assert (_facts(engine), _history(engine)) == (before, history)


def test_a_mended_reading_corrects_the_facts_and_keeps_what_they_said(
    read: Callable[..., None], engine: Engine, platform: Any, account: Account, days: Stream
) -> None:
    read(days)
    asked, honest = len(platform.asked), platform.read
    platform.read = lambda response: (row._replace(followers=row.followers * 2) for row in honest(response))
    told = rebuild(engine, platform, account.key, days.name, Window(LAST, LAST))
    assert (told.rows_written, told.restated) == (0, 1)
    assert str(told).endswith("0 rows written, 1 corrected, 0 unchanged")
    assert _history(engine) == 1
    assert len(platform.asked) == asked


def test_an_answer_that_cannot_be_read_is_named_and_a_day_without_one_counted(
    read: Callable[..., None], engine: Engine, platform: Any, account: Account, days: Stream
) -> None:
    read(days)
    before = _facts(engine)
    platform.read = lambda response: {}["data"]
    told = rebuild(engine, platform, account.key, days.name, Window(date(2026, 11, 1), LAST))
    assert told.without == 11
    assert all("KeyError" in said for said in told.unreadable)
    assert _facts(engine) == before


def test_what_a_run_reads_meanwhile_is_not_set_back(
    read: Callable[..., None], engine: Engine, platform: Any, account: Account, days: Stream, clock: Any
) -> None:
    read(days, days=1)
    platform.followers[LAST] += 1000
    honest, meanwhile = platform.read, iter([True])

    def slowly(response: Any) -> Any:
        platform.read = honest
        if next(meanwhile, False):
            read(days)
        return honest(response)

    platform.read = slowly
    told = rebuild(engine, platform, account.key, days.name, ALL)
    assert told.unreadable == ()
    facts = {row[1]: row[3] for row in _facts(engine)["account_day"]}
    assert facts[LAST] == 2013
    assert _history(engine) == 1
