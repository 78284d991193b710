"""Ad accounts, campaigns, ad sets and ads as Graph shows them, and what may be changed of them.

https://developers.facebook.com/docs/marketing-api/reference/ad-campaign-group. Budgets are in minor units, as strings.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid, nonexisting_field
from include.sandbox.facebook.moments import written
from include.sandbox.meta_ads.campaigns import (
    AdSet,
    Campaign,
    Share,
    ads_of,
    adsets_of,
    campaigns_of,
    currency_of,
    zone_of,
)
from include.sandbox.meta_ads.delivery import delivered
from include.sandbox.state import Sandbox

STATUSES = ("ACTIVE", "PAUSED", "ARCHIVED", "DELETED")
GONE = ("ARCHIVED", "DELETED")
CHANGEABLE = frozenset(("daily_budget", "status"))
LEAST_BUDGET = 100  # minor units; Meta's own least depends on currency and goal

Answer = dict[str, Any]


class Entities:
    """The things of one ad account."""

    def __init__(self, sandbox: Sandbox, account: DeclaredAccount) -> None:
        self.sandbox, self.account = sandbox, account

    def ad_account(self, fields: Iterable[str]) -> Answer:
        now, zone = self.sandbox.clock.now(), zone_of(self.account)
        offset = now.astimezone(zone).utcoffset()
        everything = {
            "id": f"act_{self.account.native_id}",
            "account_id": self.account.native_id,
            "name": self.account.title,
            "account_status": 1,
            "currency": currency_of(self.account),
            "timezone_name": self.account.timezone,
            "timezone_offset_hours_utc": offset.total_seconds() / 3600 if offset else 0,
            "amount_spent": "0",
            "min_daily_budget": LEAST_BUDGET,
        }
        return _picked(everything, fields, "AdAccount", ("id",))

    def campaigns(self, fields: Iterable[str]) -> list[Answer]:
        return [self.campaign(each, fields) for each in campaigns_of(self.sandbox, self.account)]

    def campaign(self, campaign: Campaign, fields: Iterable[str]) -> Answer:
        now, zone = self.sandbox.clock.now(), zone_of(self.account)
        status, budget = campaign.at("status", now), campaign.budget_at(now)
        today = delivered(self.sandbox.seed, campaign, now.astimezone(zone).date(), now, zone)
        spent = int(today.spend * 100) if today else 0
        everything: Answer = {
            "id": campaign.campaign_id,
            "account_id": self.account.native_id,
            "name": campaign.name,
            "objective": campaign.objective,
            "status": status,
            "configured_status": status,
            "effective_status": status,
            "buying_type": "AUCTION",
            "daily_budget": None if campaign.adsets else str(budget),
            "budget_remaining": None if campaign.adsets else str(max(budget - spent, 0)),
            "created_time": written(campaign.start),
            "start_time": written(campaign.start),
            "updated_time": written(campaign.updated),
        }
        optional = {
            "stop_time": written(campaign.stop) if campaign.stop else None,
            "lifetime_budget": None,
            "spend_cap": None,
        }
        return _picked({**everything, **optional}, fields, "Campaign", ("id",))

    def adsets(self, fields: Iterable[str]) -> list[Answer]:
        return [
            self.part(c, s, fields)
            for c in campaigns_of(self.sandbox, self.account)
            for s in adsets_of(self.sandbox.seed, c)
        ]

    def ads(self, fields: Iterable[str]) -> list[Answer]:
        return [
            self.part(c, s, fields)
            for c in campaigns_of(self.sandbox, self.account)
            for s in ads_of(self.sandbox.seed, c)
        ]

    def part(self, campaign: Campaign, share: Share, fields: Iterable[str]) -> Answer:
        now = self.sandbox.clock.now()
        own = next((each for each in campaign.adsets if each.adset_id == share.id), None)
        own_status = own.at("status", now) if own else "ACTIVE"
        above = campaign.at("status", now)
        effective = own_status if above == "ACTIVE" else f"CAMPAIGN_{above}" if above == "PAUSED" else above
        everything: Answer = {
            "id": share.id,
            "account_id": self.account.native_id,
            "campaign_id": campaign.campaign_id,
            "name": share.name,
            "status": own_status,
            "configured_status": own_status,
            "effective_status": effective,
            "created_time": written(campaign.start),
            "start_time": written(campaign.start),
            "end_time": written(campaign.stop) if campaign.stop else None,
            "adset_id": share.above or None,
            "daily_budget": own.at("daily_budget", now) if own else None,  # else the campaign has it
            "lifetime_budget": None,
        }
        return _picked(everything, fields, "Ad" if share.above else "AdSet", ("id",))

    def find(self, node: str) -> Campaign | None:
        return next((c for c in campaigns_of(self.sandbox, self.account) if c.campaign_id == node), None)

    def find_adset(self, node: str) -> tuple[Campaign, Share] | None:
        pairs = ((c, s) for c in campaigns_of(self.sandbox, self.account) for s in adsets_of(self.sandbox.seed, c))
        return next((pair for pair in pairs if pair[1].id == node), None)

    def change(self, campaign: Campaign, asked: Mapping[str, Any]) -> Answer:
        """`POST /{campaign}`: another daily budget, another status."""
        if campaign.adsets and "daily_budget" in asked:
            raise invalid("The sandbox's campaign has no budget of its own; its ad sets have")
        return self._change(campaign, campaign.campaign_id, campaign.at("status", self.sandbox.clock.now()), asked)

    def change_adset(self, campaign: Campaign, share: Share, asked: Mapping[str, Any]) -> Answer:
        """`POST /{ad set}`: the same, where the budget is the ad set's."""
        own: AdSet | None = next((each for each in campaign.adsets if each.adset_id == share.id), None)
        if own is None:
            raise invalid("The sandbox lets an ad set be changed where the budget is its own")
        return self._change(campaign, share.id, own.at("status", self.sandbox.clock.now()), asked)

    def _change(self, campaign: Campaign, node: str, status: str, asked: Mapping[str, Any]) -> Answer:
        if unknown := set(asked) - CHANGEABLE:
            raise invalid(f"The sandbox lets {' and '.join(sorted(CHANGEABLE))} be changed, not {min(unknown)}")
        now = self.sandbox.clock.now()
        if {status, campaign.at("status", now)} & {*GONE}:
            raise GraphError("(#100) Cannot edit an archived or deleted campaign", 100, subcode=1487246)
        for field, value in asked.items():
            _check(field, str(value))
            event = {"kind": "ad_change", "campaign_id": node, "field": field, "value": str(value)}
            self.sandbox.commit({**event, "at": now.isoformat()})
        return {"success": True}


def _check(field: str, value: str) -> None:
    if field == "status" and value not in STATUSES:
        raise invalid(f"status must be one of the following values: {', '.join(STATUSES)}")
    if field == "daily_budget" and not value.isdigit():
        raise invalid("Param daily_budget must be an integer")
    if field == "daily_budget" and int(value) < LEAST_BUDGET:
        raise invalid("Your budget is too low", subcode=1885272, title="Budget is too low", advice="Raise the budget.")


def _picked(everything: Answer, fields: Iterable[str], node: str, always: tuple[str, ...]) -> Answer:
    for name in fields:
        if name not in everything:
            raise nonexisting_field(name, node)
    return {name: everything[name] for name in (*always, *fields) if everything[name] is not None}
