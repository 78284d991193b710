"""Many accounts in one task."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from include.domain import Account, CredentialsDead, Stream, TryLater, Window
from include.ingestion.batch import Job, ingest_batch

DAYS = Window(date(2026, 11, 10), date(2026, 11, 22))
NAMES = ("aurora", "bamboo", "cedar")


@pytest.fixture
def platforms(make_platform: Callable[[str], Any]) -> dict[str, Any]:
    return {name: make_platform(f"memory_{name}") for name in NAMES}


@pytest.fixture
def batch(engine: Engine, platforms: dict[str, Any], days: Stream, posts: Stream, today: date, clock: Any) -> Any:
    def run() -> Any:
        jobs = [
            Job(platforms[name], Account("memory", name, name), stream, DAYS, today)
            for name in NAMES
            for stream in (days, posts)
        ]
        return ingest_batch(engine, jobs, by="nightly", clock=clock)

    return run


def test_every_stream_of_every_account_is_told_of_in_order(batch: Any) -> None:
    assert str(batch()).splitlines()[:2] == [
        "memory_aurora account_day: 13 days read in 3 requests; 13 rows written, 0 restated, 0 unchanged",
        "memory_aurora posts: 13 days read in 1 request; 2 rows written, 0 restated, 0 unchanged",
    ]


def test_a_dead_token_stops_its_account_and_no_other(batch: Any, platforms: dict[str, Any], rows: Any) -> None:
    def dead(window: Window) -> None:
        raise CredentialsDead("The token of memory_bamboo is gone. Renew it.")

    platforms["bamboo"].trouble = dead
    report = batch()
    assert [outcome.days for outcome in report.outcomes] == [13, 13, 0, 0, 13, 13]
    assert [outcome.failed for outcome in report.outcomes] == [False, False, True, True, False, False]
    assert len(platforms["bamboo"].asked) == 1
    assert report.problems == ["The token of memory_bamboo is gone. Renew it."] * 2
    assert rows("SELECT DISTINCT account, reason FROM desk.ingest_window WHERE status = 'failed'") == [
        ("memory_bamboo", "The token of memory_bamboo is gone. Renew it.")
    ]


def test_the_report_says_when_the_first_limited_account_may_go_on(
    batch: Any, platforms: dict[str, Any], clock: Any
) -> None:
    def limited(wait_s: float) -> Callable[[Window], None]:
        def trouble(window: Window) -> None:
            raise TryLater("Too many calls.", wait_s=wait_s)

        return trouble

    platforms["aurora"].trouble, platforms["cedar"].trouble = limited(900), limited(60)
    assert batch().waits == clock() + timedelta(seconds=60)


def test_a_fault_of_our_own_in_one_account_spares_the_others(batch: Any, platforms: dict[str, Any]) -> None:
    platforms["cedar"].fetch = lambda stream, window: None
    report = batch()
    assert [outcome.days for outcome in report.outcomes] == [13, 13, 13, 13, 0, 0]
    assert report.problems == ["The call ended in TypeError; the run's log says where."] * 4
