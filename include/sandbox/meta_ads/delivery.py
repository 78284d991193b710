"""What a campaign delivers on a day: spend, and what comes of it. It settles over three days, as Meta's figures do.

A day spends its budget times `delivery`, with weekends, luck that lasts a few days, and never more than 1.75 times the
daily budget (https://www.facebook.com/business/help/190490051321426: up to 75 % over on a day). Today grows hour by
hour.
"""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from include.sandbox.chance import chance
from include.sandbox.meta_ads.campaigns import Campaign

WEEKDAYS = (0.92, 0.9, 0.95, 1.0, 1.12, 1.2, 1.05)
HOURS = (2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 6, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3)
MOST_OVER = 1.75
CENT = Decimal("0.01")
_SETTLED = (0.985, 0.992, 0.997)  # of the final figure, on the day itself and the two after


@dataclass(frozen=True, slots=True)
class Delivered:
    """One campaign over a stretch of time. Money in the account's currency."""

    spend: Decimal
    impressions: int
    reach: int
    clicks: int
    link_clicks: int
    purchases: int
    value: Decimal


def delivered(seed: int, campaign: Campaign, day: date, now: datetime, zone: ZoneInfo) -> Delivered | None:
    """The day as Meta would report it at `now`; None where the campaign did not run."""
    if not campaign.runs_on(day, zone):
        return None
    share = sum(HOURS[:24][hour] * _of_hour(day, hour, now, zone) for hour in range(24)) / sum(HOURS)
    return _counted(seed, campaign, day, now, zone, share) if share > 0 else None


def delivered_in_hour(
    seed: int, campaign: Campaign, day: date, hour: int, now: datetime, zone: ZoneInfo
) -> Delivered | None:
    """One hour of the account's day, 0 to 23."""
    share = HOURS[hour] * _of_hour(day, hour, now, zone) / sum(HOURS)
    return _counted(seed, campaign, day, now, zone, share) if campaign.runs_on(day, zone) and share > 0 else None


def _counted(seed: int, campaign: Campaign, day: date, now: datetime, zone: ZoneInfo, share: float) -> Delivered:
    draw = chance(seed, campaign.campaign_id, day, "delivery")
    spend = _full_day(seed, campaign, day, zone) * share * _settled(day, now, zone)
    impressions = spend / draw.uniform(5.5, 7.5) * 1000
    clicks = impressions * draw.uniform(0.015, 0.024)
    link_clicks = clicks * draw.uniform(0.6, 0.75)
    purchases = link_clicks * draw.uniform(0.012, 0.03)
    return Delivered(
        spend=Decimal(spend).quantize(CENT, ROUND_HALF_UP),
        impressions=int(impressions),
        reach=int(impressions / draw.uniform(1.2, 1.6)),
        clicks=int(clicks),
        link_clicks=int(link_clicks),
        purchases=int(purchases),
        value=Decimal(int(purchases) * draw.uniform(28, 46)).quantize(CENT, ROUND_HALF_UP),
    )


def _full_day(seed: int, campaign: Campaign, day: date, zone: ZoneInfo) -> float:
    """What the whole day spends, in the account's currency."""
    budget = campaign.budget_at(datetime.combine(day, time(12), zone)) / 100
    luck = sum(
        0.6**back * chance(seed, campaign.campaign_id, day - timedelta(days=back)).gauss(0, 0.06) for back in range(6)
    )
    return min(budget * campaign.delivery * WEEKDAYS[day.weekday()] * math.exp(luck), budget * MOST_OVER)


def _settled(day: date, now: datetime, zone: ZoneInfo) -> float:
    age = (now.astimezone(zone).date() - day).days
    return _SETTLED[age] if 0 <= age < len(_SETTLED) else 1.0


def _of_hour(day: date, hour: int, now: datetime, zone: ZoneInfo) -> float:
    """Which part of the hour is over at `now`."""
    began = datetime.combine(day, time(hour), zone).astimezone(UTC)
    return min(max((now - began).total_seconds() / 3600, 0.0), 1.0)
