"""What ads cost, and what may be changed of a campaign, only as long as it stands as it was seen: compare, then set."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, runtime_checkable

from include.domain.errors import Refused


class SpendRow(NamedTuple):
    """What one campaign (or an account as a whole) spent on one day, or in one hour of it.

    `has_no_daily`: it runs on a budget of another kind, so that what it may spend a day is not known.
    """

    day: date
    account: str
    amount: Decimal
    currency: str
    campaign: str = ""
    campaign_id: str = ""
    hour: int | None = None
    daily_budget: Decimal | None = None
    row: int = 0
    has_no_daily: bool = False

    @property
    def spender(self) -> tuple[str, str, str]:
        return self.account, self.campaign_id, self.campaign

    @property
    def is_total(self) -> bool:
        return not self.campaign and not self.campaign_id

    def __str__(self) -> str:
        return f"{self.account}/{self.campaign or self.campaign_id}".rstrip("/")


@runtime_checkable
class SpendSource(Protocol):
    """Knows what accounts spent: the warehouse for platforms that are read, a file for those without an API here."""

    def spend(self, accounts: Collection[str], first: date, last: date) -> Iterable[SpendRow]:
        """The rows of those of `accounts` that it knows. A day without a row is not known; one without spend has 0."""
        ...


@dataclass(frozen=True, slots=True)
class AdState:
    """A campaign's daily budget (in `currency`; None where it has none of its own) and status as they are now."""

    entity_id: str
    status: str
    daily_budget: Decimal | None
    currency: str


class StateMoved(Refused):
    """Somebody changed the campaign since it was looked at; nothing was set. The message says what stands there now."""


@runtime_checkable
class AdManager(Protocol):
    """Changes campaigns. Each change says what it expects to find, and does nothing where it finds another."""

    def ad_state(self, entity_id: str) -> AdState:
        """What the platform says now. A read: may be repeated."""
        ...

    def settable(self, amount: Decimal, currency: str) -> Decimal:
        """The daily budget that the platform can hold: `amount`, or as little below it as its unit is. Pure."""
        ...

    def set_daily_budget(self, entity_id: str, amount: Decimal, *, expected: Decimal) -> None:
        """Raises StateMoved, or OutcomeUnknown where only the next look tells."""
        ...

    def set_status(self, entity_id: str, status: str, *, expected: str) -> None:
        """`ACTIVE` or `PAUSED`. Raises as `set_daily_budget` does."""
        ...
