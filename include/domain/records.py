"""What was read: raw answers, and the typed rows that are made of them.

Rows are named tuples, for they come by the hundred thousand: their field order is the column list of the fact
that they load (`include/warehouse/tables.py`). `None` means that the platform withheld the value; 0 means zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One answer of a platform, as it came: kept, and read by a pure function as often as wanted.

    `account` is the account's key, `asked` what was asked (JSON values, no secret), `body` the bytes of the answer,
    `fetched_at` aware UTC.
    """

    account: str
    stream: str
    asked: Mapping[str, Any]
    body: bytes
    fetched_at: datetime


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


Record = AccountDay | RemotePost | PostSnapshot
