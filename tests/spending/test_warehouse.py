"""Spend out of the warehouse: what is known, what is nothing, what is not known."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from include.domain import SpendSource
from include.spending.warehouse import WarehouseSpend
from tests.spending.conftest import NOW, TODAY, Ads, ago

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


def test_it_is_a_source_of_spend() -> None:
    assert issubclass(WarehouseSpend, SpendSource)
