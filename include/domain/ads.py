"""What may be changed of a campaign, and only as long as it stands as it was seen: compare, then set."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable

from include.domain.errors import Refused


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

    def set_daily_budget(self, entity_id: str, amount: Decimal, *, expected: Decimal) -> None:
        """Raises StateMoved, or OutcomeUnknown where only the next look tells."""
        ...

    def set_status(self, entity_id: str, status: str, *, expected: str) -> None:
        """`ACTIVE` or `PAUSED`. Raises as `set_daily_budget` does."""
        ...
