"""One report: its question checked as Google checks it, its rows made of the day's visits.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.google_analytics.failures import GoogleError
from include.sandbox.google_analytics.visits import Visits, visits_of
from include.sandbox.state import Sandbox

DIMENSIONS: Mapping[str, Callable[[Visits], str]] = {
    "date": lambda v: f"{v.day:%Y%m%d}",
    "sessionSource": lambda v: v.source,
    "sessionMedium": lambda v: v.medium,
    "sessionCampaignName": lambda v: v.campaign,
    "sessionManualAdContent": lambda v: v.content,
    "sessionDefaultChannelGroup": lambda v: v.channel,
    "landingPage": lambda v: v.landing_page,
}
METRICS: Mapping[str, tuple[str, Callable[[Sequence[Visits]], object]]] = {
    "sessions": ("TYPE_INTEGER", lambda vs: sum(v.sessions for v in vs)),
    "engagedSessions": ("TYPE_INTEGER", lambda vs: sum(v.engaged for v in vs)),
    "keyEvents": ("TYPE_FLOAT", lambda vs: sum(v.key_events for v in vs)),
    "totalRevenue": ("TYPE_CURRENCY", lambda vs: sum(v.revenue for v in vs)),
    "sessionKeyEventRate": ("TYPE_FLOAT", lambda vs: _share(sum(v.converted for v in vs), sum(v.sessions for v in vs))),
    "bounceRate": ("TYPE_FLOAT", lambda vs: 1 - _share(sum(v.engaged for v in vs), sum(v.sessions for v in vs))),
    "engagementRate": ("TYPE_FLOAT", lambda vs: _share(sum(v.engaged for v in vs), sum(v.sessions for v in vs))),
    "totalUsers": ("TYPE_INTEGER", lambda vs: round(sum(v.sessions for v in vs) * 0.86)),
    "newUsers": ("TYPE_INTEGER", lambda vs: round(sum(v.sessions for v in vs) * 0.52)),
}
TAKEN = frozenset(
    ("property", "dateRanges", "dimensions", "metrics", "orderBys", "limit", "offset", "keepEmptyRows")
) | {"returnPropertyQuota", "currencyCode", "dimensionFilter", "metricFilter", "metricAggregations"}
MOST_DIMENSIONS, MOST_METRICS, MOST_RANGES = 9, 10, 4
DEFAULT_LIMIT, MOST_ROWS = 10_000, 250_000

Report = dict[str, Any]


def report(sandbox: Sandbox, account: DeclaredAccount, asked: Mapping[str, Any]) -> Report:
    """One `RunReportResponse`. Raises GoogleError for what Google would refuse."""
    dimensions, metrics = _checked(asked)
    limit, offset = _number(asked, "limit", DEFAULT_LIMIT), _number(asked, "offset", 0)
    if not limit > 0:
        raise GoogleError(400, "Limit must be positive.")
    rows = _ordered(_rows(sandbox, account, asked, dimensions), dimensions, asked)
    shown = rows[offset : offset + min(limit, MOST_ROWS)]
    answer: Report = {
        "dimensionHeaders": [{"name": name} for name in dimensions],
        "metricHeaders": [{"name": name, "type": METRICS[name][0]} for name in metrics],
        "rows": [_row(names, visits, metrics) for names, visits in shown],
        "rowCount": len(rows),
        "metadata": {"currencyCode": currency_of(account), "timeZone": account.timezone},
        "kind": "analyticsData#runReport",
    }
    return {name: value for name, value in answer.items() if value != []}


def currency_of(account: DeclaredAccount) -> str:
    return str(account.settings.get("currency") or "EUR")


def _rows(
    sandbox: Sandbox, account: DeclaredAccount, asked: Mapping[str, Any], dimensions: Sequence[str]
) -> list[tuple[tuple[str, ...], list[Visits]]]:
    together: dict[tuple[str, ...], list[Visits]] = {}
    for day in _days(asked["dateRanges"][0], sandbox, account):
        for visits in visits_of(sandbox, account, day):
            together.setdefault(tuple(DIMENSIONS[name](visits) for name in dimensions), []).append(visits)
    return list(together.items())


def _ordered(
    rows: list[tuple[tuple[str, ...], list[Visits]]], dimensions: Sequence[str], asked: Mapping[str, Any]
) -> list[tuple[tuple[str, ...], list[Visits]]]:
    """By the dimensions of `orderBys`; without it Google's order is its own, here that of the most sessions."""
    by = [(order.get("dimension") or {}).get("dimensionName") for order in asked.get("orderBys") or ()]
    if unknown := [name for name in by if name not in dimensions]:
        raise GoogleError(400, f"Field {unknown[0]} exists in OrderBy but is not defined in the dimensions.")
    if not by:
        return sorted(rows, key=lambda row: -sum(v.sessions for v in row[1]))
    places = [dimensions.index(str(name)) for name in by]
    return sorted(rows, key=lambda row: [row[0][place] for place in places])


def _row(names: Sequence[str], visits: Sequence[Visits], metrics: Sequence[str]) -> Report:
    row: Report = {"metricValues": [{"value": str(METRICS[name][1](visits))} for name in metrics]}
    return {"dimensionValues": [{"value": name} for name in names], **row} if names else row


def _checked(asked: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    if unknown := set(asked) - TAKEN:
        raise GoogleError(400, f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.')
    dimensions = [str(each.get("name")) for each in asked.get("dimensions") or ()]
    metrics = [str(each.get("name")) for each in asked.get("metrics") or ()]
    for kind, names, known in (("dimension", dimensions, DIMENSIONS), ("metric", metrics, METRICS)):
        for name in names:
            if name not in known:
                raise GoogleError(400, f"Field {name} is not a valid {kind}.")
    if len(dimensions) > MOST_DIMENSIONS:
        raise GoogleError(400, f"Requests are limited to {MOST_DIMENSIONS} dimensions.")
    if not 0 < len(metrics) <= MOST_METRICS:
        raise GoogleError(400, f"Requests must have 1 to {MOST_METRICS} metrics.")
    if len(asked.get("dateRanges") or ()) != 1:
        raise GoogleError(400, "The sandbox serves one of dateRanges.")
    return dimensions, metrics


def _days(asked: Mapping[str, Any], sandbox: Sandbox, account: DeclaredAccount) -> list[date]:
    today = sandbox.clock.now().astimezone(ZoneInfo(account.timezone)).date()
    first, last = (_day(str(asked.get(name, "")), today) for name in ("startDate", "endDate"))
    if last < first:
        raise GoogleError(400, "Invalid date range: the start date must not be after the end date.")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day(given: str, today: date) -> date:
    words = {"today": today, "yesterday": today - timedelta(days=1)}
    if given in words:
        return words[given]
    if given.endswith("daysAgo") and given.removesuffix("daysAgo").isdigit():
        return today - timedelta(days=int(given.removesuffix("daysAgo")))
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise GoogleError(400, f"Invalid date: {given}. Dates are YYYY-MM-DD.") from None


def _number(asked: Mapping[str, Any], name: str, default: int) -> int:
    given = str(asked.get(name, default))
    if not given.lstrip("-").isdigit() or int(given) < 0:
        raise GoogleError(400, f"Invalid value at '{name}' (TYPE_INT64), \"{given}\"")
    return int(given)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
