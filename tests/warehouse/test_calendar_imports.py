"""Results of imports are kept when they differ, and limits of accounts as they were last said."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from include.warehouse.account_limits import known_limits, remember_limits
from include.warehouse.calendar_imports import Finding, Result, record
from include.warehouse.tables import calendar_finding, calendar_import

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RESULT = Result("n.csv", 38, 1, 60, "38 ready", (Finding(7, "X", "too long."), Finding(30, "", "alike.", False)))


def count(engine, table) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_result_is_kept_once_with_all_that_it_found(engine):
    assert record(engine, RESULT, at=NOW, by="run-1")
    assert not record(engine, RESULT, at=NOW + timedelta(minutes=15), by="run-2")
    assert (count(engine, calendar_import), count(engine, calendar_finding)) == (1, 2)


def test_a_result_that_comes_again_after_another_is_kept_again(engine):
    for words in ("a", "b", "a"):
        assert record(engine, Result("n.csv", 1, 0, 1, words), at=NOW, by="run")
    assert count(engine, calendar_import) == 3


def test_limits_are_as_they_were_last_said(engine):
    remember_limits(engine, "mastodon_sea", {"characters": 500}, at=NOW)
    remember_limits(engine, "mastodon_sea", {"characters": 5000}, at=NOW + timedelta(days=1))
    assert known_limits(engine)["mastodon_sea"].limits == {"characters": 5000}
