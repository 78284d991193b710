"""How much a day may cost at most: by the day's rule, and by the week's or month's where the setting has stood."""

from decimal import Decimal

import pytest

from include.desk.flights import Member
from include.pacing.check import check
from tests.pacing.conftest import FIRST, a_budget, day, spend

# The flight begins on a Monday; Sunday the 6th day begins Meta's week.
SATURDAY, SUNDAY, NEXT_SATURDAY = 5, 6, 12


def worst(rows, today, **changed):
    (look,) = check([a_budget(**changed)], rows, lambda _: day(today))
    return look.worst


def set_to(amount, amounts, **more):
    return spend(amounts, daily_budget=Decimal(amount), **more)


def test_what_a_week_has_cost_already_limits_its_last_days():
    rows = set_to(100, [100] * SUNDAY + [110] * 6)
    assert worst(rows, NEXT_SATURDAY) == 700 - 6 * 110
    assert worst(set_to(100, [100] * SUNDAY + [60] * 6), NEXT_SATURDAY) == 175, "the day's own rule holds still"


def test_on_sunday_a_week_begins_anew():
    assert worst(set_to(100, [170] * SUNDAY), SUNDAY) == 175


def test_a_budget_changed_within_the_week_begins_its_count_anew():
    rows = set_to(50, [100] * 9) + set_to(100, [120] * 3, first=day(9))
    assert worst(rows, NEXT_SATURDAY) == 175


@pytest.mark.parametrize("gap", [None, 120])
def test_a_day_of_the_week_that_is_not_known_leaves_the_days_rule_alone(gap):
    rows = set_to(100, [100] * SUNDAY + [120, 120, gap, 120, 120, 120])
    assert worst(rows, NEXT_SATURDAY) == (175 if gap is None else 0)


def test_a_week_before_the_flight_began_is_not_known():
    assert worst(set_to(100, [120] * SATURDAY), SATURDAY) == 175


def test_each_campaign_has_its_own_week():
    rows = set_to(100, [100] * SUNDAY + [120] * 6)
    rows += [row._replace(campaign="Story", amount=Decimal(10), daily_budget=Decimal(20)) for row in rows]
    assert worst(rows, NEXT_SATURDAY) == 0 + 35


def test_google_counts_by_the_month():
    google = {"account": "google_ads_aurora", "first": FIRST.replace(day=1)}
    rows = set_to(100, [160] * 19, **google)
    flight = {"members": (Member("google_ads_aurora"),), "first": FIRST.replace(day=1), "last": FIRST.replace(day=30)}
    assert worst(rows, 18, amount=4000, **flight) == 0
    assert worst(set_to(100, [100] * 19, **google), 18, amount=4000, **flight) == 200


def test_a_parent_adds_its_parts_up():
    whole = a_budget(6000, name="Winter", members=())
    part = a_budget(3000, parent="Winter")
    rows = set_to(100, [100] * SUNDAY + [110] * 6)
    above, below = check([whole, part], rows, lambda _: day(NEXT_SATURDAY))
    assert above.worst == below.worst == 40


def test_where_one_campaign_runs_on_a_lifetime_budget_the_day_is_not_set_and_not_bounded():
    rows = set_to(100, [100] * 10)
    lifetime = rows[-1]._replace(campaign="Whole month", daily_budget=None, has_no_daily=True)
    (look,) = check([a_budget()], [*rows, lifetime], lambda _: day(10))
    assert (look.now, look.worst) == (None, None)


def test_no_day_can_cost_less_than_it_has():
    rows = set_to(100, [100] * SUNDAY + [120] * 6) + set_to(100, [15], first=day(NEXT_SATURDAY))
    assert worst(rows, NEXT_SATURDAY) == 15
