"""A week beside the one before it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.domain import Brand, Window
from include.kpis.compare import Change, compare, history
from include.kpis.roll_up import roll_up
from include.warehouse.tables import kpi_week

MONDAY = date(2026, 11, 16)


def change(value: str | None, before: str | None, kpi: str = "engagements", **more: Any) -> Change:
    numbers = [None if number is None else Decimal(number) for number in (value, before)]
    return Change("*", kpi, "", *numbers, None, None, **{"is_final": True, "note": None} | more)


@pytest.mark.parametrize(
    ("value", "before", "delta", "relative", "direction"),
    [
        ("120", "100", "20", "0.2", "good"),
        ("80", "100", "-20", "-0.2", "bad"),
        ("100", "100", "0", "0", "same"),
        ("5", "0", "5", None, "good"),
        ("5", "-5", "10", None, "good"),
        (None, "100", None, None, None),
        ("100", None, None, None, None),
    ],
)
def test_a_change_is_told_where_it_can_be(
    value: str | None, before: str | None, delta: str | None, relative: str | None, direction: str | None
) -> None:
    told = change(value, before)
    expected = [None if number is None else Decimal(number) for number in (delta, relative)]
    assert ([told.delta, told.relative], told.direction) == (expected, direction)


def test_more_bounces_are_bad_and_more_posts_are_neither() -> None:
    assert change("0.6", "0.5", "bounce_rate").direction == "bad"
    assert change("6", "5", "posts_published").direction is None
    assert change("5", "5", "posts_published").direction == "same"


def test_a_number_may_be_compared_when_nothing_is_missing_though_it_may_change() -> None:
    assert change("1", "1", is_final=False, note="may still change").is_complete
    assert not change("1", "1", is_final=False, note="18 November not read; may still change").is_complete
    assert not change("1", "1", is_final=False, note="the week is not over").is_complete


def test_a_week_beside_the_week_before(rolled: Any, brand: Brand) -> None:
    rolled.put()
    with rolled.engine.begin() as connection:
        earlier = MONDAY - timedelta(weeks=1)
        row = {"brand": "aurora", "account": "*", "kpi": "engagements", "slice": "", "value": 20, "is_final": True}
        connection.execute(insert(kpi_week), [{**row, "week": earlier}])
        changes = compare(connection, "aurora", MONDAY)
    told = {(one.account, one.kpi): one for one in changes}
    assert (told[("*", "engagements")].delta, told[("*", "engagements")].relative) == (4, Decimal("0.2"))
    assert told[("x_aurora", "engagements")].before is None
    assert [one.kpi for one in changes if one.account == "*"][:2] == ["followers", "audience_growth"]


def test_history_leaves_no_week_out(rolled: Any, engine: Engine) -> None:
    with engine.begin() as connection:
        points = history(connection, "aurora", "engagements", until=MONDAY, weeks=8)
    assert [point.week for point in points] == [MONDAY - timedelta(weeks=n) for n in range(7, -1, -1)]
    assert [point.value for point in points] == [None] * 7 + [24]


def test_a_number_restated_later_moves_the_comparison(rolled: Any, brand: Brand) -> None:
    rolled.read("x_aurora", Window(MONDAY, MONDAY), "provisional")
    roll_up(rolled.engine, [brand], MONDAY, datetime(2026, 11, 25, tzinfo=UTC))
    with rolled.engine.begin() as connection:
        told = {(one.account, one.kpi): one for one in compare(connection, "aurora", MONDAY)}
    assert not told[("*", "engagements")].is_final
    assert told[("*", "engagements")].is_complete
