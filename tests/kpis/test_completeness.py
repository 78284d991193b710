"""The words for what is missing."""

from datetime import date, timedelta

import pytest

from include.kpis.completeness import standing
from include.kpis.facts import DayRead

FINAL = DayRead("final", was_read=True, reason=None)


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ([date(2026, 11, 18)], "18 November not read"),
        (days(date(2026, 11, 18), 3), "18, 19 and 20 November not read"),
        (days(date(2026, 11, 29), 3), "29 November, 30 November and 1 December not read"),
        (days(date(2026, 11, 18), 4), "4 days from 18 to 21 November not read"),
        (days(date(2026, 11, 28), 5), "5 days from 28 November to 2 December not read"),
    ],
)
def test_missing_days_are_named_as_people_name_them(missing: list[date], words: str) -> None:
    week = days(date(2026, 11, 16), 20)
    told = standing({day: FINAL for day in week if day not in missing}, week)
    assert (told.notes, told.is_final, told.days_read) == ((words,), False, 20 - len(missing))


def test_a_lost_day_will_not_come_and_so_the_number_is_final() -> None:
    told = standing({date(2026, 11, 18): DayRead("lost", was_read=False, reason="too old")}, [date(2026, 11, 18)])
    assert (told.notes, told.is_final, told.days_read) == (("18 November can no longer be read",), True, 0)


def test_a_day_that_was_read_and_then_failed_counts_as_read_and_may_change() -> None:
    told = standing({date(2026, 11, 18): DayRead("failed", was_read=True, reason="x")}, [date(2026, 11, 18)])
    assert (told.notes, told.is_final, told.days_read) == (("may still change",), False, 1)
