"""The website's property in the sandbox: what the contract names, what adds up, what is refused, what posts bring."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.google_analytics import reports
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.running import RunningSandbox, running

TOKEN = "sandbox-web-token"
WORLD = {
    "accounts": [
        {
            "platform": "google_analytics",
            "name": "aurora",
            "brand": "aurora",
            "token": TOKEN,
            "timezone": "Europe/Rome",
            "settings": {"tokens_per_hour": 800},
        },
        {"platform": "google_analytics", "name": "other", "token": TOKEN + "-2", "native_id": "123456789"},
        {"platform": "facebook", "name": "aurora", "brand": "aurora", "token": "page-token"},
    ]
}
Ask = Callable[..., Any]
SESSIONS = {"metrics": [{"name": "sessions"}, {"name": "engagedSessions"}]}
LAST_WEEK = {"dateRanges": [{"startDate": "10daysAgo", "endDate": "4daysAgo"}]}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as started:
        yield started


@pytest.fixture
def ask(sandbox: RunningSandbox) -> Ask:
    number = sandbox.sandbox.accounts("google_analytics")[0].native_id

    def post(body: Any, method: str = "runReport", property_id: str = number, token: str = TOKEN) -> Any:
        url = f"{sandbox.url}/google_analytics/v1beta/properties/{property_id}:{method}"
        return requests.post(url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=5).json()

    return post


def _values(report: Any, column: int = 0) -> list[int]:
    return [int(row["metricValues"][column]["value"]) for row in report["rows"]]


def test_every_field_of_a_report_is_in_the_contract(ask: Ask, contracts: Path) -> None:
    schemas = json.loads((contracts / "google" / "analyticsdata.v1beta.json").read_text(encoding="utf-8"))["schemas"]
    answer = ask({"requests": [{**LAST_WEEK, **SESSIONS, "returnPropertyQuota": True}]}, "batchRunReports")
    assert set(answer) <= set(schemas["BatchRunReportsResponse"]["properties"])
    report = answer["reports"][0]
    assert set(report) <= set(schemas["RunReportResponse"]["properties"])
    assert set(report["metadata"]) <= set(schemas["ResponseMetaData"]["properties"])
    assert set(report["propertyQuota"]) <= set(schemas["PropertyQuota"]["properties"])
    assert set(schemas["RunReportRequest"]["properties"]) >= reports.TAKEN


@pytest.mark.parametrize("dimension", sorted(reports.DIMENSIONS))
def test_the_parts_add_up_to_the_whole(ask: Ask, dimension: str) -> None:
    whole = ask({**LAST_WEEK, **SESSIONS})
    parts = ask({**LAST_WEEK, **SESSIONS, "dimensions": [{"name": dimension}]})
    assert sum(_values(parts)) == sum(_values(whole)) > 100
    assert sum(_values(parts, 1)) == sum(_values(whole, 1))


def test_pages_hold_every_row_once_and_the_answer_names_no_offset(ask: Ask) -> None:
    by = ["date", "sessionSource", "landingPage"]
    asked = {**LAST_WEEK, **SESSIONS, "dimensions": [{"name": name} for name in by]}
    asked["orderBys"] = [{"dimension": {"dimensionName": name}} for name in by]
    whole = ask(asked)
    pages = [ask({**asked, "limit": "40", "offset": str(start)}) for start in range(0, whole["rowCount"], 40)]
    assert [row for page in pages for row in page["rows"]] == whole["rows"]
    assert all("offset" not in page and page["rowCount"] == whole["rowCount"] for page in pages)


def test_a_day_in_the_future_has_no_row_and_no_rows_at_all(ask: Ask) -> None:
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=3))
    answer = ask({"dateRanges": [{"startDate": tomorrow, "endDate": tomorrow}], **SESSIONS})
    assert answer["rowCount"] == 0
    assert "rows" not in answer


def test_a_post_with_a_tagged_link_brings_visits_under_its_own_key(sandbox: RunningSandbox, ask: Ask) -> None:
    link = (
        "https://aurora.example/panettone?utm_source=facebook&utm_medium=social&utm_content=aurora-1%3Afacebook_aurora"
    )
    at = datetime.now(UTC) - timedelta(days=3)
    post = LoggedPost("facebook", "aurora", "1_2", f"Eccolo: {link}", None, (), at, "https://facebook.example/1_2")
    sandbox.sandbox.commit(post_event(post))
    names = ["sessionManualAdContent", "landingPage"]
    asked = {"dateRanges": [{"startDate": "6daysAgo", "endDate": "today"}], **SESSIONS}
    rows = ask({**asked, "dimensions": [{"name": name} for name in names]})["rows"]
    found = [row for row in rows if row["dimensionValues"][0]["value"] == "aurora-1:facebook_aurora"]
    assert [row["dimensionValues"][1]["value"] for row in found] == ["/panettone"]
    assert int(found[0]["metricValues"][0]["value"]) > 10


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metrics": [{"name": "conversions"}]}, "Field conversions is not a valid metric."),
        ({"dimensions": [{"name": "campaign"}]}, "Field campaign is not a valid dimension."),
        ({"dateRanges": [{"startDate": "today", "endDate": "3daysAgo"}]}, "Invalid date range"),
        ({"dateRanges": [{"startDate": "22/11/2026", "endDate": "today"}]}, "Invalid date: 22/11/2026."),
        ({"limit": "0"}, "Limit must be positive."),
        ({"pageSize": 10}, 'Unknown name "pageSize"'),
        ({"orderBys": [{"dimension": {"dimensionName": "date"}}]}, "Field date exists in OrderBy"),
        ({"metrics": []}, "Requests must have 1 to 10 metrics."),
    ],
)
def test_what_google_refuses_is_refused_in_its_words(ask: Ask, change: dict[str, Any], said: str) -> None:
    error = ask({**LAST_WEEK, **SESSIONS, **change})["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert said in error["message"]


def test_a_batch_holds_five_and_no_more(ask: Ask) -> None:
    assert ask({"requests": [{**LAST_WEEK, **SESSIONS}] * 6}, "batchRunReports")["error"]["code"] == 400


def test_a_foreign_property_and_a_wrong_token_are_refused(ask: Ask) -> None:
    assert ask({**LAST_WEEK, **SESSIONS}, property_id="123456789")["error"]["status"] == "PERMISSION_DENIED"
    assert ask({**LAST_WEEK, **SESSIONS}, token="nobody's")["error"]["status"] == "UNAUTHENTICATED"


def test_the_hours_tokens_run_out(ask: Ask) -> None:
    answers = [ask({**LAST_WEEK, **SESSIONS, "returnPropertyQuota": True}) for _ in range(101)]
    assert answers[0]["propertyQuota"]["tokensPerHour"] == {"consumed": 8, "remaining": 792}
    assert answers[99]["propertyQuota"]["tokensPerHour"]["remaining"] == 0
    assert answers[100]["error"]["status"] == "RESOURCE_EXHAUSTED"
