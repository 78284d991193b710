"""Negative comments of a week, worked out by hand from the definition."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.domain import Account, Brand
from include.kpis.roll_up import roll_up
from include.warehouse import tables
from tests.kpis.conftest import MONDAY, NOW, Facts

FACEBOOK, INSTAGRAM, BRAND = "facebook_aurora", "instagram_aurora", "*"
HEARD = {"aurora": (FACEBOOK, INSTAGRAM)}
BEGINS = datetime(2026, 11, 15, 23, tzinfo=UTC)  # Monday's midnight in Rome


@pytest.fixture
def brand() -> Brand:
    accounts = (Account("facebook", "aurora", "aurora"),)
    return Brand("aurora", "Bottega Aurora", "Europe/Rome", "it", "#aurora", accounts)


@pytest.fixture
def facts(engine: Engine) -> Facts:
    return Facts(engine)


def _listen(engine: Engine, account: str, since: datetime, until: datetime) -> None:
    row = {"account": account, "heard_from": since, "heard_through": until, "read_at": until}
    with engine.begin() as connection:
        connection.execute(insert(tables.comment_read), row)


def _say(engine: Engine, account: str, at: datetime, label: str | None, **more: Any) -> None:
    number = f"{account}-{at.isoformat()}-{label}-{len(more)}"
    row = {"account": account, "comment_id": number, "remote_id": "p", "created_at": at, "text": "…", "label": label}
    with engine.begin() as connection:
        connection.execute(insert(tables.comment), {**row, "scored": label is not None, **more})


def _week(engine: Engine) -> None:
    for account in HEARD["aurora"]:
        _listen(engine, account, BEGINS - timedelta(days=28), NOW)
    for hour in range(3):
        _say(engine, FACEBOOK, BEGINS + timedelta(hours=hour), "negative")
    for hour in range(9):
        _say(engine, FACEBOOK, BEGINS + timedelta(days=6, hours=hour), "positive")
    _say(engine, FACEBOOK, BEGINS + timedelta(days=1), None)  # not judged
    _say(engine, FACEBOOK, BEGINS + timedelta(days=2), "negative", ours=True)
    _say(engine, FACEBOOK, BEGINS - timedelta(seconds=1), "negative")  # Sunday, in Rome
    _say(engine, FACEBOOK, BEGINS + timedelta(days=7), "negative")  # the week after
    _say(engine, INSTAGRAM, BEGINS + timedelta(days=3), "negative")


def test_the_share_of_an_account_and_of_the_brand_from_sums(facts: Facts, brand: Brand) -> None:
    _week(facts.engine)
    roll_up(facts.engine, [brand], MONDAY, NOW, HEARD)
    values, notes = facts.kpis(), facts.kpis("note")
    assert values[(FACEBOOK, "negative_comments", "")] == Decimal("0.25")  # 3 of 12
    assert values[(INSTAGRAM, "negative_comments", "")] == 1
    assert values[(BRAND, "negative_comments", "")] == Decimal("0.3076923077")  # 4 of 13
    assert notes[(FACEBOOK, "negative_comments", "")] == "1 of 13 comments could not be judged"
    assert facts.kpis("is_final")[(BRAND, "negative_comments", "")]
    assert (INSTAGRAM, "followers", "") not in values


def test_a_network_without_comments_says_so_and_takes_nothing_from_the_brand(facts: Facts, brand: Brand) -> None:
    _week(facts.engine)
    with facts.engine.begin() as connection:
        connection.execute(tables.comment.delete().where(tables.comment.c.account == INSTAGRAM))
    roll_up(facts.engine, [brand], MONDAY, NOW, HEARD)
    assert facts.kpis()[(INSTAGRAM, "negative_comments", "")] is None
    assert facts.kpis()[(BRAND, "negative_comments", "")] == Decimal("0.25")


def test_a_week_that_was_heard_in_part_says_so(facts: Facts, brand: Brand) -> None:
    _listen(facts.engine, FACEBOOK, BEGINS + timedelta(days=2), BEGINS + timedelta(days=5))
    _say(facts.engine, FACEBOOK, BEGINS + timedelta(days=3), "neutral")
    roll_up(facts.engine, [brand], MONDAY, NOW, HEARD)
    note = facts.kpis("note")[(FACEBOOK, "negative_comments", "")]
    assert note == "comments before 17 November not read; may still change"
    assert not facts.kpis("is_final")[(FACEBOOK, "negative_comments", "")]


def test_who_is_not_listened_to_has_no_row(facts: Facts, brand: Brand) -> None:
    _week(facts.engine)
    roll_up(facts.engine, [brand], MONDAY, NOW)
    assert not [key for key in facts.kpis() if key[1] == "negative_comments"]


def test_an_account_that_could_not_be_heard_is_named_beside_the_brands_share(facts: Facts, brand: Brand) -> None:
    _listen(facts.engine, FACEBOOK, BEGINS - timedelta(days=28), NOW)
    _listen(facts.engine, INSTAGRAM, BEGINS - timedelta(days=28), BEGINS - timedelta(hours=1))
    _say(facts.engine, FACEBOOK, BEGINS + timedelta(hours=1), "negative")
    roll_up(facts.engine, [brand], MONDAY, NOW, HEARD)
    assert facts.kpis()[(BRAND, "negative_comments", "")] == 1
    assert facts.kpis("note")[(BRAND, "negative_comments", "")] == "without instagram_aurora: comments not read"
