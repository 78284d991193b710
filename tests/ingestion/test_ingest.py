"""A night's reading of one stream, undisturbed and disturbed."""

import os
import signal
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from include.domain import (
    Account,
    AccountDay,
    CredentialsDead,
    Refused,
    Retired,
    Stream,
    TryLater,
    Window,
)
from include.ingestion import ledger, turn
from include.ingestion.ingest import ingest
from include.ingestion.outcomes import Ingested
from include.warehouse.engine import connect

Rows = Callable[[str], list[tuple[Any, ...]]]
FIRST, LAST = date(2026, 11, 10), date(2026, 11, 22)
KNOWN = Window(FIRST, LAST)
STATUSES = "SELECT status, count(*)::int FROM desk.ingest_window GROUP BY 1 ORDER BY 1"


@pytest.fixture
def night(engine: Engine, account: Account, today: date, clock: Any) -> Callable[..., Ingested]:
    """Run one night over the thirteen days of which the platform knows."""

    def run(platform: Any, stream: Stream, days: Window = KNOWN, today: date = today) -> Ingested:
        return ingest(engine, platform, account, stream, days, by="nightly", today=today, clock=clock)

    return run


def test_thirteen_days_in_three_calls_and_the_young_ones_stay_provisional(
    night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows
) -> None:
    told = night(platform, days)
    assert (told.requests, told.rows_written, told.days, told.problems) == (3, 13, 13, ())
    assert [str(window) for window in platform.asked] == [
        "2026-11-10..2026-11-14",
        "2026-11-15..2026-11-19",
        "2026-11-20..2026-11-22",
    ]
    assert rows(STATUSES) == [("final", 11), ("provisional", 2)]
    assert rows("SELECT sum(requests)::int, sum(rows)::int, count(leased_by) FROM desk.ingest_window") == [(3, 13, 0)]
    assert rows("SELECT min(followers), max(followers) FROM desk.account_day") == [(1001, 1013)]
    assert str(told) == (
        "memory_aurora account_day: 13 days read in 3 requests; 13 rows written, 0 restated, 0 unchanged"
    )


def test_the_next_night_asks_only_for_what_may_have_changed(
    night: Callable[..., Ingested], platform: Any, days: Stream, clock: Any, today: date, rows: Rows
) -> None:
    night(platform, days)
    clock.forward(days=1)
    platform.followers[LAST] = 1013 + 5
    told = night(platform, days, Window(FIRST, today), today + timedelta(days=1))
    assert [str(window) for window in platform.asked[3:]] == ["2026-11-21..2026-11-23"]
    assert (told.rows_written, told.restated, told.unchanged) == (1, 1, 1)
    assert rows("SELECT metric_date, before FROM desk.account_day_history") == [(LAST, {"followers": 1013})]


def test_a_second_run_within_the_hour_asks_nothing(
    night: Callable[..., Ingested], platform: Any, days: Stream, clock: Any
) -> None:
    night(platform, days)
    clock.forward(minutes=30)
    assert night(platform, days).requests == 0


def test_days_that_another_run_holds_are_left_to_it(
    night: Callable[..., Ingested], platform: Any, days: Stream, engine: Engine, clock: Any, account: Account
) -> None:
    held = Window(date(2026, 11, 12), date(2026, 11, 20)).days()
    with engine.begin() as connection:
        ledger.expect(connection, account.key, "account_day", held)
        ledger.lease(connection, account.key, "account_day", held, by="backfill", now=clock(), for_s=600)
    told = night(platform, days)
    assert told.days == 4
    assert not any(day in window for window in platform.asked for day in held)


def test_a_snapshot_is_read_today_and_the_days_before_it_are_lost_in_words(
    night: Callable[..., Ingested], platform: Any, level: Stream, rows: Rows, today: date
) -> None:
    night(platform, level, Window(date(2026, 11, 21), date(2026, 11, 22)))
    assert rows("SELECT metric_date, followers FROM desk.account_day") == [(today, 1014)]
    assert rows("SELECT metric_date, status, reason FROM desk.ingest_window ORDER BY 1 LIMIT 1") == [
        (date(2026, 11, 21), "lost", "The platform tells only today's value, and nobody read it on that day.")
    ]


def test_when_asked_to_wait_the_rest_of_the_stream_is_put_off_until_then(
    night: Callable[..., Ingested], platform: Any, days: Stream, clock: Any, rows: Rows
) -> None:
    def limited(window: Window) -> None:
        if window.first > FIRST:
            raise TryLater("memory_aurora: 200 calls an hour are used up.", wait_s=600)

    platform.trouble = limited
    told = night(platform, days)
    assert told.waits == clock() + timedelta(minutes=10)
    assert (told.days, len(platform.asked)) == (5, 2)
    assert rows("SELECT DISTINCT not_before, reason FROM desk.ingest_window WHERE status = 'failed'") == [
        (told.waits, "memory_aurora: 200 calls an hour are used up.")
    ]
    platform.trouble = lambda window: None
    assert night(platform, days).requests == 0
    clock.forward(minutes=10)
    assert night(platform, days).days == 8


def test_a_dead_token_fails_the_stream_with_its_words_and_one_call(
    night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows
) -> None:
    def dead(window: Window) -> None:
        raise CredentialsDead("The token of memory_aurora has expired. Renew it and run again.")

    platform.trouble = dead
    told = night(platform, days)
    assert told.credentials_dead
    assert len(platform.asked) == 1
    assert rows("SELECT status, reason, count(*)::int FROM desk.ingest_window GROUP BY 1, 2") == [
        ("failed", "The token of memory_aurora has expired. Renew it and run again.", 13)
    ]


def test_a_refused_window_fails_alone(night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows) -> None:
    def refuse(window: Window) -> None:
        if date(2026, 11, 16) in window:
            raise Refused("memory_aurora: those five days are not to be had.")

    platform.trouble = refuse
    assert night(platform, days).days == 8
    assert rows(STATUSES) == [("failed", 5), ("final", 6), ("provisional", 2)]


def test_a_retired_metric_is_remembered_told_once_and_left_out_by_the_next_process(
    night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows, clock: Any, today: date
) -> None:
    platform.gone = ("page_fans",)
    told = night(platform, days)
    assert (told.retired, told.days, told.requests) == (("page_fans",), 13, 4)
    assert rows("SELECT account, stream, metric, reason FROM desk.retired_metric") == [
        ("memory_aurora", "account_day", "page_fans", "page_fans must be a valid insights metric.")
    ]
    assert "page_fans is no longer served" in str(told)

    platform.known_retired.clear()
    clock.forward(days=1)
    told = night(platform, days, today=today + timedelta(days=1))
    assert (told.retired, told.requests) == ((), 1)


def test_a_metric_that_the_source_cannot_leave_out_fails_its_days(
    night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows
) -> None:
    def retired(window: Window) -> None:
        raise Retired("page_fans is no longer served.", metric="page_fans")

    platform.trouble = retired
    assert night(platform, days).days == 0
    assert rows(STATUSES) == [("failed", 13)]
    assert rows("SELECT metric FROM desk.retired_metric") == [("page_fans",)]


def test_wrong_rows_are_refused_and_named_and_the_others_loaded(
    night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows
) -> None:
    platform.followers[date(2026, 11, 20)] = -4
    honest = platform.read

    def read(response: Any) -> Any:
        yield from honest(response)
        yield AccountDay("memory_aurora", date(2026, 12, 24), "day", 5)

    platform.read = read
    told = night(platform, days, Window(date(2026, 11, 20), LAST))
    (problem,) = told.problems
    assert problem == (
        "2026-11-20..2026-11-22: 2 rows refused: day 2026-11-20: followers is -4;"
        " day 2026-12-24 is outside 2026-11-20..2026-11-22."
    )
    assert rows("SELECT metric_date FROM desk.account_day ORDER BY 1") == [(date(2026, 11, 21),), (LAST,)]
    assert rows("SELECT count(*)::int FROM desk.ingest_window WHERE reason LIKE '2 rows refused%'") == [(3,)]


def test_an_answer_that_cannot_be_read_is_kept_and_its_days_fail(
    night: Callable[..., Ingested], platform: Any, days: Stream, rows: Rows
) -> None:
    platform.read = lambda response: {}["data"]
    told = night(platform, days, Window(date(2026, 11, 20), LAST))
    assert told.problems == ("The answer could not be read (KeyError). It is kept: mend the reading and run again.",)
    assert rows("SELECT count(*)::int FROM desk.raw_response") == [(1,)]
    assert rows(STATUSES) == [("failed", 3)]


def test_a_run_that_was_overtaken_drops_what_it_fetched(
    night: Callable[..., Ingested], platform: Any, days: Stream, engine: Engine, clock: Any, rows: Rows
) -> None:
    def overtaken(window: Window) -> None:
        clock.forward(seconds=turn.LEASE_S + 1)
        platform.trouble = lambda window: None
        night(platform, days, Window(FIRST, FIRST))
        platform.followers[FIRST] = 7

    platform.trouble = overtaken
    told = night(platform, days, Window(FIRST, FIRST))
    assert (told.days, told.rows_written) == (0, 0)
    assert rows("SELECT followers FROM desk.account_day") == [(1001,)]


def killed_in(place: str, monkeypatch: pytest.MonkeyPatch, platform: Any) -> None:
    def die(*args: object, **kwargs: object) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    if place == "fetch":
        platform.trouble = lambda window: die() if window.first > FIRST else None
    elif place == "read":
        platform.read = die
    else:
        monkeypatch.setattr(ledger, "done", die)


@pytest.mark.parametrize("place", ["fetch", "read", "load"])
def test_a_killed_run_leaves_facts_consistent_and_the_next_one_ends_as_if_undisturbed(
    place: str,
    warehouse: str,
    engine: Engine,
    days: Stream,
    clock: Any,
    today: date,
    rows: Rows,
    make_platform: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(own: Engine, name: str, platform: Any) -> Ingested:
        whose = Account("memory", name, "aurora")
        return ingest(own, platform, whose, days, Window(FIRST, LAST), by="nightly", today=today, clock=clock)

    child = os.fork()
    if child == 0:
        platform = make_platform("memory_killed")
        killed_in(place, monkeypatch, platform)
        run(connect(warehouse), "killed", platform)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL

    read = "SELECT count(*)::int FROM desk.account_day"
    known = "SELECT coalesce(sum(rows), 0)::int FROM desk.ingest_window WHERE status IN ('final', 'provisional')"
    assert rows(read) == rows(known) == [(5 if place == "fetch" else 0,)]

    clock.forward(seconds=turn.LEASE_S + 1)
    run(engine, "killed", make_platform("memory_killed"))
    run(engine, "calm", make_platform("memory_calm"))
    for columns, table in (
        ("metric_date, period, followers", "account_day"),
        ("metric_date, status, rows, requests, reason, leased_by", "ingest_window"),
        ("first, last, body", "raw_response"),
    ):
        both = [
            rows(f"SELECT {columns} FROM desk.{table} WHERE account = 'memory_{who}' ORDER BY 1, 2")
            for who in ("killed", "calm")
        ]
        assert both[0] == both[1]
