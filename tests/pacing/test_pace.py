"""The arithmetic: vectors from outside, and what must hold for every budget."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from include.pacing.delivery import RULES, rule_of
from include.pacing.forecast import run_rate
from include.pacing.pace import Plan, allocate, hours_share, raised_no_further, spread
from include.pacing.today import hours_of

FIRST = date(2028, 2, 1)  # a leap month
weights = st.lists(
    st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1), Decimal(2), Decimal("3.3")]), min_size=1, max_size=40
)
some_weights = weights.filter(any)
cents = st.integers(0, 10_000_000).map(lambda units: Decimal(units) / 100)


def holds_for(*strategies):
    """A property; how long the machine takes over it says nothing about it."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


def plan(money, its_weights, **limits):
    return Plan(
        Decimal(money), {FIRST + timedelta(days=place): each for place, each in enumerate(its_weights)}, **limits
    )


def follow(whole, *, already=Decimal(0)):
    """What is spent in the end if each day's amount is set anew and spent exactly."""
    spent = already
    for day in whole.weights:
        spent += whole.schedule(spent, day)[day]
    return spent


# Vectors from outside


def test_google_flexible_budgets_500_over_10_days_is_50_each():
    assert spread(Decimal(500), [Decimal(1)] * 10) == [Decimal(50)] * 10
    assert follow(plan(500, [Decimal(1)] * 10)) == 500


def test_adpulse_run_rate_20000_and_15_days_at_1500_is_42500():
    assert run_rate(Decimal(20_000), 15, Decimal(1500) * 7) == 42_500


def test_basis_2000_of_3000_is_67_per_cent():
    index = plan(3000, [Decimal(1)]).index(Decimal(2000), FIRST)
    assert round(index * 100) == 67


def test_meta_may_spend_175_of_100_on_a_day_and_700_a_week():
    meta = rule_of("meta_ads_aurora")
    assert (meta.worst_day(Decimal(100)), meta.worst_period(Decimal(100))) == (175, 700)
    assert meta.worst_day(Decimal(100), Decimal(650)) == 50
    assert meta.begins(date(2026, 11, 24)) == date(2026, 11, 22)  # Sunday
    assert meta.begins(date(2026, 11, 22)) == date(2026, 11, 22)


def test_google_may_spend_20_of_10_on_a_day_and_304_a_month():
    google = RULES["google_ads"]
    assert (google.worst_day(Decimal(10)), google.worst_period(Decimal(10))) == (20, 304)
    assert google.begins(date(2026, 11, 24)) == date(2026, 11, 1)
    assert rule_of("tiktok_ads_aurora") is None


# Properties


@holds_for(cents, some_weights)
def test_what_is_set_each_day_adds_up_to_the_budget_exactly(money, its_weights):
    assert follow(plan(money, its_weights)) == money


@holds_for(some_weights, st.integers(0, 50), st.integers(0, 500), st.data())
def test_limits_by_day_are_kept_where_the_money_allows_it(its_weights, least, more, data):
    most = Decimal(least + more)
    working = sum(1 for each in its_weights if each)
    money = Decimal(data.draw(st.integers(least * working * 100, (least + more) * working * 100))) / 100
    amounts = spread(money, its_weights, Decimal(least), most)
    assert sum(amounts) == money
    assert all(least <= amount <= most for amount, each in zip(amounts, its_weights, strict=True) if each)


@holds_for(cents, some_weights, st.integers(0, 500), st.integers(1, 500))
def test_no_schedule_ever_exceeds_the_money(money, its_weights, least, most):
    amounts = spread(money, its_weights, Decimal(least), Decimal(most))
    assert sum(amounts) <= money
    assert min(amounts) >= 0


@holds_for(cents.filter(bool), some_weights, st.data())
def test_spend_equal_to_the_plan_has_the_index_1_under_any_weights(money, its_weights, data):
    whole = plan(money, its_weights)
    through = FIRST + timedelta(days=data.draw(st.integers(0, len(its_weights) - 1)))
    share = whole.expected_share(through)
    assume(share > 0)
    exact = Fraction(money) * share
    assume((exact * 100).denominator == 1)
    assert whole.index(Decimal(exact.numerator) / Decimal(exact.denominator), through) == 1


@holds_for(some_weights, st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([2, 10, 1000]))
def test_the_index_does_not_depend_on_the_currency(its_weights, money, spent, rate):
    through = FIRST + timedelta(days=len(its_weights) - 1)
    assert plan(money, its_weights).index(Decimal(spent), through) == plan(money * rate, its_weights).index(
        Decimal(spent * rate), through
    )


@holds_for(st.integers(1, 40), st.integers(0, 39), st.sampled_from([Decimal("0.3"), Decimal(1), Decimal(7)]))
def test_equal_weights_are_a_straight_line(days, passed, weight):
    assume(passed < days)
    share = plan(100, [weight] * days).expected_share(FIRST + timedelta(days=passed))
    assert share == Fraction(passed + 1, days)


@holds_for(cents, some_weights, st.data())
def test_a_day_that_weighs_nothing_changes_nothing(money, its_weights, data):
    place = data.draw(st.integers(0, len(its_weights)))
    with_it = [*its_weights[:place], Decimal(0), *its_weights[place:]]
    amounts = spread(money, with_it)
    assert amounts.pop(place) == 0
    assert amounts == spread(money, its_weights)


@holds_for(
    cents, st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 100).map(Decimal), min_size=1)
)
def test_the_order_of_members_does_not_matter_and_nothing_is_lost(amount, shares):
    assume(any(shares.values()))
    divided = allocate(amount, shares)
    assert sum(divided.values()) == amount
    assert allocate(amount, dict(reversed(shares.items()))) == divided


@holds_for(cents, some_weights, cents, st.data())
def test_a_budget_changed_in_mid_flight_is_spent_exactly_too(money, its_weights, other, data):
    change = data.draw(st.integers(0, len(its_weights) - 1))
    assume(any(its_weights[change:]))
    spent = sum(spread(money, its_weights)[:change], Decimal(0))
    changed = plan(other, its_weights)
    for day in list(changed.weights)[change:]:
        spent += changed.schedule(spent, day)[day]
    assert spent == max(other, sum(spread(money, its_weights)[:change], Decimal(0)))


def test_a_credit_is_spent_again_and_an_overrun_leaves_nothing():
    whole = plan(100, [Decimal(1)] * 4)
    assert [*whole.schedule(Decimal(-20), FIRST).values()] == [30] * 4
    assert [*whole.schedule(Decimal(101), FIRST).values()] == [0] * 4


def test_a_flight_of_one_day_gets_everything_on_it():
    whole = plan("99.99", [Decimal(1)])
    assert whole.schedule(Decimal(0), FIRST) == {FIRST: Decimal("99.99")}
    assert whole.expected_share(FIRST) == 1
    assert whole.expected_share(FIRST - timedelta(days=1)) == 0
    assert whole.index(Decimal(0), FIRST - timedelta(days=1)) is None


@pytest.mark.parametrize(("decimals", "unit"), [(0, "1"), (2, "0.01"), (3, "0.001")])
def test_amounts_are_whole_units_of_the_currency(decimals, unit):
    amounts = spread(Decimal(100), [Decimal(1)] * 7, decimals=decimals)
    assert sum(amounts) == 100
    assert max(amounts) - min(amounts) == Decimal(unit)


def test_a_raise_goes_one_step_and_a_cut_all_the_way():
    step = Decimal("0.3")
    assert raised_no_further(Decimal("200.00"), Decimal(100), step) == 130
    assert raised_no_further(Decimal("20.00"), Decimal(100), step) == 20
    assert raised_no_further(Decimal("200.00"), None, step) == 200
    # Black Friday was planned: it weighs twice what Thursday did.
    assert raised_no_further(Decimal("200.00"), Decimal(100), step, Decimal(2)) == 200


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 11, 24), 24)]
)
def test_a_day_on_which_the_clock_jumps_has_the_hours_that_it_shows(day, count):
    hours = hours_of(day, "Europe/Rome")
    assert len(hours) == count
    assert hours_share({}, hours, count) == 1
    curve = {hour: Decimal(1) for hour in range(24)}
    assert hours_share(curve, hours, sum(1 for hour in hours if hour < 12)) == Fraction(count - 12, count)
