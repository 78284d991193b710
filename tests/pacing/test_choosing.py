"""Only flights that matter today are looked at, and all that they rest on."""

from datetime import timedelta

from include.desk.flights import Member
from include.pacing.choosing import accounts_of, of_interest
from tests.pacing.conftest import FIRST, a_budget, day


def keys(budgets, today):
    return [budget.key.removeprefix("aurora/") for budget in of_interest(budgets, today)]


def test_a_flight_that_is_on_or_ended_a_moment_ago_matters():
    budgets = [a_budget(days=5)]
    assert keys(budgets, day(-2)) == []
    assert keys(budgets, day(-1)) == keys(budgets, day(0)), "in Vientiane it has begun before the day has in UTC"
    assert keys(budgets, day(0)) == keys(budgets, day(6)) == [f"Natale/{FIRST}"]
    assert keys(budgets, day(7)) == []


def test_a_whole_brings_its_parts_and_a_part_its_whole():
    whole = a_budget(name="Inverno", days=60, members=())
    over = a_budget(name="Prima", days=5, parent="Inverno")
    on = a_budget(name="Dopo", days=60, parent="Inverno")
    assert len(of_interest([whole, over, on], day(30))) == 3


def test_a_flight_that_takes_over_what_was_left_brings_the_one_before():
    first = a_budget(days=10)
    second = a_budget(first=FIRST + timedelta(days=10), last=day(19), carry_over=None)
    unrelated = a_budget(name="Altro", days=10)
    assert keys([first, second, unrelated], day(15)) == [f"Natale/{FIRST}", f"Natale/{day(10)}"]


def test_accounts_are_those_that_the_members_take():
    budgets = [a_budget(members=(Member("meta_ads_*", "Natale*"), Member("google_ads_aurora")))]
    known = ["meta_ads_one", "meta_ads_two", "x_aurora", "google_ads_aurora"]
    assert accounts_of(budgets, known) == ["google_ads_aurora", "meta_ads_one", "meta_ads_two"]
