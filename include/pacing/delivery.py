"""How far a platform may go beyond the daily budget that it was told.

Meta Ads    up to 75 % more on a day, seven times the daily budget in a week from Sunday to Saturday. Told so by the
            help center ("About daily budgets", as quoted by support.zenvia.com, article 495315, 2024); the developers'
            page (developers.facebook.com, marketing-api/bidding/overview/budgets, of 11 Nov 2025) still says 25 %. The
            larger one is what a worst case needs.
Google Ads  twice on a day, 30.4 times the daily budget in a calendar month (support.google.com/google-ads, answers 6312
            and 1704443).

All read on 2026-11-24. A budget that is changed within the week or month starts its count anew, and what begins within
one has a part of it only, so the longer limit is used where the budget is known to have stood all along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Delivery:
    """`day` and `period` are multiples of the daily budget; `begins` is the first day of the period of a day."""

    name: str
    day: Decimal
    period: Decimal
    weekly: bool

    def begins(self, today: date) -> date:
        if not self.weekly:
            return today.replace(day=1)
        return today - timedelta(days=today.isoweekday() % 7)

    def worst_day(self, daily: Decimal, spent_in_period: Decimal | None = None) -> Decimal:
        """The most that a day may cost. `spent_in_period` before it counts if `daily` has stood all that time."""
        most = self.day * daily
        return most if spent_in_period is None else max(min(most, self.period * daily - spent_in_period), Decimal(0))

    def worst_period(self, daily: Decimal) -> Decimal:
        return self.period * daily


RULES: Mapping[str, Delivery] = {
    "meta_ads": Delivery("Meta", Decimal("1.75"), Decimal(7), weekly=True),
    "google_ads": Delivery("Google", Decimal(2), Decimal("30.4"), weekly=False),
}


def rule_of(account: str) -> Delivery | None:
    """The rule of the platform whose name an account's key begins with; None where none is known."""
    return next((rule for platform, rule in RULES.items() if account.startswith(f"{platform}_")), None)
