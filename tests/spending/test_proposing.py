"""What is proposed for which campaign: never more than the step, never on stale spend, only what is known."""

from datetime import timedelta
from decimal import Decimal

import pytest

from include.desk.rates import Rates
from include.pacing.check import looks
from include.pacing.counting import count
from include.spending.proposing import changes
from include.spending.warehouse import Setting
from tests.pacing.conftest import FIRST, a_budget, spend

ACCOUNT = "meta_ads_aurora"


def setting(entity_id="1", daily=100, status="ACTIVE"):
    amount = None if daily is None else Decimal(daily)
    return Setting(ACCOUNT, entity_id, f"C{entity_id}", status, status == "ACTIVE", amount, "EUR")


def proposed(amounts, *settings, ours=(), accounts=(ACCOUNT,), now=100, **changed):
    budget = a_budget(**changed)
    days = [*amounts]
    rows = spend(days, daily_budget=Decimal(now))
    (look,) = looks([budget], count([budget], rows, Rates()).tallies, lambda _: FIRST + timedelta(days=len(days)))
    found = changes(look, settings or (setting(),), accounts=accounts, ours=ours)
    return [(each.entity_id, each.what, each.before, each.after) for each in found]


def test_too_fast_is_lowered_to_what_the_days_left_can_have():
    assert proposed([150] * 15) == [("1", "budget", "100", "50.00")]


def test_campaigns_are_scaled_together():
    assert proposed([150] * 15, setting("1", 60), setting("2", 40)) == [
        ("1", "budget", "60", "30.00"),
        ("2", "budget", "40", "20.00"),
    ]


def test_too_slow_is_raised_by_one_step_only():
    assert proposed([50] * 15) == [("1", "budget", "100", "130.00")]


def test_on_track_nothing_is_proposed():
    assert proposed([100] * 15) == []


def test_stale_spend_raises_and_lowers_nothing():
    assert proposed([50] * 13 + [None, 50]) == []
    assert proposed([150] * 13 + [None, 150]) == []


def test_where_the_budget_lies_with_the_ad_sets_these_are_scaled():
    ad_sets = (setting("11", 60), setting("12", 40), setting("13", 30, status="PAUSED"))
    found = proposed([150] * 15, setting(daily=100)._replace(parts=ad_sets))
    assert found == [("11", "budget", "60", "30.00"), ("12", "budget", "40", "20.00")]


def test_a_campaign_of_ad_sets_is_paused_as_a_whole():
    whole = setting(daily=100)._replace(parts=(setting("11", 100),))
    assert proposed([250] * 15, whole) == [("1", "pause", "ACTIVE", "PAUSED")]


def test_an_ad_set_that_we_paused_is_proposed_to_run_again():
    whole = setting(daily=60)._replace(parts=(setting("11", 60), setting("12", 40, status="PAUSED")))
    assert proposed([100] * 15, whole, ours={"12"}) == [("12", "resume", "PAUSED", "ACTIVE")]


@pytest.mark.parametrize("settings", [(setting(daily=None),), (setting(), setting("2", None))])
def test_where_it_is_not_known_what_a_campaign_may_spend_nothing_is_proposed(settings):
    assert proposed([150] * 15, *settings) == []


def test_where_another_platform_spends_too_and_nobody_knows_how_it_is_set_nothing_is_proposed():
    assert proposed([150] * 15, accounts=(ACCOUNT, "google_ads_aurora")) == []


def test_a_campaign_that_would_get_less_than_one_is_paused():
    found = proposed([199] * 15, setting("1", 99), setting("2", 1))
    assert found == [("1", "pause", "ACTIVE", "PAUSED"), ("2", "pause", "ACTIVE", "PAUSED")]


def test_where_the_money_is_gone_what_runs_is_paused():
    assert proposed([250] * 15, setting(), setting("2", status="PAUSED")) == [("1", "pause", "ACTIVE", "PAUSED")]


def test_only_what_we_paused_is_proposed_to_run_again():
    resting = (setting("1", status="PAUSED"), setting("2", status="PAUSED"))
    assert proposed([100] * 15, *resting) == []
    assert proposed([100] * 15, *resting, ours={"2"}) == [("2", "resume", "PAUSED", "ACTIVE")]
    assert proposed([250] * 15, *resting, ours={"2"}) == [], "not while the money is gone"


def test_after_the_flight_nothing_is_proposed():
    assert proposed([150] * 31) == []
