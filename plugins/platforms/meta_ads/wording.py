"""Our changes of a campaign in Meta's words. Budgets travel in the currency's minor unit, which some have none of."""

from decimal import Decimal
from typing import Any

from include.domain.posts import Post
from platforms.transport.constraints import beside


def constraints() -> dict[str, Any]:
    """Meta's limits, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def problems(post: Post) -> list[str]:
    """Meta Ads takes no posts at all."""
    return ["Meta Ads publishes no posts; take it out of the row's accounts."]


def minor(amount: Decimal, currency: str) -> int:
    """An amount in the unit that Meta counts in: 12.34 EUR is 1234, 1200 JPY is 1200. Never rounded up.

    Raises ValueError for an amount of 0 or less.
    """
    if amount <= 0:
        raise ValueError(f"A daily budget of {amount} {currency} is none; pause the campaign instead.")
    return int(amount * _offset(currency))


def major(minor_units: str, currency: str) -> Decimal:
    """What Meta says, as an amount of the currency."""
    return Decimal(minor_units) / _offset(currency)


def _offset(currency: str) -> int:
    return 1 if currency in constraints()["currencies_without_minor_unit"]["value"] else 100
