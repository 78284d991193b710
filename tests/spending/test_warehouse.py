"""Spend out of the warehouse: what is known, what is nothing, what is not known."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from include.domain import SpendSource
from include.spending.warehouse import WarehouseSpend
from include.warehouse.tables import ad_entity, ad_entity_history
from tests.spending.conftest import ACCOUNT, NOW, TODAY, Ads, ago

Spend = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def account(ads: Ads) -> None:
    ads.account()


def amounts(rows: list[Any]) -> dict[str, list[tuple[int, Decimal]]]:
    found: dict[str, list[tuple[int, Decimal]]] = {}
    for row in rows:
        if row.daily_budget is None:
            found.setdefault(row.campaign, []).append(((TODAY - row.day).days, row.amount))
    return found


def test_a_day_that_was_read_and_has_no_row_cost_nothing_and_one_not_read_is_not_known(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale")
    ads.spent(ago(3), "1", 40)
    for days in (3, 1):
        ads.read(ago(days))
    assert amounts(spend()) == {"Natale": [(3, Decimal(40))], "": [(1, Decimal(0))]}


def test_a_day_read_before_it_had_ended_on_the_accounts_clock_is_not_known(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale")
    ads.spent(ago(1), "1", 12)
    ads.read(ago(1), at=datetime(2026, 11, 23, 22, 59, tzinfo=UTC))  # 23:59 in Rome
    assert amounts(spend()) == {}
    assert amounts(spend(zone="Asia/Vientiane")) == {"Natale": [(1, Decimal(12))]}


def test_today_counts_as_far_as_it_went(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale")
    ads.spent(TODAY, "1", "7.50")
    ads.read(TODAY, at=NOW - timedelta(hours=3))
    assert amounts(spend()) == {"Natale": [(0, Decimal("7.50"))]}


def test_hours_add_up_to_what_the_day_says(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale")
    ads.spent(ago(1), "1", 10)
    ads.hour(ago(1), "1", 8, 4)
    ads.hour(ago(1), "1", 9, 5)
    ads.read(ago(1))
    rows = [row for row in spend() if row.day == ago(1)]
    assert [(row.hour, row.amount) for row in rows] == [(8, 4), (9, 5), (None, 1)]


def test_another_attribution_setting_is_not_other_money(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale")
    ads.spent(ago(1), "1", 10)
    ads.spent(ago(1), "1", "10.20", attribution="1d_click")
    ads.read(ago(1))
    assert amounts(spend()) == {"Natale": [(1, Decimal("10.20"))]}


def test_what_a_campaign_may_spend_is_known_where_it_was_read_today_and_nothing_where_it_stands_still(
    ads: Ads, spend: Spend
) -> None:
    ads.campaign("1", "Natale", daily=60)
    ads.campaign("2", "Estate", daily=30, status="PAUSED")
    ads.campaign("3", "Over", daily=20, ends_at=NOW - timedelta(days=1))
    told = {row.campaign: row.daily_budget for row in spend() if row.daily_budget is not None}
    assert told == {"Natale": 60, "Estate": 0, "Over": 0}


def ad_set(ads: Ads, entity_id: str, daily: object, status: str = "ACTIVE", parent: str = "1", **more: Any) -> None:
    row = {"account": ACCOUNT, "entity_id": entity_id, "level": "adset", "name": entity_id, "status": status}
    row |= {"effective_status": status, "currency": "EUR", "daily_budget": daily, "parent_id": parent, **more}
    ads.put(ad_entity, row)


def test_a_campaign_may_spend_what_its_ad_sets_that_run_may(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale", daily=None)
    ad_set(ads, "11", 40)
    ad_set(ads, "12", 20)
    ad_set(ads, "13", 15, status="PAUSED")
    ads.campaign("2", "Estate", daily=None)
    ad_set(ads, "21", 40, parent="2")
    ad_set(ads, "22", None, parent="2", lifetime_budget=500)
    told = {row.campaign: row.daily_budget for row in spend() if row.daily_budget is not None}
    assert told == {"Natale": 60}
    assert [row.campaign for row in spend() if row.has_no_daily] == ["Estate"], "an ad set of it has a lifetime budget"


def test_what_is_gone_from_the_ad_account_spends_nothing_more(ads: Ads, spend: Spend) -> None:
    ads.campaign("1", "Natale")
    ads.campaign("2", "Cancellata", effective_status="GONE")
    told = {row.campaign: row.daily_budget for row in spend() if row.daily_budget is not None}
    assert told == {"Natale": 60}


@pytest.mark.parametrize(
    ("changed", "days"),
    [(None, [2, 1, 0]), ({"daily_budget": 50}, [1, 0]), ({"status": "PAUSED"}, [1, 0]), ({"name": "x"}, [2, 1, 0])],
)
def test_a_setting_is_known_for_the_days_of_the_week_on_which_it_was_read_and_has_stood_since(
    ads: Ads, spend: Spend, changed: dict[str, object] | None, days: list[int]
) -> None:
    ads.campaign("1", "Natale")
    for back in (4, 3, 2, 1):  # today is a Tuesday, so that the week began two days ago
        ads.spent(ago(back), "1", 40)
        ads.read(ago(back))
        ads.read(ago(back), stream="ad_entities")
    if changed:
        at = NOW - timedelta(days=2)
        ads.put(ad_entity_history, {"account": ACCOUNT, "entity_id": "1", "replaced_at": at, "before": changed})
    assert sorted({(TODAY - row.day).days for row in spend() if row.daily_budget == 60}, reverse=True) == days


def test_it_is_a_source_of_spend() -> None:
    assert issubclass(WarehouseSpend, SpendSource)
