"""Who came to a brand's website on a day: by chance of the seed, from search and letters, from ads and from posts.

A post of the log that carries a tagged link brings visits under its `utm_content`, most of them on its first day. What
a day came to settles over the next ones, as Google's figures do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from include.sandbox.chance import chance
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.meta_ads.campaigns import campaigns_of, zone_of
from include.sandbox.meta_ads.delivery import delivered
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.world.history import WEEKDAYS, reported

PAGES = ("/", "/shop", "/shop/novita", "/dove-siamo", "/contatti")
REGULAR = (
    ("(direct)", "(none)", "Direct", 0.30),
    ("google", "organic", "Organic Search", 0.34),
    ("bing", "organic", "Organic Search", 0.03),
    ("newsletter", "email", "Email", 0.08),
)
SOCIAL = {"facebook": "m.facebook.com", "instagram": "l.instagram.com", "x": "t.co", "linkedin": "linkedin.com"}
FIRST_DAYS = (0.62, 0.22, 0.09, 0.07)
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Visits:
    """What one kind of visit came to on one day."""

    day: date
    source: str
    medium: str
    channel: str
    campaign: str
    content: str
    landing_page: str
    sessions: int
    engaged: int
    key_events: int
    converted: int
    revenue: Decimal


def visits_of(sandbox: Sandbox, account: DeclaredAccount, day: date) -> list[Visits]:
    """Everything of one day of the property, as Google would tell it now."""
    now, zone = sandbox.clock.now(), ZoneInfo(account.timezone)
    today = now.astimezone(zone).date()
    if day > today:
        return []
    part = _part_of_day(now.astimezone(zone)) if day == today else 1.0
    found = [*_regular(sandbox, account, day), *_from_ads(sandbox, account, day), *_from_posts(sandbox, account, day)]
    told = [_settling(visits, part, day, today) for visits in found]
    return [visits for visits in told if visits.sessions]


def _regular(sandbox: Sandbox, account: DeclaredAccount, day: date) -> Iterator[Visits]:
    size = chance(sandbox.seed, account.key, "visits").uniform(120, 420)
    usual = size * WEEKDAYS[day.weekday()] * chance(sandbox.seed, account.key, "visits", day).uniform(0.85, 1.15)
    networks = sorted({a.platform for a in sandbox.declaration.accounts if a.brand == account.brand} & set(SOCIAL))
    social = [(SOCIAL[name], "referral", "Organic Social", 0.25 / len(networks)) for name in networks]
    for source, medium, channel, share in (*REGULAR, *social):
        draw = chance(sandbox.seed, account.key, day, source)
        for page, of_page in zip(PAGES, (0.45, 0.25, 0.15, 0.1, 0.05), strict=True):
            sessions = round(usual * share * of_page * draw.uniform(0.7, 1.3))
            yield _counted(draw, day, (source, medium, channel, "(not set)", "(not set)", page), sessions)


def _from_ads(sandbox: Sandbox, account: DeclaredAccount, day: date) -> Iterator[Visits]:
    for ads in (a for a in sandbox.accounts("meta_ads") if a.brand == account.brand):
        for campaign in campaigns_of(sandbox, ads):
            gone = delivered(sandbox.seed, campaign, day, sandbox.clock.now(), zone_of(ads))
            name = (
                "facebook",
                "paid_social",
                "Paid Social",
                campaign.name.lower().replace(" ", "-"),
                "(not set)",
                "/shop",
            )
            draw = chance(sandbox.seed, campaign.campaign_id, day, "visits")
            yield _counted(draw, day, name, round(gone.link_clicks * draw.uniform(0.7, 0.9)) if gone else 0)


def _from_posts(sandbox: Sandbox, account: DeclaredAccount, day: date) -> Iterator[Visits]:
    names = {a.key for a in sandbox.declaration.accounts if a.brand == account.brand}
    for post in sandbox.posts:
        tags = _tags(post) if f"{post.platform}_{post.account}" in names and post.published else None
        age = (day - post.created_at.astimezone(ZoneInfo(account.timezone)).date()).days
        if tags is None or not 0 <= age < len(FIRST_DAYS):
            continue
        page, told = tags
        draw = chance(sandbox.seed, told["utm_content"], "visits")
        name = (
            told.get("utm_source", post.platform),
            told.get("utm_medium", "social"),
            "Paid Social" if told.get("utm_medium") == "paid_social" else "Organic Social",
            told.get("utm_campaign", "(not set)"),
            told["utm_content"],
            page,
        )
        yield _counted(draw, day, name, round(draw.uniform(20, 90) * FIRST_DAYS[age]))


def _tags(post: LoggedPost) -> tuple[str, dict[str, str]] | None:
    """Where a post's tagged link leads, and its tags; None where it has none."""
    for address in filter(None, (post.link, *_ADDRESS.findall(post.text))):
        url = urlsplit(address)
        tags = {name: values[0] for name, values in parse_qs(url.query).items() if name.startswith("utm_")}
        if "utm_content" in tags:
            return url.path or "/", tags
    return None


def _counted(draw: Random, day: date, name: tuple[str, ...], sessions: int) -> Visits:
    source, medium, channel, campaign, content, page = name
    engaged = round(sessions * draw.uniform(0.45, 0.68))
    converted = sum(draw.random() < 0.025 for _ in range(sessions))
    key_events = converted + sum(draw.random() < 0.2 for _ in range(converted))
    revenue = sum((Decimal(str(round(draw.uniform(18, 64), 2))) for _ in range(key_events)), Decimal(0))
    return Visits(
        day,
        source,
        medium,
        channel,
        campaign,
        content,
        page,
        sessions,
        max(engaged, converted),
        key_events,
        converted,
        revenue,
    )


def _settling(visits: Visits, part: float, day: date, today: date) -> Visits:
    """The day as it is known by now: today's grows, yesterday's is not quite counted yet."""

    def now(value: int) -> int:
        return round(reported(value, day, today) * part)

    return Visits(
        visits.day,
        visits.source,
        visits.medium,
        visits.channel,
        visits.campaign,
        visits.content,
        visits.landing_page,
        now(visits.sessions),
        min(now(visits.engaged), now(visits.sessions)),
        now(visits.key_events),
        min(now(visits.converted), now(visits.sessions)),
        (visits.revenue * Decimal(str(part))).quantize(Decimal("0.01")),
    )


def _part_of_day(local: datetime) -> float:
    return (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(days=1)
