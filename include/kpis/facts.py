"""What the week's KPIs of some accounts are made of: one query for each family. The heavy part stays in PostgreSQL."""

# ruff: noqa: S608 - what is put into the statements is a constant of ours; values are bound

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from include.domain.windows import Window


@dataclass(frozen=True, slots=True)
class PostSums:
    """The posts of one account and content type: how many, how many of them have counters, and sums over these.

    Each exposure comes with the engagements of exactly the posts that have it.
    """

    account: str
    content_type: str
    posts: int
    counted: int
    engagements: int | None
    engagements_with_reach: int | None
    reach: int | None
    engagements_with_views: int | None
    views: int | None
    engagements_with_impressions: int | None
    impressions: int | None


@dataclass(frozen=True, slots=True)
class AccountWeek:
    """One account's own figures: the last levels of this week and of the week before, with their days.

    `reach` is that of the seven days to `reach_on`: the Sunday, or one of the two days before it.
    """

    account: str
    followers: int | None
    followers_on: date | None
    followers_before: int | None
    before_on: date | None
    followers_sum: int | None
    followers_days: int
    net_follows: int | None
    net_days: int
    reach: int | None
    reach_on: date | None


@dataclass(frozen=True, slots=True)
class DayRead:
    """What the ledger says of a day: whether its figures are there, and whether they may still change."""

    status: str
    was_read: bool
    reason: str | None


ENGAGEMENTS = """CASE WHEN num_nonnulls(reactions, comments, shares, saves) > 0
    THEN coalesce(reactions, 0) + coalesce(comments, 0) + coalesce(shares, 0) + coalesce(saves, 0) END"""
"""Of a row of `post_snapshot`: only counters that the platform gives are added; none at all is no value."""

_POSTS = text(f"""
WITH published AS (
    SELECT account, remote_id, content_type
    FROM desk.remote_post
    WHERE account = ANY(:accounts) AND published_at >= :begins AND published_at < :ends
), latest AS (
    SELECT DISTINCT ON (account, remote_id)
        account, remote_id, reach, views, impressions, exposure_basis,
        {ENGAGEMENTS} AS engagements
    FROM desk.post_snapshot JOIN published USING (account, remote_id)
    WHERE observed_on >= :first_day
    ORDER BY account, remote_id, observed_on DESC
), measured AS (
    SELECT *, engagements IS NOT NULL AND reach IS NOT NULL AS has_reach,
        engagements IS NOT NULL AND exposure_basis = 'views' AS has_views,
        engagements IS NOT NULL AND exposure_basis = 'impressions' AS has_impressions
    FROM latest
)
SELECT account, content_type, count(*) AS posts, count(engagements) AS counted, sum(engagements) AS engagements,
    sum(engagements) FILTER (WHERE has_reach) AS engagements_with_reach,
    sum(reach) FILTER (WHERE has_reach) AS reach,
    sum(engagements) FILTER (WHERE has_views) AS engagements_with_views,
    sum(views) FILTER (WHERE has_views) AS views,
    sum(engagements) FILTER (WHERE has_impressions) AS engagements_with_impressions,
    sum(impressions) FILTER (WHERE has_impressions) AS impressions
FROM published LEFT JOIN measured USING (account, remote_id)
GROUP BY account, content_type
ORDER BY account, content_type
""")

_ACCOUNTS = text("""
SELECT account,
    (array_agg(followers ORDER BY metric_date DESC) FILTER (WHERE is_level AND metric_date >= :monday))[1] AS followers,
    max(metric_date) FILTER (WHERE is_level AND metric_date >= :monday) AS followers_on,
    (array_agg(followers ORDER BY metric_date DESC) FILTER (WHERE is_level AND metric_date < :monday))[1]
        AS followers_before,
    max(metric_date) FILTER (WHERE is_level AND metric_date < :monday) AS before_on,
    sum(followers) FILTER (WHERE is_level AND metric_date >= :monday) AS followers_sum,
    count(*) FILTER (WHERE is_level AND metric_date >= :monday) AS followers_days,
    sum(follows - unfollows) FILTER (WHERE is_net AND metric_date >= :monday) AS net_follows,
    count(*) FILTER (WHERE is_net AND metric_date >= :monday) AS net_days,
    (array_agg(reach ORDER BY metric_date DESC) FILTER (WHERE is_week))[1] AS reach,
    max(metric_date) FILTER (WHERE is_week) AS reach_on
FROM (
    SELECT *, period = 'day' AND followers IS NOT NULL AS is_level,
        period = 'day' AND follows IS NOT NULL AND unfollows IS NOT NULL AS is_net,
        period = 'week' AND reach IS NOT NULL AND metric_date > :sunday - 3 AS is_week
    FROM desk.account_day
    WHERE account = ANY(:accounts) AND metric_date BETWEEN :monday - 7 AND :sunday
) AS fortnight
GROUP BY account
""")

_LEDGER = text("""
SELECT account, stream, metric_date, status, fetched_at IS NOT NULL AS was_read, reason
FROM desk.ingest_window
WHERE account = ANY(:accounts) AND metric_date BETWEEN :first AND :last
""")


def post_sums(connection: Connection, accounts: Sequence[str], begins: datetime, ends: datetime) -> list[PostSums]:
    """The posts published from `begins` until before `ends`, as their latest snapshots have them."""
    between = {"accounts": [*accounts], "begins": begins, "ends": ends, "first_day": begins.date()}
    return [PostSums(**_whole(row)) for row in connection.execute(_POSTS, between).mappings()]


def account_weeks(connection: Connection, accounts: Sequence[str], days: Window) -> dict[str, AccountWeek]:
    """The accounts' figures for the week `days`; an account without any is absent."""
    week = {"accounts": [*accounts], "monday": days.first, "sunday": days.last}
    rows = connection.execute(_ACCOUNTS, week).mappings()
    return {row["account"]: AccountWeek(**_whole(row)) for row in rows}


def days_read(
    connection: Connection, accounts: Sequence[str], days: Window
) -> dict[tuple[str, str], dict[date, DayRead]]:
    """The ledger of `days` and of the week before them, by account and stream."""
    fortnight = {"accounts": [*accounts], "first": days.first - timedelta(days=7), "last": days.last}
    found: dict[tuple[str, str], dict[date, DayRead]] = {}
    for row in connection.execute(_LEDGER, fortnight):
        day = DayRead(row.status, row.was_read, row.reason)
        found.setdefault((row.account, row.stream), {})[row.metric_date] = day
    return found


def _whole(row: Mapping[Any, Any]) -> dict[str, Any]:
    """PostgreSQL's sums of whole numbers come as numeric; they are whole."""
    return {name: int(value) if isinstance(value, Decimal) else value for name, value in row.items()}
