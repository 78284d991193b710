"""The week's visits to a brand's websites that came from social networks, and what they led to.

The whole is what Google itself calls social (its channel groups); the parts by landing page go by the names that the
visits carry, and may fall short of it where Google puts rare ones together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, text

from include.domain.windows import Window
from include.kpis.completeness import Standing, standing
from include.kpis.facts import DayRead, days_read
from include.kpis.figures import Figure, Slice

STREAM = "web_day"
PAGES = 20  # landing pages of an account's week that have a row of their own, those with the most visits

_SOCIAL_CHANNELS = ("Organic Social", "Paid Social")
_SOCIAL_MEDIA = ("social", "paid_social", "paid-social", "social-network", "social-media", "sm")
_SOCIAL_SOURCES = (
    r"(^|\.)(facebook|instagram|linkedin|lnkd|twitter|x|t|bsky|threads|tiktok|pinterest|youtube|reddit|mastodon)"
    r"(\.[a-z.]+)?$"
)

_WHOLE = text("""
SELECT account, coalesce(sum(sessions), 0) AS sessions, coalesce(sum(engaged_sessions), 0) AS engaged,
    coalesce(sum(conversions), 0) AS conversions
FROM desk.web_day
WHERE account = ANY(:accounts) AND metric_date BETWEEN :first AND :last
    AND breakdown = 'channel' AND source = ANY(:channels)
GROUP BY account
""")

_BY_PAGE = text("""
SELECT account, landing_page, sessions, conversions
FROM (
    SELECT account, landing_page, sum(sessions) AS sessions, coalesce(sum(conversions), 0) AS conversions,
        row_number() OVER (PARTITION BY account ORDER BY sum(sessions) DESC, landing_page) AS place
    FROM desk.web_day
    WHERE account = ANY(:accounts) AND metric_date BETWEEN :first AND :last
        AND breakdown = 'content' AND (lower(medium) = ANY(:media) OR lower(source) ~ :sources)
    GROUP BY account, landing_page
) AS pages
WHERE place <= :most AND sessions > 0
ORDER BY account, place
""")


@dataclass(frozen=True, slots=True)
class _Visits:
    """Visits, those that did not leave at once, and conversions."""

    sessions: Fraction
    engaged: Fraction
    conversions: Fraction


def figures(
    connection: Connection, accounts: Sequence[str], days: Window, today: date
) -> dict[str, dict[Slice, Figure]]:
    """The website's KPIs of each of `accounts` for the week `days`, known or not."""
    week = {"accounts": [*accounts], "first": days.first, "last": days.last}
    whole = {
        row.account: _Visits(Fraction(row.sessions), Fraction(row.engaged), Fraction(row.conversions))
        for row in connection.execute(_WHOLE, {**week, "channels": [*_SOCIAL_CHANNELS]})
    }
    social = {"media": [*_SOCIAL_MEDIA], "sources": _SOCIAL_SOURCES, "most": PAGES}
    pages: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    for row in connection.execute(_BY_PAGE, {**week, **social}):
        pages.setdefault(row.account, {})[row.landing_page] = (row.sessions, row.conversions)
    ledger, begun = days_read(connection, accounts, days), [day for day in days.days() if day <= today]
    return {
        account: dict(_of(whole.get(account), pages.get(account, {}), _standing(ledger, account, begun)))
        for account in accounts
    }


def _standing(
    ledger: Mapping[tuple[str, str], Mapping[date, DayRead]], account: str, begun: Sequence[date]
) -> Standing:
    return standing(ledger.get((account, STREAM), {}), begun)


def _of(
    visits: _Visits | None, pages: Mapping[str, tuple[Decimal, Decimal]], stands: Standing
) -> Iterator[tuple[Slice, Figure]]:
    if not stands.days_read:
        for kpi in ("referral_sessions", "conversions", "conversion_rate", "bounce_rate"):
            yield (kpi, ""), Figure(None, standing=stands)
        return
    found = visits or _Visits(Fraction(0), Fraction(0), Fraction(0))
    yield ("referral_sessions", ""), Figure(found.sessions, standing=stands)
    yield ("conversions", ""), Figure(found.conversions, standing=stands)
    yield ("conversion_rate", ""), Figure(found.conversions, found.sessions, stands)
    yield ("bounce_rate", ""), Figure(found.sessions - found.engaged, found.sessions, stands)
    for page, (sessions, conversions) in pages.items():
        yield ("conversion_rate", page), Figure(Fraction(conversions), Fraction(sessions), stands)
