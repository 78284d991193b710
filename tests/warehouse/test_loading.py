"""What a load writes, what it keeps of the values before, and what it refuses."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from include.domain import AccountDay, RemotePost
from include.warehouse.loading import DuplicateRows, Loaded, load
from include.warehouse.tables import account_day, account_day_history, kpi_week, remote_post

DAY = date(2026, 3, 31)
ROW = AccountDay("facebook_aurora", DAY, "day", followers=10, reach=None, views=0, extra={"tabs": 1})


def loaded(engine: Engine, *rows: AccountDay) -> Loaded:
    with engine.begin() as connection:
        return load(connection, account_day, rows, columns=AccountDay._fields)


def history(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return list(connection.scalars(select(account_day_history.c.before).order_by("history_id")))


def test_an_unchanged_load_writes_nothing(engine: Engine) -> None:
    place = text("SELECT ctid, xmin, xmax FROM desk.account_day")
    assert loaded(engine, ROW) == Loaded(written=1, restated=0, unchanged=0)
    with engine.connect() as connection:
        before = connection.execute(place).all()
    assert loaded(engine, ROW) == Loaded(written=0, restated=0, unchanged=1)
    with engine.connect() as connection:
        assert connection.execute(place).all() == before, "the row was written or locked"
    assert history(engine) == []


def test_a_restatement_keeps_what_the_row_held(engine: Engine) -> None:
    loaded(engine, ROW)
    assert loaded(engine, ROW._replace(followers=11, extra={"tabs": 2})) == Loaded(0, restated=1, unchanged=0)
    assert history(engine) == [{"followers": 10, "extra": {"tabs": 1}}]


def test_withheld_is_not_zero(engine: Engine) -> None:
    loaded(engine, ROW)
    assert loaded(engine, ROW._replace(reach=0)).restated == 1
    assert loaded(engine, ROW._replace(reach=None, views=None)).restated == 1
    assert history(engine) == [{"reach": None}, {"reach": 0, "views": 0}]


def test_new_and_changed_rows_come_in_one_batch_over_two_months(engine: Engine) -> None:
    other = ROW._replace(account="facebook_brew")
    loaded(engine, ROW, other)
    april = ROW._replace(metric_date=date(2026, 4, 1))
    assert loaded(engine, ROW, other._replace(views=5), april) == Loaded(1, restated=1, unchanged=1)


def test_columns_left_out_keep_what_they_hold(engine: Engine) -> None:
    loaded(engine, ROW)
    with engine.begin() as connection:
        load(
            connection,
            account_day,
            [(ROW.account, DAY, "day", 7)],
            columns=["account", "metric_date", "period", "reach"],
        )
        row = connection.execute(select(account_day)).one()
    assert (row.reach, row.followers, row.exposure_basis) == (7, 10, "views")


def test_a_key_given_twice_is_refused_in_words(engine: Engine) -> None:
    with pytest.raises(DuplicateRows, match=r"more than one row for the same .*facebook_aurora, 2026-03-31, day"):
        loaded(engine, ROW, ROW)
    assert loaded(engine, ROW).written == 1


def test_tables_without_history_or_months_load_too(engine: Engine) -> None:
    post = RemotePost("x_aurora", "1", datetime(2026, 3, 1, tzinfo=UTC), "text", "Buongiorno", "https://x.com/1")
    for row, expected in [(post, Loaded(1, 0, 0)), (post._replace(text="Buonasera"), Loaded(0, 1, 0))]:
        with engine.begin() as connection:
            assert load(connection, remote_post, [row], columns=RemotePost._fields) == expected


@pytest.mark.parametrize("value", [pytest.param(1.5, id="float for a number"), pytest.param("4", id="text")])
def test_a_value_that_does_not_fit_is_refused_in_words(engine: Engine, value: object) -> None:
    columns = ["week", "brand", "account", "kpi", "slice", "value", "is_final"]
    row = (date(2026, 3, 30), "aurora", "*", "reach", "", value, True)
    with engine.connect() as connection, pytest.raises(ValueError, match=r"does not fit desk\.kpi_week"):
        load(connection, kpi_week, [row], columns=columns)
    with engine.connect() as connection:
        assert load(connection, kpi_week, [(*row[:5], Decimal("1.5"), True)], columns=columns).written == 1


def test_a_column_that_the_table_lacks_is_named(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(ValueError, match=r"no column \['likes'\]"):
        load(connection, account_day, [], columns=[*AccountDay._fields, "likes"])


def test_rows_are_taken_as_they_come(engine: Engine) -> None:
    def rows() -> Iterator[AccountDay]:
        yield from (ROW._replace(account=f"facebook_{n}") for n in range(5000))

    with engine.begin() as connection:
        assert load(connection, account_day, rows(), columns=AccountDay._fields).written == 5000
