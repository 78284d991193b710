"""Budgets and spend in a line or two."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from include.desk.flights import Budget, Member
from include.desk.spend import SpendRow
from include.pacing.check import check
from include.pacing.look import Look

FIRST = date(2026, 11, 2)  # a Monday


def a_budget(amount: object = 3000, days: int = 30, **changes: Any) -> Budget:
    members = changes.pop("members", (Member("meta_ads_aurora"),))
    last = changes.pop("last", FIRST + timedelta(days=days - 1))
    named = {"brand": "aurora", "name": "Natale", "currency": "EUR", "first": FIRST, "row": 2} | changes
    return Budget(amount=Decimal(str(amount)), last=last, members=members, **named)


def spend(
    amounts: Sequence[object],
    *,
    first: date = FIRST,
    account: str = "meta_ads_aurora",
    currency: str = "EUR",
    **more: Any,
) -> list[SpendRow]:
    """One row for each day from `first` on; None is a day that is not known."""
    return [
        SpendRow(first + timedelta(days=after), account, Decimal(str(amount)), currency, "Reel", **more)
        for after, amount in enumerate(amounts)
        if amount is not None
    ]


def day(after: int) -> date:
    """The flight's day of that number, from 0."""
    return FIRST + timedelta(days=after)


@pytest.fixture
def seen() -> Callable[..., Look]:
    """The look at one budget after its days cost `amounts`, on the morning of the next day."""

    def see(budget: Budget, amounts: Sequence[object], *, today: date | None = None, **more: Any) -> Look:
        on = today or budget.first + timedelta(days=len(amounts))
        (look,) = check([budget], spend(amounts, first=budget.first, **more), lambda _: on)
        return look

    return see
