"""Leases: no day is fetched by two, and none is kept by the dead."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine

from include.domain import Window
from include.ingestion import ledger

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
WEEK = Window(date(2026, 11, 16), date(2026, 11, 22)).days()
WHOSE = ("x_aurora", "posts")


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        ledger.expect(connection, *WHOSE, WEEK)
        yield connection


def lease(connection: Connection, by: str, *, now: datetime = NOW, for_s: float = 60) -> list[date]:
    return ledger.lease(connection, *WHOSE, WEEK, by=by, now=now, for_s=for_s)


def finish(connection: Connection, days: list[date], at: datetime = NOW, final: list[date] | None = None) -> None:
    ledger.done(connection, *WHOSE, dict.fromkeys(days, 1), final=final or [], requests=3, fetched_at=at)


def test_a_missing_day_is_a_row_once(connection: Connection) -> None:
    assert ledger.expect(connection, *WHOSE, [*WEEK, date(2026, 11, 23)]) == 1
    assert {day.status for day in ledger.known(connection, *WHOSE, Window(WEEK[0], WEEK[-1])).values()} == {"missing"}


def test_what_one_run_holds_another_does_not_get_until_the_lease_runs_out(connection: Connection) -> None:
    assert lease(connection, "schedule") == WEEK
    assert lease(connection, "backfill", now=NOW + timedelta(seconds=59)) == []
    assert lease(connection, "backfill", now=NOW + timedelta(seconds=60)) == WEEK


def test_a_day_just_read_by_another_run_is_not_leased_for_an_hour(connection: Connection) -> None:
    finish(connection, lease(connection, "schedule"))
    assert lease(connection, "by hand", now=NOW + timedelta(minutes=59)) == []
    assert lease(connection, "by hand", now=NOW + timedelta(minutes=60)) == WEEK


def test_a_final_day_is_never_leased(connection: Connection) -> None:
    finish(connection, lease(connection, "schedule"), final=WEEK[:3])
    assert lease(connection, "backfill", now=NOW + timedelta(days=9)) == WEEK[3:]


def test_a_failed_day_is_free_again_at_its_time(connection: Connection) -> None:
    later = NOW + timedelta(minutes=10)
    ledger.failed(connection, *WHOSE, lease(connection, "a"), by="a", reason="X asks to wait.", not_before=later)
    assert lease(connection, "b", now=later - timedelta(seconds=1)) == []
    assert lease(connection, "b", now=later) == WEEK


def test_the_calls_of_a_window_are_counted_once(connection: Connection) -> None:
    finish(connection, lease(connection, "schedule"))
    requests = connection.exec_driver_sql("SELECT sum(requests), count(*) FROM desk.ingest_window").one()
    assert tuple(requests) == (3, 7)


def test_whoever_lost_the_lease_is_told_and_gives_nothing_back(connection: Connection) -> None:
    lease(connection, "slow")
    lease(connection, "quick", now=NOW + timedelta(seconds=61))
    with pytest.raises(ledger.LeaseLost, match="x_aurora posts: the lease on 7 of 7 days ran out"):
        ledger.hold(connection, *WHOSE, WEEK, by="slow")
    assert ledger.failed(connection, *WHOSE, WEEK, by="slow", reason="late") == 0
    ledger.hold(connection, *WHOSE, WEEK, by="quick")


def test_two_leases_at_the_same_moment_never_overlap_and_never_wait(engine: Engine, connection: Connection) -> None:
    connection.commit()
    for again in range(10):
        at = NOW + timedelta(days=again)
        together = Barrier(2)

        def take(by: str, days: list[date], together: Barrier = together, at: datetime = at) -> list[date]:
            with engine.begin() as own:
                together.wait(5)
                return ledger.lease(own, *WHOSE, days, by=by, now=at, for_s=60)

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(take, ("schedule", "backfill"), (WEEK[:5], WEEK[2:]))
        assert sorted(first + second) == WEEK


def test_an_open_lease_is_passed_over(engine: Engine, connection: Connection) -> None:
    connection.commit()
    with engine.begin() as other:
        other.exec_driver_sql("SET lock_timeout = '2s'")
        assert ledger.lease(other, *WHOSE, WEEK[:4], by="a", now=NOW, for_s=60) == WEEK[:4]
        with engine.begin() as own:
            assert ledger.lease(own, *WHOSE, WEEK, by="b", now=NOW, for_s=60) == WEEK[4:]


def test_a_day_that_is_given_up_no_longer_says_that_its_token_is_dead(connection: Connection) -> None:
    ledger.failed(connection, *WHOSE, lease(connection, "a"), by="a", reason="401", credentials_dead=True)
    ledger.settle(connection, *WHOSE, final=WEEK[:2], lost=WEEK[2:], because="X shows only today.")
    dead = connection.exec_driver_sql("SELECT count(*) FROM desk.ingest_window WHERE credentials_dead").scalar()
    assert dead == 0
