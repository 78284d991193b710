"""`GET` and `POST /act_{id}/insights`: rows by day and level, as documented for v25.0.

https://developers.facebook.com/docs/marketing-api/insights/parameters. Numbers are strings, days are the account's, a
day without delivery has no row. Windows of 7 and 28 days after a view are gone since 2026-01-12.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import invalid
from include.sandbox.meta_ads.campaigns import Campaign, Share, ads_of, adsets_of, campaigns_of, currency_of, zone_of
from include.sandbox.meta_ads.delivery import CENT, Delivered, delivered, delivered_in_hour
from include.sandbox.state import Sandbox

LEVELS = ("account", "campaign", "adset", "ad")
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
WINDOWS = frozenset(
    ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev", "dda", "default", "skan_click", "skan_view")
)
NUMBERS = frozenset(("spend", "impressions", "reach", "clicks", "inline_link_clicks", "frequency", "cpm", "cpc", "ctr"))
LISTS = frozenset(("actions", "action_values"))
NAMES = frozenset(
    (
        "account_id",
        "account_name",
        "account_currency",
        "campaign_id",
        "campaign_name",
        "adset_id",
        "adset_name",
        "ad_id",
    )
) | {"ad_name", "date_start", "date_stop", "attribution_setting", "objective"}
TAKEN = frozenset(
    ("level", "time_range", "time_increment", "fields", "limit", "after", "breakdowns", "action_attribution_windows")
) | {"filtering", "use_unified_attribution_setting", "use_account_attribution_setting", "default_summary"}
MOST_MONTHS = 37

Row = dict[str, Any]


def rows(sandbox: Sandbox, account: DeclaredAccount, asked: Mapping[str, Any]) -> list[Row]:
    """Every row that the parameters ask for. Raises GraphError for what Meta would refuse."""
    first, last = _range(asked, sandbox.clock.now(), account)
    level = str(asked.get("level", "account"))
    if level not in LEVELS:
        raise invalid(f"level must be one of the following values: {', '.join(LEVELS)}")
    if str(asked.get("time_increment", "1")) != "1":
        raise invalid("The sandbox serves time_increment=1, a row a day")
    _check_windows(asked)
    fields, hourly = _fields(asked), _hourly(asked)
    found = _Rows(sandbox, account, level, fields)
    return [row for day in _days(first, last) for row in found.of(day, hourly)]


class _Rows:
    def __init__(self, sandbox: Sandbox, account: DeclaredAccount, level: str, fields: set[str]) -> None:
        self.sandbox, self.account, self.level, self.fields = sandbox, account, level, fields
        self.now, self.zone = sandbox.clock.now(), zone_of(account)
        self.campaigns = campaigns_of(sandbox, account)

    def of(self, day: date, hourly: bool) -> Iterator[Row]:
        for hour in range(24) if hourly else (None,):
            told = [(c, found) for c in self.campaigns if (found := self.delivered(c, day, hour))]
            if self.level == "account":
                if told:
                    yield self.row(day, hour, _sum([found for _, found in told]), None, None)
                continue
            for campaign, found in told:
                yield from self.below(day, hour, campaign, found)

    def delivered(self, campaign: Campaign, day: date, hour: int | None) -> Delivered | None:
        if hour is None:
            return delivered(self.sandbox.seed, campaign, day, self.now, self.zone)
        return delivered_in_hour(self.sandbox.seed, campaign, day, hour, self.now, self.zone)

    def below(self, day: date, hour: int | None, campaign: Campaign, found: Delivered) -> Iterator[Row]:
        if self.level == "campaign":
            yield self.row(day, hour, found, campaign, None)
            return
        shares = (adsets_of if self.level == "adset" else ads_of)(self.sandbox.seed, campaign)
        for share, part in zip(shares, _parted(found, [each.share for each in shares]), strict=True):
            yield self.row(day, hour, part, campaign, share)

    def row(self, day: date, hour: int | None, found: Delivered, campaign: Campaign | None, share: Share | None) -> Row:
        everything = {**_numbers(found), **self.names(campaign, share)}
        row = {name: value for name, value in everything.items() if name in self.fields and value not in (None, [])}
        row |= {"date_start": str(day), "date_stop": str(day)}
        return row if hour is None else {**row, HOURLY: f"{hour:02}:00:00 - {hour:02}:59:59"}

    def names(self, campaign: Campaign | None, share: Share | None) -> Row:
        adset = share and (share.above or share.id)
        return {
            "account_id": self.account.native_id,
            "account_name": self.account.title,
            "account_currency": currency_of(self.account),
            "campaign_id": campaign and campaign.campaign_id,
            "campaign_name": campaign and campaign.name,
            "objective": campaign and campaign.objective,
            "adset_id": adset,
            "adset_name": share.name if share and not share.above else None,
            "ad_id": share.id if share and share.above else None,
            "ad_name": share.name if share and share.above else None,
            "attribution_setting": "7d_click_1d_view",
        }


def _numbers(found: Delivered) -> Row:
    actions = [("link_click", found.link_clicks), ("purchase", found.purchases)]
    return {
        "spend": str(found.spend),
        "impressions": str(found.impressions),
        "reach": str(found.reach),
        "clicks": str(found.clicks),
        "inline_link_clicks": str(found.link_clicks),
        "frequency": _ratio(found.impressions, found.reach),
        "cpm": _ratio(found.spend * 1000, found.impressions),
        "cpc": _ratio(found.spend, found.clicks),
        "ctr": _ratio(found.clicks * 100, found.impressions),
        "actions": [{"action_type": kind, "value": str(count)} for kind, count in actions if count],
        "action_values": [{"action_type": "purchase", "value": str(found.value)}] if found.purchases else [],
    }


def _ratio(upper: Decimal | int, lower: int) -> str | None:
    return str((Decimal(upper) / lower).quantize(Decimal("0.000001"))) if lower else None


def _sum(parts: list[Delivered]) -> Delivered:
    """The account's whole. Its reach is not the sum: people see more than one campaign."""
    return Delivered(
        spend=sum((part.spend for part in parts), Decimal(0)),
        impressions=sum(part.impressions for part in parts),
        reach=int(sum(part.reach for part in parts) * 0.9) if len(parts) > 1 else parts[0].reach,
        clicks=sum(part.clicks for part in parts),
        link_clicks=sum(part.link_clicks for part in parts),
        purchases=sum(part.purchases for part in parts),
        value=sum((part.value for part in parts), Decimal(0)),
    )


def _parted(found: Delivered, shares: list[float]) -> list[Delivered]:
    """The campaign's figures among its parts: all but reach add up to it, for the last part takes what is left."""
    parts: list[Delivered] = []
    for share in shares[:-1]:
        parts.append(
            Delivered(
                (found.spend * Decimal(share)).quantize(CENT, ROUND_HALF_UP),
                int(found.impressions * share),
                int(found.reach * share),
                int(found.clicks * share),
                int(found.link_clicks * share),
                int(found.purchases * share),
                (found.value * Decimal(share)).quantize(CENT, ROUND_HALF_UP),
            )
        )
    given = _sum(parts) if parts else Delivered(Decimal(0), 0, 0, 0, 0, 0, Decimal(0))
    last = Delivered(
        found.spend - given.spend,
        found.impressions - given.impressions,
        int(found.reach * shares[-1]),
        found.clicks - given.clicks,
        found.link_clicks - given.link_clicks,
        found.purchases - given.purchases,
        found.value - given.value,
    )
    return [*parts, last]


def _fields(asked: Mapping[str, Any]) -> set[str]:
    given = asked.get("fields") or "account_id,impressions,spend"
    names = {name.strip() for name in (given if isinstance(given, str) else ",".join(given)).split(",")}
    if unknown := names - NUMBERS - LISTS - NAMES:
        raise invalid(
            f"{min(unknown)} is not valid for fields param. please check https://developers.facebook.com/docs/"
        )
    return names


def _check_windows(asked: Mapping[str, Any]) -> None:
    given = _json(asked.get("action_attribution_windows"), [])
    for window in [given] if isinstance(given, str) else given:
        if window not in WINDOWS:
            raise invalid(f"action_attribution_windows must be one of: {', '.join(sorted(WINDOWS))}; not {window}")


def _hourly(asked: Mapping[str, Any]) -> bool:
    given = _json(asked.get("breakdowns"), [])
    names = [given] if isinstance(given, str) else given
    if any(name != HOURLY for name in names):
        raise invalid(f"The sandbox serves the breakdown {HOURLY} only")
    return bool(names)


def _range(asked: Mapping[str, Any], now: datetime, account: DeclaredAccount) -> tuple[date, date]:
    given = _json(asked.get("time_range"), None)
    today = now.astimezone(zone_of(account)).date()
    if given is None:
        return today - timedelta(days=30), today - timedelta(days=1)
    try:
        first, last = date.fromisoformat(given["since"]), date.fromisoformat(given["until"])
    except (KeyError, TypeError, ValueError):
        raise invalid("time_range must be an object with since and until as YYYY-MM-DD") from None
    if last < first:
        raise invalid("since must be before until in time_range")
    if (today - first).days > MOST_MONTHS * 31:
        raise invalid("The start date of the time range cannot be beyond 37 months from the current date", subcode=3018)
    return first, last


def _json(given: Any, default: Any) -> Any:
    if given is None or given == "":
        return default
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return given


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
