"""Google's reports to our records. Pure.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/RunReportResponse. Values come as
strings, columns in the order of the answer's own headers. `(not set)`, `(direct)` and `(other)` stay as Google says
them; that a report lost rows to `(other)`, was thinned out or holds names back is noted with the day.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from include.domain.records import RawResponse, WebDay

_SOURCES = ("sessionSource", "sessionDefaultChannelGroup")


def read(response: RawResponse) -> Iterator[WebDay]:
    """The rows of one kept answer to `batchRunReports`."""
    reports = response.json()["reports"]
    for breakdown, report in zip(response.asked["pages"], reports, strict=True):
        yield from _rows(response.account, breakdown, report, _doubts(reports, response.asked["pages"]))


def _rows(account: str, breakdown: str, report: Mapping[str, Any], doubts: dict[str, Any]) -> Iterator[WebDay]:
    names = [header["name"] for header in report.get("dimensionHeaders", ())]
    metrics = [header["name"] for header in report.get("metricHeaders", ())]
    about = report.get("metadata", {})
    for row in report.get("rows", ()):
        told = dict(zip(names, (each.get("value", "") for each in row.get("dimensionValues", ())), strict=True))
        numbers = dict(zip(metrics, (each.get("value") for each in row["metricValues"]), strict=True))
        yield WebDay(
            account=account,
            metric_date=_day(told["date"]),
            breakdown=breakdown,
            source=next((told[name] for name in _SOURCES if name in told), ""),
            medium=told.get("sessionMedium", ""),
            campaign=told.get("sessionCampaignName", ""),
            content=told.get("sessionManualAdContent", ""),
            landing_page=told.get("landingPage", ""),
            currency=about.get("currencyCode"),
            sessions=_count(numbers.get("sessions")),
            engaged_sessions=_count(numbers.get("engagedSessions")),
            conversions=_amount(numbers.get("keyEvents")),
            converted_share=_amount(numbers.get("sessionKeyEventRate")),
            revenue=_amount(numbers.get("totalRevenue")),
            users=_count(numbers.get("totalUsers")),
            new_users=_count(numbers.get("newUsers")),
            extra={"timezone": about.get("timeZone"), **doubts} if breakdown == "day" else None,
        )


def _doubts(reports: list[Mapping[str, Any]], pages: Mapping[str, int]) -> dict[str, Any]:
    """Which breakdowns are not whole, and why: by Google's own name of the reason."""
    found: dict[str, Any] = {}
    for breakdown, report in zip(pages, reports, strict=True):
        about = report.get("metadata", {})
        for reason in ("dataLossFromOtherRow", "subjectToThresholding", "samplingMetadatas"):
            if about.get(reason):
                found.setdefault(reason, []).append(breakdown)
    return found


def quota_left(body: Mapping[str, Any]) -> dict[str, int]:
    """What is left of each token quota after this call: `{"tokensPerHour": 39958, ...}`."""
    told = [report.get("propertyQuota") or {} for report in body.get("reports", ())]
    latest = told[-1] if told else {}
    return {name: int(quota.get("remaining", 0)) for name, quota in latest.items() if name.startswith("tokens")}


def rows_of(body: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Of each report: how many rows came, and how many there are."""
    return [(len(report.get("rows", ())), int(report.get("rowCount", 0))) for report in body.get("reports", ())]


def _day(value: str) -> date:
    return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date()


def _count(value: str | None) -> int | None:
    return int(value) if value not in (None, "") else None


def _amount(value: str | None) -> Decimal | None:
    return Decimal(value) if value not in (None, "") else None
