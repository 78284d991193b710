"""What was read: raw answers, and the typed rows that are made of them.

Rows are named tuples, for they come by the hundred thousand: their field order is the column list of the fact
that they load (`include/warehouse/tables.py`). `None` means that the platform withheld the value; 0 means zero.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One answer of a platform, as it came: kept, and read by a pure function as often as wanted.

    `account` is the account's key, `asked` what was asked (JSON values, no secret), `body` the bytes of the answer,
    `fetched_at` aware UTC. `parsed` is what `body` says, where somebody has read it already.
    """

    account: str
    stream: str
    asked: Mapping[str, Any]
    body: bytes
    fetched_at: datetime
    parsed: Any = field(default=None, repr=False, compare=False)

    def json(self) -> Any:
        """What the answer says. Raises ValueError where it is no JSON."""
        return json.loads(self.body) if self.parsed is None else self.parsed


class AccountDay(NamedTuple):
    """An account over one period that ends with `metric_date` (the platform's own calendar day).

    `period` is `day`, `week` (7 days to metric_date) or `days_28`. Unique values such as `reach` hold for exactly
    that period and are never summed. `followers` is the level at the end of the day.
    """

    account: str
    metric_date: date
    period: str
    followers: int | None = None
    follows: int | None = None
    unfollows: int | None = None
    reach: int | None = None
    views: int | None = None
    impressions: int | None = None
    engagements: int | None = None
    page_views: int | None = None
    extra: dict[str, Any] | None = None


class RemotePost(NamedTuple):
    """A post as the platform knows it, ours or not. `content_type` is one of text, link, image, carousel, video,
    short_video, story, poll, live."""

    account: str
    remote_id: str
    published_at: datetime
    content_type: str
    text: str
    url: str


class PostSnapshot(NamedTuple):
    """A post's lifetime counters as they stood on `observed_on` (UTC day of the reading)."""

    account: str
    remote_id: str
    observed_on: date
    reactions: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    clicks: int | None = None
    reach: int | None = None
    views: int | None = None
    impressions: int | None = None
    extra: dict[str, Any] | None = None


class AdEntity(NamedTuple):
    """A campaign, ad set or ad as it stands now. `level` is campaign, adset or ad, `parent_id` the entity above it.

    Budgets in the account's `currency`, None where the entity has none of its own. `status` is what somebody set,
    `effective_status` what comes of it. Times are aware UTC; `ends_at` None where it has no end.
    """

    account: str
    entity_id: str
    level: str
    name: str
    status: str
    effective_status: str
    parent_id: str | None = None
    objective: str | None = None
    currency: str | None = None
    daily_budget: Decimal | None = None
    lifetime_budget: Decimal | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    extra: dict[str, Any] | None = None


class AdDay(NamedTuple):
    """What an entity delivered on one day of the ad account's zone. `attribution` is the setting under which
    `conversions` and `conversion_value` were counted. Money in `currency`; `reach` is never summed."""

    account: str
    metric_date: date
    level: str
    entity_id: str
    attribution: str
    currency: str
    spend: Decimal | None = None
    impressions: int | None = None
    reach: int | None = None
    clicks: int | None = None
    link_clicks: int | None = None
    conversions: Decimal | None = None
    conversion_value: Decimal | None = None
    extra: dict[str, Any] | None = None


class AdHour(NamedTuple):
    """What a campaign spent in one hour (0 to 23) of a day of the ad account's zone, in `currency`."""

    account: str
    metric_date: date
    hour: int
    entity_id: str
    currency: str
    spend: Decimal | None = None


class WebDay(NamedTuple):
    """What visits to a website came to on one day of the property's zone, by one breakdown.

    `breakdown` says which of the names that follow are given; the others are empty: `content` (all five),
    `landing_page`, `source` (source, medium, campaign), `channel` (the channel group, in `source`), `day` (none).
    Breakdowns of one day each tell the same visits and are not added up together. `content` is what links carry as
    utm_content: the post's key. `conversions` are key events, `converted_share` is the share of visits with at least
    one. `revenue` is in `currency`. `users` is unique for the day and never summed.
    """

    account: str
    metric_date: date
    breakdown: str
    source: str = ""
    medium: str = ""
    campaign: str = ""
    content: str = ""
    landing_page: str = ""
    currency: str | None = None
    sessions: int | None = None
    engaged_sessions: int | None = None
    conversions: Decimal | None = None
    converted_share: Decimal | None = None
    revenue: Decimal | None = None
    users: int | None = None
    new_users: int | None = None
    extra: dict[str, Any] | None = None


Record = AccountDay | RemotePost | PostSnapshot | AdEntity | AdDay | AdHour | WebDay
