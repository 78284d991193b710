"""The website's KPIs, worked out by hand from the definitions."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.domain import Account, Brand, WebDay, Window
from include.kpis.roll_up import roll_up
from include.warehouse import tables
from include.warehouse.loading import load
from tests.kpis.conftest import MONDAY, NOW, SUNDAY, Facts

SHOP, BLOG, BRAND = "google_analytics_shop", "google_analytics_blog", "*"


def _channel(account: str, day: date, channel: str, sessions: int, engaged: int, conversions: int) -> WebDay:
    numbers = {"sessions": sessions, "engaged_sessions": engaged, "conversions": Decimal(conversions)}
    return WebDay(account, day, "channel", source=channel, **numbers)  # type: ignore[arg-type]


def _landed(account: str, source: str, medium: str, page: str, sessions: int, conversions: int) -> WebDay:
    numbers = {"sessions": sessions, "engaged_sessions": sessions, "conversions": Decimal(conversions)}
    name = {"source": source, "medium": medium, "campaign": "(not set)", "content": "(not set)", "landing_page": page}
    return WebDay(account, MONDAY, "content", **name, **numbers)  # type: ignore[arg-type]


ROWS = (
    _channel(SHOP, MONDAY, "Organic Social", 60, 36, 2),
    _channel(SHOP, SUNDAY, "Paid Social", 40, 24, 3),
    _channel(SHOP, SUNDAY, "Organic Search", 900, 800, 70),  # not from social
    _channel(SHOP, SUNDAY + timedelta(days=1), "Organic Social", 500, 1, 9),  # the week after
    _channel(BLOG, MONDAY, "Organic Social", 20, 5, 0),
    _landed(SHOP, "facebook", "social", "/panettone", 50, 4),
    _landed(SHOP, "m.facebook.com", "referral", "/panettone", 10, 0),
    _landed(SHOP, "facebook", "paid_social", "/", 40, 1),
    _landed(SHOP, "exabytesx.com", "referral", "/", 30, 5),  # no social network, whatever its letters
    _landed(SHOP, "google", "organic", "/panettone", 300, 30),
    _landed(BLOG, "t.co", "referral", "/panettone", 20, 0),
)


@pytest.fixture
def brand() -> Brand:
    sites = (Account("google_analytics", "shop", "aurora"), Account("google_analytics", "blog", "aurora"))
    return Brand("aurora", "Bottega Aurora", "Europe/Rome", "it", "#aurora", sites)


@pytest.fixture
def facts(engine: Engine) -> Facts:
    _put(engine, *ROWS)
    for account in (SHOP, BLOG):
        _read(engine, account, Window(MONDAY, SUNDAY))
    return Facts(engine)


def _put(engine: Engine, *rows: WebDay) -> None:
    with engine.begin() as connection:
        load(connection, tables.web_day, rows, columns=WebDay._fields)


def _read(engine: Engine, account: str, days: Window, status: str = "final") -> None:
    row = {"account": account, "stream": "web_day", "status": status, "fetched_at": NOW if status == "final" else None}
    with engine.begin() as connection:
        connection.execute(insert(tables.ingest_window), [{**row, "metric_date": day} for day in days.days()])


@pytest.mark.parametrize(
    ("kpi", "slice_", "shop", "blog", "whole"),
    [
        ("referral_sessions", "", "100", "20", "120"),
        ("conversions", "", "5", "0", "5"),
        ("conversion_rate", "", "0.05", "0", "0.0416666667"),  # 5/100; 0/20; 5/120
        ("conversion_rate", "/panettone", "0.0666666667", "0", "0.05"),  # 4/60; 0/20; 4/80
        ("conversion_rate", "/", "0.025", None, "0.025"),  # 1/40; nobody landed there on the blog
        ("bounce_rate", "", "0.4", "0.75", "0.4583333333"),  # 40/100; 15/20; 55/120, not the mean of both
    ],
)
def test_each_kpi(
    facts: Facts, brand: Brand, kpi: str, slice_: str, shop: str | None, blog: str | None, whole: str
) -> None:
    roll_up(facts.engine, [brand], MONDAY, NOW)
    values = facts.kpis()
    expected = [None if value is None else Decimal(value) for value in (shop, blog, whole)]
    assert [values.get((account, kpi, slice_)) for account in (SHOP, BLOG, BRAND)] == expected
    assert facts.kpis("is_final")[(BRAND, kpi, slice_)]


def test_a_website_has_no_followers_and_a_page_no_visits(facts: Facts, brand: Brand) -> None:
    both = replace(brand, accounts=(*brand.accounts, Account("facebook", "aurora", "aurora")))
    roll_up(facts.engine, [both], MONDAY, NOW)
    found = set(facts.kpis())
    assert (SHOP, "followers", "") not in found
    assert ("facebook_aurora", "bounce_rate", "") not in found
    assert {(BRAND, "followers", ""), (BRAND, "bounce_rate", "")} <= found


def test_a_week_that_was_not_read_is_unknown_and_one_without_visits_is_zero(facts: Facts, brand: Brand) -> None:
    before, earlier = MONDAY - timedelta(days=7), MONDAY - timedelta(days=14)
    _read(facts.engine, SHOP, Window(before, before + timedelta(days=6)), status="missing")
    for account in (SHOP, BLOG):
        _read(facts.engine, account, Window(earlier, earlier + timedelta(days=6)))
    for week in (before, earlier):
        roll_up(facts.engine, [brand], week, NOW)
    assert facts.kpis(week=before)[(SHOP, "referral_sessions", "")] is None
    assert "not read" in facts.kpis("note", week=before)[(SHOP, "referral_sessions", "")]
    assert facts.kpis(week=earlier)[(BRAND, "referral_sessions", "")] == 0
    assert facts.kpis(week=earlier)[(BRAND, "bounce_rate", "")] is None
    assert facts.kpis("note", week=earlier)[(BRAND, "bounce_rate", "")].endswith("there is nothing to divide by")


@pytest.mark.parametrize(
    ("row", "kpis"),
    [
        (_channel(SHOP, MONDAY, "Organic Social", 60, 30, 2), {"bounce_rate"}),
        (_channel(SHOP, MONDAY, "Organic Social", 60, 36, 4), {"conversions", "conversion_rate"}),
        (_channel(SHOP, SUNDAY, "Organic Search", 1000, 800, 70), set()),
    ],
    ids=["engaged visits", "conversions", "search"],
)
def test_a_restated_day_changes_exactly_the_kpis_made_of_it(
    facts: Facts, brand: Brand, row: WebDay, kpis: set[str]
) -> None:
    roll_up(facts.engine, [brand], MONDAY, NOW)
    before: Any = facts.kpis()
    _put(facts.engine, row)
    roll_up(facts.engine, [brand], MONDAY, NOW)
    after = facts.kpis()
    assert {key[1] for key in after if after[key] != before.get(key)} == kpis
