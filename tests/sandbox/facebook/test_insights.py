"""`/{page}/insights`: windows, periods, paging, retired metrics, figures that settle later."""

from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

METRICS = "page_media_view,page_total_media_view_unique,page_post_engagements,page_follows,page_daily_follows_unique"


def values(answer: requests.Response, name: str, period: str = "day") -> dict[str, int]:
    rows = [row for row in answer.json()["data"] if (row["name"], row["period"]) == (name, period)]
    return {entry["end_time"]: entry["value"] for row in rows for entry in row["values"]}


def test_since_and_until_are_days_in_the_pacific(graph: Any) -> None:
    answer = graph("GET", "/me/insights", metric=METRICS, period="day", since="2026-10-30", until="2026-11-03")
    assert list(values(answer, "page_media_view")) == [
        "2026-10-31T07:00:00+0000",
        "2026-11-01T07:00:00+0000",
        "2026-11-02T08:00:00+0000",
        "2026-11-03T08:00:00+0000",
    ]


def test_without_a_window_the_last_two_values_come(graph: Any) -> None:
    assert len(values(graph("GET", "/me/insights", metric="page_views_total", period="day"), "page_views_total")) == 2


def test_a_day_that_is_not_over_has_no_value(graph: Any) -> None:
    answer = graph(
        "GET", "/me/insights", metric="page_views_total", period="day", since="2026-11-18", until="2026-11-25"
    )
    assert max(values(answer, "page_views_total")) == "2026-11-20T08:00:00+0000"


def test_each_period_that_a_metric_has_comes_and_no_other(graph: Any) -> None:
    rows = graph("GET", "/me/insights", metric="page_total_media_view_unique,page_follows").json()["data"]
    assert [(row["name"], row["period"]) for row in rows] == [
        ("page_total_media_view_unique", "day"),
        ("page_total_media_view_unique", "week"),
        ("page_total_media_view_unique", "days_28"),
        ("page_follows", "day"),
    ]
    assert graph("GET", "/me/insights", metric="page_follows", period="week").json()["data"] == []


def test_a_weeks_reach_is_not_the_sum_of_its_days(graph: Any) -> None:
    window = {"metric": "page_total_media_view_unique", "since": "2026-10-05", "until": "2026-10-12"}
    answer = graph("GET", "/me/insights", **window)
    days = values(answer, "page_total_media_view_unique")
    week = values(answer, "page_total_media_view_unique", "week")["2026-10-12T07:00:00+0000"]
    assert max(days.values()) <= week < sum(days.values())


def test_a_withheld_value_is_missing_and_not_zero(graph: Any) -> None:
    window = {"period": "day", "since": "2026-08-20", "until": "2026-11-15"}
    answer = graph("GET", "/me/insights", metric="page_total_media_view_unique,page_media_view", **window)
    reach, views = (values(answer, name) for name in ("page_total_media_view_unique", "page_media_view"))
    assert 1 <= len(views) - len(reach) <= 5
    assert 0 not in reach.values()


@pytest.mark.parametrize("gone", ["page_impressions", "page_fans", "page_impressions_unique", "page_never_was"])
def test_one_retired_metric_fails_the_whole_call(graph: Any, gone: str) -> None:
    answer = graph("GET", "/me/insights", metric=f"page_media_view,{gone}", period="day")
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error.pop("fbtrace_id")
    assert error == {
        "message": "(#100) The value must be a valid insights metric",
        "type": "OAuthException",
        "code": 100,
    }


def test_more_than_ninety_days_are_refused(graph: Any) -> None:
    window = {"metric": "page_media_view", "period": "day", "since": "2026-08-01"}
    assert graph("GET", "/me/insights", **window, until="2026-10-30").status_code == 200
    refused = graph("GET", "/me/insights", **window, until="2026-11-01")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 100)
    assert "between since and until" in refused.json()["error"]["message"]


def test_only_two_years_are_kept(graph: Any) -> None:
    answer = graph(
        "GET", "/me/insights", metric="page_media_view", period="day", since="2024-11-01", until="2024-12-01"
    )
    assert min(values(answer, "page_media_view")) == "2024-11-21T08:00:00+0000"


def test_the_links_lead_to_the_window_before_and_the_one_after(graph: Any) -> None:
    answer = graph(
        "GET", "/me/insights", metric="page_views_total", period="day", since="2026-10-05", until="2026-10-12"
    )
    before = requests.get(answer.json()["paging"]["previous"], timeout=5)
    assert list(values(before, "page_views_total"))[-1] == "2026-10-05T07:00:00+0000"
    assert requests.get(before.json()["paging"]["next"], timeout=5).json()["data"] == answer.json()["data"]


def test_a_fresh_figure_is_lower_than_it_will_be(graph: Any, here: RunningSandbox) -> None:
    window = {"metric": "page_media_view,page_follows", "period": "day", "since": "2026-11-16", "until": "2026-11-20"}
    now = graph("GET", "/me/insights", **window)
    requests.post(f"{here.url}/_sandbox/clock", json={"advance_s": 5 * 86400}, timeout=5)
    later = graph("GET", "/me/insights", **window)
    first, settled = (values(answer, "page_media_view") for answer in (now, later))
    risen = [settled[end] > first[end] for end in first]
    assert risen == [False, True, True, True]
    assert values(now, "page_follows") == values(later, "page_follows")


def test_an_empty_metric_list_and_a_strange_parameter_are_refused(graph: Any) -> None:
    empty = graph("GET", "/me/insights", period="day").json()["error"]
    assert (empty["code"], empty["error_subcode"]) == (3001, 1504028)
    strange = graph("GET", "/me/insights", metric="page_follows", perod="day").json()["error"]
    assert (strange["code"], strange["message"]) == (100, "(#100) Param perod is not valid for this edge")


def test_a_list_in_json_and_a_metric_in_the_path(graph: Any) -> None:
    listed = graph("GET", "/me/insights", metric='["page_follows"]', period="day").json()["data"]
    assert graph("GET", "/me/insights/page_follows", period="day").json()["data"] == listed


def test_a_metric_that_the_world_retires(graph: Any, world: dict[str, Any], set_up: Any) -> None:
    assert graph("GET", "/me/insights", metric="page_video_views").status_code == 200
    set_up({**world, "retired_metrics": ["page_video_views"]})
    assert graph("GET", "/me/insights", metric="page_video_views").status_code == 400
