"""How a budget stands: each state, when it counts, and what spend that is not known may not do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.desk.calendar_weights import Event
from include.desk.flights import Member
from include.pacing.check import check, needing
from include.pacing.states import TOO_MUCH, State, settle
from tests.pacing.conftest import FIRST, a_budget, day, spend

S = State


@pytest.mark.parametrize(
    ("amounts", "state"),
    [
        ([], S.LEARNING),
        ([100, 100], S.LEARNING),
        ([100] * 10, S.ON_TRACK),
        ([95, 104] * 5, S.ON_TRACK),
        ([50] * 10, S.UNDER),
        ([115] * 10, S.WILL_EXHAUST_EARLY),
        ([200] * 8 + [60] * 12, S.OVER),
        ([300] * 10, S.EXHAUSTED),
        ([310] * 10, S.OVER_CAP),
    ],
)
def test_a_budget_of_100_a_day(seen, amounts, state):
    known = amounts or [None]
    assert seen(a_budget(), known, today=day(len(amounts))).state == state


def test_before_and_after_the_flight(seen):
    assert seen(a_budget(), [], today=date(2026, 10, 31)).state == S.NOT_STARTED
    assert seen(a_budget(), [99] * 30, today=day(30)).state == S.ENDED
    assert seen(a_budget(), [104] * 30, today=day(30)).state == S.OVER_CAP


def test_money_that_runs_out_with_the_flight_is_no_alarm(seen):
    assert seen(a_budget(), [*[100] * 29, 100], today=day(29)).state == S.ON_TRACK


def test_nothing_read_is_no_data_and_not_under(seen):
    look = seen(a_budget(), [None] * 10)
    assert (look.state, look.today_amount) == (S.NO_DATA, None)


@pytest.mark.parametrize("gap", [[None], [None, None], [None, 50]])
def test_spend_that_is_not_known_never_says_under_and_never_raises(seen, gap):
    look = seen(a_budget(), [50] * 10 + gap, daily_budget=Decimal(50))
    assert look.state == S.NO_DATA
    assert look.today_amount == 50
    assert look.missing
    assert seen(a_budget(), [50] * 10 + gap).today_amount is None


def test_too_much_is_told_though_the_last_day_is_not_known(seen):
    look = seen(a_budget(), [150] * 10 + [None], daily_budget=Decimal(150))
    assert look.state in TOO_MUCH
    assert look.today_amount < 100


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.none(), st.integers(0, 300)), min_size=1, max_size=29), st.integers(1, 400))
def test_whatever_is_missing_nothing_is_raised(amounts, now):
    rows = spend([*amounts, None], daily_budget=Decimal(now))
    (look,) = check([a_budget()], rows, lambda _: day(len(amounts) + 1))
    if look.missing:
        assert look.state != S.UNDER
        assert look.today_amount is None or look.today_amount <= now


def test_one_odd_day_is_no_news_and_two_are(seen):
    steady = [100] * 10
    assert seen(a_budget(), [*steady, 240]).state == S.ON_TRACK
    assert seen(a_budget(), [*steady, 240]).seen in TOO_MUCH
    assert seen(a_budget(), [*steady, 240, 240]).state in TOO_MUCH


def test_states_count_when_seen_twice_running():
    assert settle([]) is None
    assert settle([S.UNDER]) == S.UNDER
    assert settle([S.ON_TRACK, S.UNDER]) == S.ON_TRACK
    assert settle([S.ON_TRACK, S.UNDER, S.UNDER]) == S.UNDER
    assert settle([S.UNDER, S.UNDER, S.ON_TRACK]) == S.UNDER
    assert settle([S.ON_TRACK, S.OVER, S.WILL_EXHAUST_EARLY]) == S.WILL_EXHAUST_EARLY
    assert settle([S.ON_TRACK, S.ON_TRACK, S.EXHAUSTED]) == S.EXHAUSTED
    assert settle([S.ON_TRACK, S.ON_TRACK, S.WILL_EXHAUST_EARLY], urgent=True) == S.WILL_EXHAUST_EARLY


def test_off_in_share_but_not_in_money_is_on_track(seen):
    small = a_budget(300, tolerance_money=Decimal(30))
    assert seen(small, [8] * 10).state == S.ON_TRACK
    assert seen(small, [5] * 10).state == S.UNDER


def test_a_day_restated_later_is_judged_as_if_it_had_always_been_so(seen):
    assert seen(a_budget(), [100] * 9 + [300, 300]).state in TOO_MUCH
    assert seen(a_budget(), [100] * 9 + [100, 100]).state == S.ON_TRACK
    # The credit comes as a restatement of one day: the looks before it are judged anew too.
    assert seen(a_budget(), [100] * 9 + [300, -100]).state == S.ON_TRACK


def test_the_same_look_twice_is_the_same(seen):
    assert seen(a_budget(), [120] * 12) == seen(a_budget(), [120] * 12)


def test_days_without_ads_and_a_peak_are_part_of_the_plan(seen):
    weekdays = tuple(Decimal(0 if place > 4 else 1) for place in range(7))
    budget = a_budget(2600, days=28, weekdays=weekdays, events=(Event(day(25), day(25), Decimal(7)),))
    week = [100, 100, 100, 100, 100, 0, 0]
    look = seen(budget, week * 3)
    assert (look.state, look.index, look.variance) == (S.ON_TRACK, 1, 0)
    assert look.schedule[day(25)] == 700
    assert look.schedule[day(26)] == 0


def test_a_raise_goes_one_step_at_a_time_but_not_into_a_planned_peak(seen):
    look = seen(a_budget(), [50] * 10, daily_budget=Decimal(50))
    assert (look.today_amount, look.is_held_back) == (65, True)
    peak = a_budget(events=(Event(day(10), day(10), Decimal(3)),))
    assert seen(peak, [50] * 10, daily_budget=Decimal(50)).today_amount == 195


def test_carry_over_reserve_and_cap():
    october = a_budget(3100, first=date(2026, 10, 1), last=date(2026, 10, 31))
    november = a_budget(3000, first=date(2026, 11, 1), last=date(2026, 11, 30), carry_over=None, reserve=Decimal(150))
    rows = spend([90] * 31, first=october.first)
    on = {"aurora/Natale/2026-10-01": date(2026, 11, 1), "aurora/Natale/2026-11-01": date(2026, 11, 1)}
    _, look = check([october, november], rows, lambda budget: on[budget.key])
    assert look.money == 3000 - 150 + 310
    assert look.cap == Decimal("3030.00") + 310
    _, early = check([october, november], rows, lambda _: date(2026, 10, 31))
    assert early.money == 2850
    # What is not known may have been spent, so it raises nothing.
    _, unsure = check([october, november], rows[:-2], lambda budget: on[budget.key])
    assert unsure.money == 2850
    _, overspent = check([october, november], spend([110] * 31, first=october.first), lambda budget: on[budget.key])
    assert overspent.money == 2850 - 310


def test_a_parents_plan_is_that_of_its_parts_and_it_keeps_still_while_they_call():
    whole = a_budget(4000, days=60, name="Winter", members=())
    part = a_budget(3000, days=30, name="Natale", parent="Winter")
    other = a_budget(1000, name="Feb", first=day(30), last=day(59), parent="Winter", members=(Member("b"),))
    rows = spend([100] * 10)
    looks = {look.budget.name: look for look in check([whole, part, other], rows, lambda _: day(10))}
    assert looks["Winter"].expected == looks["Natale"].expected == 1000
    assert looks["Winter"].spent == 1000
    calling = check([whole, part, other], spend([150] * 10), lambda _: day(10))
    assert [look.budget.name for look in needing(calling)] == ["Natale"]


def test_without_any_change_of_spend_the_state_does_not_depend_on_the_currency():
    (euros,) = check([a_budget()], spend([130] * 10), lambda _: day(10))
    yen = replace(a_budget(300_000), currency="JPY")
    (yens,) = check([yen], spend([13_000] * 10, currency="JPY"), lambda _: day(10))
    assert (euros.state, euros.index, euros.ends_on) == (yens.state, yens.index, yens.ends_on)


def test_a_flight_of_one_day(seen):
    budget = a_budget(100, days=1)
    look = seen(budget, [], today=FIRST)
    assert (look.state, look.today_amount) == (S.LEARNING, 100)
    assert seen(budget, [102]).state == S.OVER_CAP
    assert seen(budget, [98]).state == S.ENDED
