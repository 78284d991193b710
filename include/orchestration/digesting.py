"""The work of `send_digest`: each brand's week, gathered and told."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from airflow.sdk import get_current_context

from include.domain import Brand
from include.orchestration import doors
from include.orchestration.one_by_one import OneByOne

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy import Connection

    from include.kpis.compare import Change
    from include.kpis.definitions import Kpi
    from include.messages.charts import Chart, Line
    from include.messages.week import BestPost, Figure, Plan, Reading, WeekInWords

TOLD = (
    "followers",
    "audience_growth",
    "reach",
    "engagements",
    "engagement_rate_by_reach",
    "engagement_rate_by_impressions",
    "posts_published",
    "referral_sessions",
    "conversions",
    "bounce_rate",
    "negative_comments",
)
CHARTED = ("reach", "engagements")
WEEKS = 8
HOUR = 9  # on Monday, on the brand's own clock

log = logging.getLogger(__name__)


def tell_brands() -> dict[str, str]:
    """Tell each brand whose hour has come (or all that were asked for); gives what was said to whom."""
    params, now = get_current_context()["params"], datetime.now(UTC)
    told = {}
    with OneByOne() as tellings:
        for brand in doors.chosen_brands(params["brands"]):
            if week := _week_to_tell(brand, params["week"], now):
                with tellings.next():
                    told[brand.key] = tell_week(brand, week, now)
                    log.info("%s, week of %s: %s", brand.title, week, told[brand.key])
    return told


def tell_week(brand: Brand, week: date, now: datetime) -> str:
    """Build the digest of one brand's week and say it once; gives `new`, `updated` or `unchanged`.

    The week and the one before are computed first: where Monday's nine comes before the nightly roll-up, the last one
    saw the week unfinished.
    """
    from include.kpis.roll_up import roll_up_weeks
    from include.messages.digest import weekly_digest

    engine = doors.warehouse()
    roll_up_weeks(engine, [doors.measured(brand)], week, 2, now, doors.heard(brand))
    with engine.connect() as connection:
        words = _week(connection, brand, week, now)
    return doors.tell(f"digest:{brand.key}:{week}", brand.channel, weekly_digest(words))


def _week_to_tell(brand: Brand, asked: str | None, now: datetime) -> date | None:
    """The Monday of the week that is asked for, or of last week when it is Monday past nine where the brand is."""
    from include.kpis.week import last_full_week, monday_of

    if asked:
        return monday_of(date.fromisoformat(asked))
    local = now.astimezone(ZoneInfo(brand.timezone))
    return last_full_week(now, brand.timezone) if local.weekday() == 0 and local.hour >= HOUR else None


def _week(connection: "Connection", brand: Brand, week: date, now: datetime) -> "WeekInWords":
    from include.kpis.compare import compare
    from include.messages.week import WeekInWords

    changes = compare(connection, brand.key, week)
    chart = _chart(connection, brand, week)
    return WeekInWords(
        brand=brand.title,
        monday=week,
        timezone=brand.timezone,
        figures=_figures(brand, changes, week),
        best_posts=_best(connection, brand, week),
        plan=_plan(connection, brand, now),
        missing=_missing(brand, changes),
        waiting=_waiting(brand),
        chart=chart.png if chart else None,
        chart_alt=chart.alt if chart else "",
    )


def _figures(brand: Brand, changes: "Sequence[Change]", week: date) -> "list[Figure]":
    from include.kpis.definitions import KPIS
    from include.messages.week import Figure

    wanted = _wanted(brand, week)
    found = []
    for name in TOLD:
        of_kpi = [change for change in changes if change.kpi == name and not change.slice]
        if readings := tuple(_readings(brand, of_kpi)):
            found.append(Figure(KPIS[name], readings, wanted.get(name)))
    return found


def _wanted(brand: Brand, week: date) -> "dict[str, Decimal]":
    """The brand's targets of that week by KPI; none while targets.csv is broken, for the numbers stand without them."""
    from include.desk.problems import DeskProblems

    try:
        targets = doors.targets()
    except DeskProblems as problems:
        log.warning("The digest does without targets. %s", problems)
        return {}
    return {target.kpi: target.value for target in targets if target.brand == brand.key and target.holds_on(week)}


def _readings(brand: Brand, changes: "Sequence[Change]") -> "Iterator[Reading]":
    """The brand's own value where there is one; else each account's, the unknown ones with the reason."""
    from include.kpis.roll_up import WHOLE_BRAND
    from include.messages.week import Reading

    whole = next((change for change in changes if change.account == WHOLE_BRAND), None)
    if whole and whole.value is not None:
        yield Reading("", whole.value, whole.before, whole.is_complete)
        return
    for account in brand.accounts:
        change = next((change for change in changes if change.account == account.key), None)
        platform = doors.platform_of(account.key)
        if change and change.kpi in platform.answers:
            yield Reading(platform.title, change.value, change.before, change.is_complete)


def _best(connection: "Connection", brand: Brand, week: date) -> "list[BestPost]":
    from include.kpis.best_posts import best_posts
    from include.kpis.week import bounds
    from include.messages.week import BestPost

    begins, ends = bounds(week, brand.timezone)
    found = best_posts(connection, [account.key for account in brand.accounts], begins, ends)
    return [
        BestPost(
            doors.platform_of(post.account).title,
            post.text,
            post.url,
            f"{post.engagements:,} engagements, usual {post.usual:,.0f}",
        )
        for post in found
    ]


def _plan(connection: "Connection", brand: Brand, now: datetime) -> "Plan":
    from include.messages.week import Plan
    from include.publishing.plan import ahead

    coming = ahead(connection, brand.key, now, now + timedelta(days=7))
    form = f"{doors.settings().airflow_url}/required_actions"
    return Plan(coming.posts, coming.awaiting, coming.answer_by, form)


def _missing(brand: Brand, changes: "Sequence[Change]") -> list[str]:
    """Each reason once, under the network and the figures that it is about."""
    from include.kpis.completeness import MAY_CHANGE
    from include.kpis.definitions import KPIS

    platforms = {account.key: doors.platform_of(account.key) for account in brand.accounts}
    about: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        platform = platforms.get(change.account)
        if platform and change.kpi in TOLD and change.kpi in platform.answers and not change.slice:
            for reason in (change.note or "").split("; "):
                if reason and reason != MAY_CHANGE:
                    about.setdefault((platform.title, reason), []).append(KPIS[change.kpi].title.lower())
    told = [f"{title} {', '.join(figures)}: {reason}." for (title, reason), figures in about.items()]
    moving = any(not change.is_final and MAY_CHANGE in (change.note or "") for change in changes)
    told += ["The week's posts still collect reactions: figures may rise."] if moving else []
    return [*_unread(brand), *told]


def _waiting(brand: Brand) -> "list[Kpi]":
    """The KPIs of which the desk knows nothing: no version reads them, or the brand has no website connected."""
    from include.kpis.definitions import COMPUTED, WAITING, WEBSITE, WEBSITES, Family

    if any(account.platform in WEBSITES for account in brand.accounts):
        return [*WAITING]
    return [*(replace(kpi, waits_for=WEBSITE) for kpi in COMPUTED if kpi.family is Family.WEBSITE), *WAITING]


def _unread(brand: Brand) -> list[str]:
    """On which networks the brand speaks of which no number is in the figures."""
    posted, read = doors.publishing(brand).accounts, doors.measured(brand).accounts
    titles = doors.titles()
    missing = [titles[name] for name in dict.fromkeys(a.platform for a in posted if a not in read)]
    return [f"The figures are without {', '.join(missing)}: the desk does not read these yet."] if missing else []


def _chart(connection: "Connection", brand: Brand, week: date) -> "Chart | None":
    from include.kpis.definitions import KPIS
    from include.kpis.week import weeks_to
    from include.messages.charts import Panel, weekly_chart

    panels = [Panel(KPIS[name].title, _lines(connection, brand, week, name), KPIS[name].unit) for name in CHARTED]
    return weekly_chart(brand.title, weeks_to(week, WEEKS), [panel for panel in panels if panel.lines])


def _lines(connection: "Connection", brand: Brand, week: date, kpi: str) -> "tuple[Line, ...]":
    from include.kpis.compare import history
    from include.messages.charts import Line

    lines = []
    for account in brand.accounts:
        points = history(connection, brand.key, kpi, until=week, account=account.key, weeks=WEEKS)
        if any(point.value is not None for point in points):
            lines.append(Line(doors.platform_of(account.key).title, tuple(point.value for point in points)))
    return tuple(lines)
