"""The campaigns of an ad account, with their ad sets and ads, seeded; what was changed through the API comes on top.

An account's entry in `world.json` may declare them: `"settings": {"currency": "EUR", "campaigns": [{"name": "Natale",
"daily_budget": 40, "start_days": -20, "stop_days": 10, "delivery": 1.4}]}`. `delivery` is how much of its daily budget
a campaign spends on an ordinary day; with `"budget_on": "adsets"` its daily budget lies with its two ad sets. Without
an entry there are four, one of which overspends.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from include.sandbox.chance import chance, digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox

DEFAULT = (
    {"name": "Always on", "daily_budget": 25, "start_days": -120, "delivery": 0.97},
    {"name": "Christmas", "daily_budget": 60, "start_days": -20, "stop_days": 12, "delivery": 1.45},
    {"name": "Newsletter", "daily_budget": 15, "start_days": -45, "stop_days": 20, "delivery": 0.55},
    {"name": "Summer", "daily_budget": 30, "start_days": -100, "stop_days": -40, "delivery": 0.95, "status": "PAUSED"},
)


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted edit: from `at` on, `field` (`daily_budget` in minor units, or `status`) is `value`."""

    at: datetime
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class AdSet:
    """An ad set with a budget of its own, in minor units."""

    adset_id: str
    daily_budget: int
    changes: tuple[Change, ...] = ()

    def at(self, field: str, moment: datetime) -> str:
        """What `field` was at `moment`."""
        return _at(self.changes, field, moment, str(self.daily_budget) if field == "daily_budget" else "ACTIVE")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign. `daily_budget` in minor units of the account's currency; `stop` None where it has no end.

    `adsets` are there where the budget is theirs.
    """

    campaign_id: str
    name: str
    objective: str
    daily_budget: int
    status: str
    start: datetime
    stop: datetime | None
    delivery: float
    updated: datetime
    changes: tuple[Change, ...] = ()
    adsets: tuple[AdSet, ...] = ()

    def at(self, field: str, moment: datetime) -> str:
        """What `field` was at `moment`."""
        return _at(self.changes, field, moment, str(self.daily_budget) if field == "daily_budget" else self.status)

    def budget_at(self, moment: datetime) -> int:
        """What all of it could spend a day at `moment`, in minor units."""
        if not self.adsets:
            return int(self.at("daily_budget", moment))
        return sum(
            int(each.at("daily_budget", moment)) for each in self.adsets if each.at("status", moment) == "ACTIVE"
        )

    def runs_on(self, day: date, zone: ZoneInfo) -> bool:
        """Whether it may deliver on a day of the account's zone."""
        noon = datetime.combine(day, time(12), zone)
        return self.start <= noon and (self.stop is None or noon < self.stop) and self.at("status", noon) == "ACTIVE"


def _at(changes: tuple[Change, ...], field: str, moment: datetime, first: str) -> str:
    past = [change.value for change in changes if change.field == field and change.at <= moment]
    return past[-1] if past else first


def zone_of(account: DeclaredAccount) -> ZoneInfo:
    """The zone in which the account's days begin and end."""
    return ZoneInfo(account.timezone)


def currency_of(account: DeclaredAccount) -> str:
    return str(account.settings.get("currency", "EUR"))


def campaigns_of(sandbox: Sandbox, account: DeclaredAccount) -> list[Campaign]:
    """Every campaign of an account as it stands now, the newest first."""
    declared = account.settings.get("campaigns", DEFAULT)
    found = [_campaign(sandbox, account, number, entry) for number, entry in enumerate(declared)]
    return sorted((_changed(sandbox, each) for each in found), key=lambda each: each.start, reverse=True)


def _campaign(sandbox: Sandbox, account: DeclaredAccount, number: int, entry: Mapping[str, Any]) -> Campaign:
    assert sandbox.began is not None
    zone, began = zone_of(account), sandbox.began.astimezone(zone_of(account)).date()
    stop_days = entry.get("stop_days")
    start = _midnight(began, int(entry.get("start_days", -60)), zone)
    campaign_id = str(entry.get("id") or "120" + digits(15, sandbox.seed, account.key, "campaign", number))
    budget = int(Decimal(str(entry["daily_budget"])) * 100)
    return Campaign(
        campaign_id=campaign_id,
        name=str(entry["name"]),
        objective=str(entry.get("objective", "OUTCOME_SALES")),
        daily_budget=budget,
        status=str(entry.get("status", "ACTIVE")),
        start=start,
        stop=_midnight(began, int(stop_days) + 1, zone) if stop_days is not None else None,
        delivery=float(entry.get("delivery", 1)),
        updated=start,
        adsets=_with_budgets(sandbox.seed, campaign_id, budget) if entry.get("budget_on") == "adsets" else (),
    )


def _with_budgets(seed: int, campaign_id: str, budget: int) -> tuple[AdSet, ...]:
    first = int(budget * _SHARES[0])
    return tuple(AdSet(_adset_id(seed, campaign_id, n), each) for n, each in enumerate((first, budget - first)))


def _changed(sandbox: Sandbox, campaign: Campaign) -> Campaign:
    changes = _changes(sandbox, campaign.campaign_id)
    adsets = tuple(dataclasses.replace(a, changes=_changes(sandbox, a.adset_id)) for a in campaign.adsets)
    updated = max([campaign.updated, *(each.at for each in changes)])
    return dataclasses.replace(campaign, changes=changes, adsets=adsets, updated=updated)


def _changes(sandbox: Sandbox, node: str) -> tuple[Change, ...]:
    events = sandbox.ad_changes.get(node, ())
    return tuple(Change(datetime.fromisoformat(e["at"]), e["field"], e["value"]) for e in events)


def _midnight(day: date, later: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Share:
    """An ad set or an ad: which part of its campaign's delivery it has. `above` is its ad set's id, for an ad."""

    id: str
    name: str
    campaign_id: str
    above: str
    share: float


_SHARES = (0.65, 0.35)


def adsets_of(seed: int, campaign: Campaign) -> list[Share]:
    """A campaign's ad sets: one or two; two where the budget is theirs. Their shares of the delivery stay the same."""
    draw = chance(seed, campaign.campaign_id, "adsets")
    shares = (1.0,) if draw.random() < 0.4 and not campaign.adsets else _SHARES
    names = ("Italy 25-44", "Lookalike 2 %")
    return [
        Share(_adset_id(seed, campaign.campaign_id, n), names[n], campaign.campaign_id, "", share)
        for n, share in enumerate(shares)
    ]


def _adset_id(seed: int, campaign_id: str, number: int) -> str:
    return "121" + digits(15, seed, campaign_id, "adset", number)


def ads_of(seed: int, campaign: Campaign) -> list[Share]:
    """A campaign's ads: two in each ad set."""
    return [
        Share(
            "122" + digits(15, seed, adset.id, "ad", n),
            f"{campaign.name} {('reel', 'carousel')[n]}",
            campaign.campaign_id,
            adset.id,
            adset.share * share,
        )
        for adset in adsets_of(seed, campaign)
        for n, share in enumerate((0.6, 0.4))
    ]
