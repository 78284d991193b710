"""Every row in one leaf, whatever it is called, in the budget's currency."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.desk.flights import Member
from include.desk.problems import DeskProblems
from include.desk.rates import Rates
from include.desk.spend import SpendRow
from include.pacing.check import check
from include.pacing.counting import count
from tests.pacing.conftest import a_budget, day, spend

LAST = date(2026, 12, 1)


def tallies(budgets, rows, rates=None):
    return count(budgets, rows, rates or Rates()).tallies


def test_campaigns_are_found_by_id_by_name_and_by_account():
    budgets = [
        a_budget(name="by id", members=(Member("meta_ads_aurora", "120"),)),
        a_budget(name="by name", members=(Member("meta_ads_aurora", "[IT] natale*"),)),
        a_budget(name="by account", members=(Member("google_ads_aurora"), Member("tiktok_*"))),
    ]
    rows = [
        SpendRow(day(0), "meta_ads_aurora", Decimal(1), "EUR", "Whatever", "120"),
        SpendRow(day(0), "meta_ads_aurora", Decimal(2), "EUR", "[IT] Natale | reel", "121"),
        SpendRow(day(0), "google_ads_aurora", Decimal(4), "EUR"),
        SpendRow(day(0), "tiktok_ads_aurora", Decimal(8), "EUR", "x"),
        SpendRow(day(0), "meta_ads_aurora", Decimal(16), "EUR", "Somebody else's", "122"),
    ]
    counted = count(budgets, rows, Rates())
    assert [tally.spent(day(0)) for tally in counted.tallies.values()] == [1, 2, 12]
    assert counted.unclaimed == {"meta_ads_aurora/Somebody else's": {"EUR": 16}}


def test_a_campaign_that_two_budgets_claim_is_named_with_its_row():
    budgets = [
        a_budget(name="A", members=(Member("m", "Natale*"),)),
        a_budget(name="B", members=(Member("m", "*reel"),)),
    ]
    rows = [SpendRow(day(0), "m", Decimal(1), "EUR", "Natale reel", row=7)]
    with pytest.raises(
        DeskProblems, match=r"spend.csv, row 7, .* belongs to aurora/A and aurora/B; narrow the members"
    ):
        count(budgets, rows, Rates())


def test_a_campaign_is_named_once_whatever_its_days_and_where_it_can_be_mended():
    budgets = [
        a_budget(name="A", members=(Member("m", "Natale*"),)),
        a_budget(name="B", members=(Member("m", "*reel"),)),
    ]
    rows = [SpendRow(day(after), "m", Decimal(1), "EUR", "Natale reel") for after in range(20)]
    with pytest.raises(DeskProblems) as raised:
        count(budgets, rows, Rates())
    (said,) = map(str, raised.value.problems)
    assert said.startswith("budgets.csv, m/Natale reel belongs to aurora/A and aurora/B; narrow the members of one.")
    assert said.endswith("(19 more rows like it)")


def test_an_account_of_a_part_that_has_not_begun_is_not_missed_by_its_whole():
    whole = a_budget(name="Year", members=(), days=30)
    begun = a_budget(name="A", parent="Year", members=(Member("a"),))
    later = a_budget(name="B", parent="Year", members=(Member("a2"), Member("b")), first=day(10), last=day(20))
    rows = [*spend([100] * 12, account="a"), *spend([0] * 12, account="a2")]
    before, _, _ = check([whole, begun, later], rows, lambda _: day(9))
    assert before.is_fresh
    after, _, part = check([whole, begun, later], rows, lambda _: day(12))
    assert after.missing == (day(10), day(11))
    assert part.unread == ("b",)


def test_spend_before_and_after_the_flight_is_nobodys():
    counted = count([a_budget(days=2)], spend([1, 2, 4, 8]), Rates())
    assert counted.tallies["aurora/Natale/2026-11-02"].spent(LAST) == 3
    assert counted.unclaimed == {"meta_ads_aurora/Reel": {"EUR": 12}}


def test_parents_add_up_what_their_parts_spend_and_nothing_twice():
    budgets = [
        a_budget(name="Year", members=()),
        a_budget(name="Winter", parent="Year", members=()),
        a_budget(name="A", parent="Winter", members=(Member("a"),)),
        a_budget(name="B", parent="Winter", members=(Member("b"),), currency="USD"),
    ]
    rates = Rates()
    rates.add(day(0), "EUR", "USD", Decimal(2))
    rows = [*spend([10], account="a"), *spend([8], account="b", currency="USD")]
    assert [tally.spent(day(0)) for tally in tallies(budgets, rows, rates).values()] == [14, 14, 10, 8]


def test_a_parent_in_another_currency_without_a_rate_is_a_sentence():
    budgets = [a_budget(name="Year", members=(), currency="USD"), a_budget(name="A", parent="Year")]
    with pytest.raises(DeskProblems, match="cannot be added up: No rate from EUR to USD on 2026-11-02"):
        count(budgets, spend([1]), Rates())


def test_each_day_has_its_own_rate_and_a_missing_one_is_named():
    rates = Rates()
    rates.add(day(0), "USD", "EUR", Decimal("0.9"))
    rates.add(day(1), "USD", "EUR", Decimal("0.8"))
    rows = spend([100, 100], currency="USD")
    assert tallies([a_budget()], rows, rates)["aurora/Natale/2026-11-02"].spent(LAST) == 170
    pounds = [row._replace(row=place) for place, row in enumerate(spend([1, 1, 1], currency="GBP"), start=2)]
    why = r'spend.csv, row 2, currency "GBP": No rate from GBP to EUR on 2026-11-02 .* \(2 more rows like it\)'
    with pytest.raises(DeskProblems, match=why):
        count([a_budget()], pounds, rates)
    with pytest.raises(DeskProblems, match=r"rates\.csv, No rate from GBP to EUR on 2026-11-02"):
        count([a_budget()], spend([1], currency="GBP"), rates)


@settings(deadline=None, max_examples=40)
@given(st.permutations(["a", "b", "c"]), st.lists(st.integers(-50, 200), min_size=3, max_size=12))
def test_the_order_of_members_and_rows_does_not_matter(order, amounts):
    plain = a_budget(members=tuple(Member(name) for name in "abc"))
    mixed = replace(plain, members=tuple(Member(name) for name in order))
    rows = [SpendRow(day(place // 3), "abc"[place % 3], Decimal(each), "EUR") for place, each in enumerate(amounts)]
    (one,) = check([plain], rows, lambda _: day(6))
    (other,) = check([mixed], rows[::-1], lambda _: day(6))
    assert replace(one, budget=mixed, shares=None) == replace(other, shares=None)
    assert one.shares == other.shares


def test_days_that_are_not_known_are_told_apart_from_days_without_spend():
    (tally,) = tallies([a_budget()], spend([10, 0, None, 10])).values()
    assert tally.missing(day(0), day(4)) == [day(2), day(4)]


def test_many_budgets_are_divided_among_processes_with_the_same_result():
    budgets = [a_budget(name=str(each), members=(Member(f"m{each}"),)) for each in range(1001)]
    rows = [row for each in range(1001) for row in spend([each], account=f"m{each}")]
    alone = check(budgets, rows, lambda _: day(1))
    assert check(budgets, rows, lambda _: day(1), processes=2) == alone
