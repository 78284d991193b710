"""Weeks in the brand's zone, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain import Window
from include.kpis.week import bounds, days_of, last_full_week, utc_days_of, week_of, weeks_to

ZONES = ["UTC", "Europe/Rome", "Asia/Vientiane", "America/Los_Angeles", "Pacific/Apia", "Australia/Lord_Howe"]


def test_a_week_belongs_to_the_zone() -> None:
    late_sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert week_of(late_sunday, "Europe/Rome") == date(2026, 11, 23)
    assert week_of(late_sunday, "America/Los_Angeles") == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("monday", "begins", "ends", "hours"),
    [
        (date(2026, 10, 19), "2026-10-18T22:00", "2026-10-25T23:00", 169),
        (date(2026, 3, 23), "2026-03-22T23:00", "2026-03-29T22:00", 167),
        (date(2026, 11, 16), "2026-11-15T23:00", "2026-11-22T23:00", 168),
    ],
)
def test_a_week_is_longer_or_shorter_when_the_clocks_change(monday: date, begins: str, ends: str, hours: int) -> None:
    first, after = bounds(monday, "Europe/Rome")
    assert (first, after) == tuple(datetime.fromisoformat(f"{moment}+00:00") for moment in (begins, ends))
    assert after - first == timedelta(hours=hours)


def test_the_utc_days_of_a_week_are_eight_outside_utc() -> None:
    assert utc_days_of(date(2026, 11, 16), "Asia/Vientiane") == Window(date(2026, 11, 15), date(2026, 11, 22))
    assert utc_days_of(date(2026, 11, 16), "America/Los_Angeles") == Window(date(2026, 11, 16), date(2026, 11, 23))
    assert utc_days_of(date(2026, 11, 16), "UTC") == Window(date(2026, 11, 16), date(2026, 11, 22))


def test_the_last_full_week_ends_at_the_brands_midnight() -> None:
    assert last_full_week(datetime(2026, 11, 22, 22, 59, tzinfo=UTC), "Europe/Rome") == date(2026, 11, 9)
    assert last_full_week(datetime(2026, 11, 22, 23, 0, tzinfo=UTC), "Europe/Rome") == date(2026, 11, 16)


def test_weeks_come_in_order_over_the_year_with_53() -> None:
    assert weeks_to(date(2027, 1, 4), 3) == [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]


def test_a_week_is_named_by_its_monday() -> None:
    with pytest.raises(ValueError, match="2026-11-18 is a Wednesday; a week is named by its Monday, 2026-11-16"):
        days_of(date(2026, 11, 18))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        week_of(datetime(2026, 11, 18), "UTC")  # noqa: DTZ001


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_every_moment_is_in_exactly_its_own_week(moment: datetime, zone: str) -> None:
    monday = week_of(moment, zone)
    begins, ends = bounds(monday, zone)
    assert monday.isoweekday() == 1
    assert begins <= moment < ends
    assert bounds(monday + timedelta(weeks=1), zone)[0] == ends
