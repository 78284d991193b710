"""Meta's answers to our records. Pure.

https://developers.facebook.com/docs/marketing-api/reference/ads-insights. Numbers come as strings; a number that is
absent was withheld or is none, and stays None. Of `actions`, purchases are the conversions; all of them go to `extra`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from include.domain.records import AdDay, AdEntity, AdHour, RawResponse, Record
from platforms.meta_ads.wording import major

CAMPAIGN_FIELDS = (
    "id,name,objective,status,effective_status,daily_budget,lifetime_budget,start_time,stop_time,updated_time"
)
ADSET_FIELDS = "id,name,campaign_id,status,effective_status,daily_budget,lifetime_budget,start_time,end_time"
ACCOUNT_FIELDS = "id,name,currency,timezone_name,account_status"
DAY_FIELDS = (
    "account_currency,campaign_id,attribution_setting,spend,impressions,reach,clicks,inline_link_clicks,"
    "actions,action_values"
)
HOUR_FIELDS = "account_currency,campaign_id,spend"
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")
"""The first of these that an answer has counts; they overlap, so that they are never added up."""


def read(response: RawResponse) -> Iterator[Record]:
    """The rows of one kept answer."""
    data = json.loads(response.body)
    match response.asked["what"]:
        case "account":
            yield _account(response.account, data)
        case "campaigns":
            for campaign in data["data"]:
                yield _campaign(response.account, campaign, str(response.asked["currency"]))
        case "adsets":
            for adset in data["data"]:
                yield _adset(response.account, adset, str(response.asked["currency"]))
        case "days":
            yield from (_day(response.account, row) for row in data["data"])
        case "hours":
            yield from (_hour(response.account, row) for row in data["data"])


def _account(account: str, data: Mapping[str, Any]) -> AdEntity:
    active = "ACTIVE" if data.get("account_status") == 1 else f"STATUS_{data.get('account_status')}"
    return AdEntity(
        account=account,
        entity_id=str(data["id"]),
        level="account",
        name=str(data.get("name", "")),
        status=active,
        effective_status=active,
        currency=data.get("currency"),
        extra={"timezone": data.get("timezone_name")},
    )


def _campaign(account: str, data: Mapping[str, Any], currency: str) -> AdEntity:
    return AdEntity(
        account=account,
        entity_id=str(data["id"]),
        level="campaign",
        name=str(data.get("name", "")),
        status=str(data.get("status", "")),
        effective_status=str(data.get("effective_status", "")),
        objective=data.get("objective"),
        currency=currency,
        daily_budget=_budget(data.get("daily_budget"), currency),
        lifetime_budget=_budget(data.get("lifetime_budget"), currency),
        starts_at=_moment(data.get("start_time")),
        ends_at=_moment(data.get("stop_time")),
    )


def _adset(account: str, data: Mapping[str, Any], currency: str) -> AdEntity:
    return AdEntity(
        account=account,
        entity_id=str(data["id"]),
        level="adset",
        name=str(data.get("name", "")),
        status=str(data.get("status", "")),
        effective_status=str(data.get("effective_status", "")),
        parent_id=str(data["campaign_id"]),
        currency=currency,
        daily_budget=_budget(data.get("daily_budget"), currency),
        lifetime_budget=_budget(data.get("lifetime_budget"), currency),
        starts_at=_moment(data.get("start_time")),
        ends_at=_moment(data.get("end_time")),
    )


def has_own_budget(campaign: Mapping[str, Any]) -> bool:
    """Whether the campaign's money is its own, and not that of its ad sets."""
    return any(campaign.get(name) not in (None, "", "0", 0) for name in ("daily_budget", "lifetime_budget"))


def _day(account: str, row: Mapping[str, Any]) -> AdDay:
    actions = {each["action_type"]: each.get("value") for each in row.get("actions") or ()}
    values = {each["action_type"]: each.get("value") for each in row.get("action_values") or ()}
    return AdDay(
        account=account,
        metric_date=date.fromisoformat(row["date_start"]),
        level="campaign",
        entity_id=str(row["campaign_id"]),
        attribution=str(row.get("attribution_setting") or "default"),
        currency=str(row["account_currency"]),
        spend=_decimal(row.get("spend")),
        impressions=_count(row.get("impressions")),
        reach=_count(row.get("reach")),
        clicks=_count(row.get("clicks")),
        link_clicks=_count(row.get("inline_link_clicks")),
        conversions=_first(actions),
        conversion_value=_first(values),
        extra={"actions": actions} if actions else None,
    )


def _hour(account: str, row: Mapping[str, Any]) -> AdHour:
    return AdHour(
        account=account,
        metric_date=date.fromisoformat(row["date_start"]),
        hour=int(str(row[HOURLY])[:2]),
        entity_id=str(row["campaign_id"]),
        currency=str(row["account_currency"]),
        spend=_decimal(row.get("spend")),
    )


def _first(actions: Mapping[str, Any]) -> Decimal | None:
    return next((_decimal(actions[kind]) for kind in PURCHASES if kind in actions), None)


def _budget(given: Any, currency: str) -> Decimal | None:
    """0 is how Meta says that the budget lies elsewhere, with the ad sets."""
    return major(str(given), currency) if given not in (None, "", "0", 0) else None


def _decimal(given: Any) -> Decimal | None:
    return Decimal(str(given)) if given not in (None, "") else None


def _count(given: Any) -> int | None:
    return int(given) if given not in (None, "") else None


def _moment(given: Any) -> datetime | None:
    return datetime.strptime(given, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC) if given else None
