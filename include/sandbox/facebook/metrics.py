"""Which insights metrics are alive, for which periods, and what the world says to them.

Alive: the names that live answers of v24 and v25 confirm. Retired on 2025-11-15: page_impressions*, page_fans*,
post_impressions and their kin; on 2026-06-15: the *_unique impression families
(developers.facebook.com/docs/platforminsights/page/deprecated-metrics). A retired name and one that never was are
refused alike, and one of them fails the whole call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.sandbox.facebook.failures import GraphError, invalid
from include.sandbox.world.growth import REACTIONS, Lifetime
from include.sandbox.world.history import Day, History, reported

ROLLING = ("day", "week", "days_28")
DAYS_OF = {"day": 1, "week": 7, "days_28": 28}
PERIODS = (*ROLLING, "month", "lifetime", "total_over_range")
PERIOD_WORDS = {"day": "Daily", "week": "Weekly", "days_28": "28 Days", "lifetime": "Lifetime"}

PageValue = Callable[[History, date, int, date], Any]


@dataclass(frozen=True, slots=True)
class PageMetric:
    """A metric of a Page: `value(history, last day, days, read on)`, None where the platform withholds it."""

    title: str
    periods: tuple[str, ...]
    value: PageValue


def _summed(figure: Callable[[Day], float], *, settles: bool = True) -> PageValue:
    def value(history: History, last: date, days: int, read_on: date) -> int | None:
        span = history.span(last, days)
        if len(span) < days:
            return None
        if not settles:
            return round(sum(figure(d) for d in span))
        dated = zip(range(days - 1, -1, -1), span, strict=True)
        return sum(reported(round(figure(d)), date.fromordinal(last.toordinal() - ago), read_on) for ago, d in dated)

    return value


def _reach(history: History, last: date, days: int, read_on: date) -> int | None:
    day = history.day(last)
    if day is None or (days == 1 and day.withheld):
        return None
    return reported(history.unique(last, days), last, read_on)


def _level(history: History, last: date, days: int, read_on: date) -> int | None:
    day = history.day(last)
    return day.followers if day else None


def _reactions(history: History, last: date, days: int, read_on: date) -> dict[str, int] | None:
    total = _summed(lambda d: d.engagements * 0.6)(history, last, days, read_on)
    return None if total is None else {kind.lower(): int(total * share) for kind, share in REACTIONS.items()}


PAGE_METRICS: dict[str, PageMetric] = {
    "page_media_view": PageMetric("Views of the Page's content", ROLLING, _summed(lambda d: d.views)),
    "page_total_media_view_unique": PageMetric("Viewers of the Page's content", ROLLING, _reach),
    "page_post_engagements": PageMetric("Post engagements", ROLLING, _summed(lambda d: d.engagements)),
    "page_total_actions": PageMetric("Actions on the Page", ROLLING, _summed(lambda d: d.page_views * 0.08)),
    "page_views_total": PageMetric("Page views", ROLLING, _summed(lambda d: d.page_views)),
    "page_video_views": PageMetric("Video views", ROLLING, _summed(lambda d: d.video_views)),
    "page_follows": PageMetric("Followers", ("day",), _level),
    "page_daily_follows": PageMetric("Follows", ("day",), _summed(lambda d: d.follows * 1.02, settles=False)),
    "page_daily_follows_unique": PageMetric("New followers", ("day",), _summed(lambda d: d.follows, settles=False)),
    "page_daily_unfollows": PageMetric("Unfollows", ("day",), _summed(lambda d: d.unfollows * 1.02, settles=False)),
    "page_daily_unfollows_unique": PageMetric(
        "Lost followers", ("day",), _summed(lambda d: d.unfollows, settles=False)
    ),
    "page_actions_post_reactions_total": PageMetric("Reactions by kind", ("day",), _reactions),
}


def _share_of_reactions(share: float) -> PageValue:
    return _summed(lambda day: day.engagements * 0.6 * share)


PAGE_METRICS |= {
    f"page_actions_post_reactions_{'anger' if kind == 'ANGRY' else kind.lower()}_total": PageMetric(
        f"{kind.title()} reactions", ROLLING, _share_of_reactions(share)
    )
    for kind, share in REACTIONS.items()
}

POST_METRICS: dict[str, Callable[[Lifetime], Any]] = {
    "post_media_view": lambda n: n.views,
    "post_total_media_view_unique": lambda n: n.reach,
    "post_clicks": lambda n: n.clicks,
    "post_clicks_by_type": lambda n: {"link clicks": n.link_clicks, "other clicks": n.clicks - n.link_clicks},
    "post_reactions_by_type_total": lambda n: {k.lower(): v for k, v in n.by_reaction().items() if v},
    "post_reactions_like_total": lambda n: n.by_reaction()["LIKE"],
    "post_reactions_love_total": lambda n: n.by_reaction()["LOVE"],
    "post_reactions_wow_total": lambda n: n.by_reaction()["WOW"],
    "post_reactions_haha_total": lambda n: n.by_reaction()["HAHA"],
    "post_reactions_sorry_total": lambda n: n.by_reaction()["SORRY"],
    "post_reactions_anger_total": lambda n: n.by_reaction()["ANGRY"],
    "post_video_views": lambda n: n.video_views,
    "post_video_view_time": lambda n: n.video_views * 11_000,
    "post_video_avg_time_watched": lambda n: 11_000 if n.video_views else 0,
}


def wanted_metrics(given: Any, alive: dict[str, Any], retired: tuple[str, ...]) -> list[str]:
    """The metrics of a `metric` parameter, a list or names with commas between. One that is not alive fails all."""
    names = given if isinstance(given, list) else str(given or "").strip("[]").replace('"', "").split(",")
    names = [str(name).strip() for name in names if str(name).strip()]
    if not names:
        raise GraphError(
            "Invalid query",
            3001,
            subcode=1504028,
            transient=False,
            title="No Metric Specified",
            advice="No metric was specified to be fetched. Please specify one or more metrics to be fetched "
            "and try again.",
        )
    if any(name not in alive or name in retired for name in names):
        raise invalid("The value must be a valid insights metric")
    return list(dict.fromkeys(names))
