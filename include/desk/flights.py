"""A budget, and what spends from it. How they are written is told in `include/desk/budgets.py`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from include.desk.calendar_weights import EVEN, Event

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Member:
    """An account, or those of its campaigns whose id or name fits `campaign`. `share` is 0.6 for 60 %."""

    account: str
    campaign: str = "*"
    share: Decimal | None = None

    def takes(self, account: str, campaign_id: str, campaign: str) -> bool:
        return _fits(self.account, account) and (_fits(self.campaign, campaign_id) or _fits(self.campaign, campaign))

    def covers(self, other: "Member") -> bool:
        """Whatever `other` takes, this one takes too (of two patterns: as far as their letters tell)."""
        return self.takes(other.account, other.campaign, other.campaign)

    def __str__(self) -> str:
        return self.account if self.campaign == "*" else f"{self.account}/{self.campaign}"


def _fits(pattern: str, text: str) -> bool:
    if "*" not in pattern and "?" not in pattern:
        return pattern == text or pattern.casefold() == text.casefold()
    return pattern == "*" or _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=16_384)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Not fnmatch: campaigns are called "[IT] Natale", and brackets mean themselves.
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(letter, re.escape(letter)) for letter in pattern), re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Budget:
    """One flight of one budget. `row` is where it stands in the file."""

    brand: str
    name: str
    amount: Decimal
    currency: str
    first: date
    last: date
    timezone: str = "UTC"
    members: tuple[Member, ...] = ()
    parent: str = ""
    weekdays: tuple[Decimal, ...] = EVEN
    events: tuple[Event, ...] = ()
    min_day: Decimal = NONE
    max_day: Decimal | None = None
    carry_over: Decimal | None = NONE
    """None: whatever the flight before has left."""
    reserve: Decimal = NONE
    cap: Decimal | None = None
    pause_at_cap: bool = False
    tolerance: Decimal = Decimal("0.1")
    tolerance_money: Decimal = NONE
    step: Decimal = Decimal("0.3")
    decides: tuple[str, ...] = ()
    row: int = 0

    @property
    def title(self) -> str:
        return f"{self.brand}/{self.name}"

    @property
    def key(self) -> str:
        """Names this flight for ever; one episode of alerts belongs to it."""
        return f"{self.title}/{self.first}"

    @property
    def hard_cap(self) -> Decimal:
        """Where none is stated, a last hour's overrun is no breach."""
        return self.amount * Decimal("1.01") if self.cap is None else self.cap

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=after) for after in range((self.last - self.first).days + 1))

    def weight(self, day: date) -> Decimal:
        """What `day` is worth beside the others; 0 outside the flight."""
        if not self.first <= day <= self.last:
            return NONE
        weight = self.weekdays[day.weekday()]
        for event in self.events:
            if event.first <= day <= event.last:
                weight *= event.factor
        return weight

    def overlaps(self, other: "Budget") -> bool:
        return self.first <= other.last and other.first <= self.last


def parents_of(budgets: Iterable[Budget]) -> dict[str, Budget]:
    """The flight that each part belongs to, by the part's key."""
    budgets = list(budgets)
    named: dict[str, list[Budget]] = defaultdict(list)
    for budget in budgets:
        named[budget.title].append(budget)
    wholes = {part.key: named.get(f"{part.brand}/{part.parent}", []) for part in budgets if part.parent}
    found = {
        part.key: next((each for each in wholes.get(part.key, []) if each.overlaps(part)), None) for part in budgets
    }
    return {key: whole for key, whole in found.items() if whole is not None}
