"""`GET /{page}/insights` and `GET /{post}/insights`, as developers.facebook.com/docs/graph-api/reference/insights says.

`since` and `until` choose values by their `end_time`: since < end_time <= until, at most 90 days apart, two years
back. A day's value ends at the next Pacific midnight, so `since=2026-11-01` begins with end_time 2026-11-02T08:00. A
metric is left out where it has no such period, and a value where Facebook withholds it.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from include.sandbox.facebook.failures import invalid
from include.sandbox.facebook.metrics import DAYS_OF, PAGE_METRICS, PERIOD_WORDS, PERIODS, POST_METRICS, wanted_metrics
from include.sandbox.facebook.moments import day_end, pacific_day, read_moment, written
from include.sandbox.world.growth import Lifetime
from include.sandbox.world.history import History

MOST_DAYS = 90
KEPT_DAYS = 730
TAKEN = {"metric", "period", "since", "until", "date_preset", "breakdown", "show_description_from_api_doc"}


def page_insights(
    page_id: str, history: History, asked: Mapping[str, Any], now: datetime, retired: tuple[str, ...], url: str
) -> dict[str, Any]:
    """The answer's JSON. `url` is the edge's own address, for the links to the range before and the one after."""
    metrics = wanted_metrics(_listed(asked.get("metric")), PAGE_METRICS, retired)
    period = asked.get("period")
    if period is not None and period not in PERIODS:
        raise invalid(f"period must be one of the following values: {', '.join(PERIODS)}")
    since, until = _range(asked, now)
    rows = []
    for name in metrics:
        for each in [p for p in PAGE_METRICS[name].periods if period in (None, p)]:
            values = _values(name, DAYS_OF[each], history, since, until, now)
            rows.append(_row(page_id, name, each, PAGE_METRICS[name].title, values))
    return {"data": rows, "paging": _paging(asked, since, until, url)}


def post_insights(
    post_id: str, counters: Lifetime, metric: Any, period: str, retired: tuple[str, ...]
) -> list[dict[str, Any]]:
    """A post's metrics, which exist for its lifetime only: another period gives an empty list."""
    names = wanted_metrics(_listed(metric), POST_METRICS, retired)
    if period not in PERIODS:
        raise invalid(f"period must be one of the following values: {', '.join(PERIODS)}")
    if period != "lifetime":
        return []
    titles = {name: name.removeprefix("post_").replace("_", " ").capitalize() for name in names}
    return [_row(post_id, n, "lifetime", titles[n], [{"value": POST_METRICS[n](counters)}]) for n in names]


def _values(
    name: str, days: int, history: History, since: datetime, until: datetime, now: datetime
) -> list[dict[str, Any]]:
    read_on, oldest = pacific_day(now), pacific_day(now) - timedelta(days=KEPT_DAYS)
    day = max(pacific_day(since) - timedelta(days=1), oldest)
    values = []
    while (end := day_end(day)) <= min(until, now):
        value = PAGE_METRICS[name].value(history, day, days, read_on) if end > since else None
        if value is not None:
            values.append({"value": value, "end_time": written(end)})
        day = date.fromordinal(day.toordinal() + 1)
    return values


def _range(asked: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    until = read_moment("until", str(asked["until"])) if asked.get("until") else now
    since = read_moment("since", str(asked["since"])) if asked.get("since") else until - timedelta(days=2)
    if since > until:
        raise invalid("since cannot be later than until")
    # Two midnights of a week with a change of clock are an hour off whole days.
    if until - since > timedelta(days=MOST_DAYS, hours=1):
        raise invalid(f"There cannot be more than {MOST_DAYS} days ({MOST_DAYS * 86400} s) between since and until")
    return since, until


def _row(node: str, name: str, period: str, title: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    said = f"{PERIOD_WORDS[period]} {title}"
    description = f"{PERIOD_WORDS[period]}: {title.lower()}"
    row = {"name": name, "period": period, "values": values, "title": said, "description": description}
    return {**row, "id": f"{node}/insights/{name}/{period}"}


def _paging(asked: Mapping[str, Any], since: datetime, until: datetime, url: str) -> dict[str, str]:
    span = until - since
    shifted = {"previous": (since - span, since), "next": (until, until + span)}
    links = {}
    for word, (first, last) in shifted.items():
        kept = {k: v if isinstance(v, str) else json.dumps(v) for k, v in asked.items()}
        kept |= {"since": str(int(first.timestamp())), "until": str(int(last.timestamp()))}
        links[word] = f"{url}?{urlencode(kept)}"
    return links


def _listed(metric: Any) -> Any:
    """The SDKs send `metric` as a JSON list, people as names with commas between."""
    if isinstance(metric, str) and metric.startswith("["):
        try:
            return json.loads(metric)
        except ValueError:
            raise invalid("Param metric must be an array.") from None
    return metric
