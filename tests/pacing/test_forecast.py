"""The forecast: what it makes of steady, changed and odd histories."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.pacing.forecast import courses, last_seven
from tests.pacing.conftest import FIRST, day

EVEN = {day(after): Decimal(1) for after in range(40)}


def end_of(amounts, weights=EVEN, budget=4000, **more):
    history = {day(after): Decimal(str(amount)) for after, amount in enumerate(amounts) if amount is not None}
    missing = [day(after) for after, amount in enumerate(amounts) if amount is None]
    course = courses(history, weights, missing=missing, **more)[-1]
    return course, course.forecast(sum(history.values(), Decimal(0)), Decimal(budget))


def test_a_steady_campaign_goes_on():
    course, end = end_of([100, 102, 98, 101, 99] * 4)
    assert end.total == pytest.approx(4000, rel=0.01)
    assert end.low < 4000 < end.high
    assert course.exhausted_on(Decimal(2000), Decimal(2505)) == day(25)


def test_after_a_change_only_what_is_new_counts():
    _, end = end_of([100, 103, 97, 101, 99] * 2 + [202, 197, 200, 203, 198] * 2)
    assert end.total == pytest.approx(3000 + 20 * 200, rel=0.03)
    assert end.overspend > 0.99


def test_the_band_allows_for_another_change_where_levels_have_changed():
    _, steady = end_of([150, 153, 147, 151, 149] * 4)
    _, changed = end_of([100, 103, 97, 101, 99] * 2 + [202, 197, 200, 203, 198] * 2)
    assert steady.high < 1.03 * steady.total
    assert changed.high > 1.2 * changed.total


def test_a_single_day_without_ads_is_no_new_level():
    _, end = end_of([*[100, 103, 97, 101, 99] * 3, 0, 100, 98, 102, 101])
    assert end.total == pytest.approx(1901 + 20 * 100, rel=0.03)


def test_a_planned_peak_is_foreseen_though_it_has_not_been_yet():
    weights = EVEN | {day(30): Decimal(5)}
    course, end = end_of([100, 103, 97, 101, 99] * 4, weights)
    assert course.by_day[day(30)] == pytest.approx(5 * course.by_day[day(29)], rel=0.1)
    assert end.total == pytest.approx(4400, rel=0.03)


def test_weekends_that_the_plan_does_not_know_are_learnt():
    week = [120, 120, 120, 120, 120, 50, 50]
    course, _ = end_of(week * 4)
    assert course.by_day[day(28)] > 1.7 * course.by_day[day(33)]


def test_what_the_platform_may_spend_limits_each_day():
    course, end = end_of([100] * 20, most_a_day=Decimal(60))
    assert max(course.by_day.values()) == 60
    assert end.high <= 2000 + 20 * 60


def test_days_whose_spend_is_missing_are_foreseen():
    course, end = end_of([100, 103, None, 101, 99, 100, 98, None])
    assert {day(2), day(7)} <= course.by_day.keys()
    assert end.total == pytest.approx(4000, rel=0.05)


def test_too_short_a_history_is_no_ground():
    assert courses({day(0): Decimal(1), day(1): Decimal(2)}, EVEN) == []


def test_the_courses_of_the_days_before_come_along_and_know_no_more_than_they_did():
    history = {day(after): Decimal(100 + after % 3) for after in range(12)} | {day(12): Decimal(900)}
    *_, before, now = courses(history, EVEN, back=2)
    (alone,) = courses({each: history[each] for each in history if each < day(12)}, EVEN)
    assert (before.through, now.through) == (day(11), day(12))
    assert sum(before.by_day.values()) == pytest.approx(sum(alone.by_day.values()), rel=0.02)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=3, max_size=39), st.sampled_from([1, 10, 1000]))
def test_it_is_repeatable_ordered_and_the_same_in_any_currency(amounts, rate):
    _, end = end_of(amounts)
    _, again = end_of([amount * rate for amount in amounts], budget=4000 * rate)
    assert end.low <= end.total <= end.high
    assert end.low >= sum(amounts) - 1e-6
    assert again.total == pytest.approx(end.total * rate, rel=1e-6, abs=1e-3)
    assert again.overspend == pytest.approx(end.overspend, abs=0.02)
    assert end_of(amounts)[1] == end


def test_a_flight_that_is_over_needs_no_forecast():
    _, end = end_of([100] * 40, budget=3900)
    assert (end.low, end.total, end.high, end.overspend) == (4000, 4000, 4000, 1)


def test_the_last_seven_days():
    history = {FIRST + timedelta(days=after): Decimal(after) for after in range(10)}
    assert last_seven(history, day(9)) == 6
