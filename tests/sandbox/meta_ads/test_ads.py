"""Ad accounts in the sandbox: what the contract names, what adds up, what is refused, what an edit changes."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.meta_ads import insights
from include.sandbox.running import RunningSandbox, running

TOKEN = "sandbox-ads-token"
WORLD = {
    "accounts": [
        {"platform": "meta_ads", "name": "aurora", "token": TOKEN, "timezone": "Europe/Rome"},
        {"platform": "meta_ads", "name": "other", "token": TOKEN + "-2"},
    ]
}
Graph = Callable[..., Any]


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as started:
        yield started


@pytest.fixture
def graph(sandbox: RunningSandbox) -> Graph:
    def ask(path: str, method: str = "GET", **asked: Any) -> Any:
        given = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in asked.items()}
        sent = {"params": given} if method == "GET" else {"data": given}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return requests.request(
            method, f"{sandbox.url}/meta_ads/v25.0/{path}", headers=headers, timeout=5, **sent
        ).json()

    return ask


@pytest.fixture
def act(sandbox: RunningSandbox) -> str:
    return f"act_{sandbox.sandbox.accounts('meta_ads')[0].native_id}"


@pytest.fixture
def window(sandbox: RunningSandbox) -> dict[str, str]:
    today = sandbox.sandbox.clock.now().date()
    return {"since": str(today - timedelta(days=10)), "until": str(today - timedelta(days=4))}


def _spend(rows: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(row["spend"]) for row in rows), Decimal(0))


def test_every_field_of_an_insight_is_in_the_contract(contracts: Path) -> None:
    spec = json.loads((contracts / "meta" / "specs" / "AdsInsights.json").read_text())
    known = {field["name"] for field in spec["fields"]}
    assert known >= insights.NUMBERS | insights.LISTS | insights.NAMES


@pytest.mark.parametrize(("node", "edge"), [("Campaign", "campaigns"), ("AdSet", "adsets"), ("Ad", "ads")])
def test_what_is_shown_of_a_thing_is_in_the_contract(
    graph: Graph, act: str, contracts: Path, node: str, edge: str
) -> None:
    spec = json.loads((contracts / "meta" / "specs" / f"{node}.json").read_text())
    shown = "id,name,status,effective_status,account_id,created_time"
    (first, *_) = graph(f"{act}/{edge}", fields=shown)["data"]
    assert set(first) == set(shown.split(",")) <= {field["name"] for field in spec["fields"]}


def test_what_is_archived_is_listed_for_whoever_asks_and_what_is_deleted_for_nobody(graph: Graph, act: str) -> None:
    def names(**asked: Any) -> set[str]:
        return {each["name"] for each in graph(f"{act}/campaigns", fields="name", **asked)["data"]}

    ids = {each["name"]: each["id"] for each in graph(f"{act}/campaigns", fields="name")["data"]}
    graph(ids["Newsletter"], "POST", status="ARCHIVED")
    graph(ids["Summer"], "POST", status="DELETED")
    assert names() == {"Always on", "Christmas"}
    assert names(effective_status=["ARCHIVED", "DELETED"]) == {"Newsletter"}
    assert graph(ids["Summer"], fields="status")["status"] == "DELETED"


def test_spend_adds_up_over_the_levels(graph: Graph, act: str, window: dict[str, str]) -> None:
    def rows(level: str) -> list[dict[str, str]]:
        asked = {"level": level, "time_range": window, "time_increment": 1, "fields": "spend", "limit": 500}
        found: list[dict[str, str]] = graph(f"{act}/insights", **asked)["data"]
        return found

    whole = _spend(rows("account"))
    assert whole > 0
    assert {_spend(rows(level)) for level in ("campaign", "adset", "ad")} == {whole}


def test_a_report_holds_what_the_same_question_answers_at_once(graph: Graph, act: str, window: dict[str, str]) -> None:
    asked = {"level": "ad", "time_range": window, "time_increment": 1, "fields": "ad_id,spend"}
    run = graph(f"{act}/insights", "POST", **asked)["report_run_id"]
    assert graph(f"{run}/insights")["error"]["code"] == 2601
    while graph("", ids=run)[run]["async_status"] != "Job Completed":
        pass
    assert graph(f"{run}/insights", limit=500)["data"] == graph(f"{act}/insights", limit=500, **asked)["data"]


def test_pages_follow_one_another_without_a_gap(graph: Graph, act: str, window: dict[str, str]) -> None:
    asked = {"level": "ad", "time_range": window, "time_increment": 1, "fields": "ad_id"}
    seen, after = [], "0"
    while after:
        page = graph(f"{act}/insights", limit=7, after=after, **asked)
        seen += page["data"]
        after = page["paging"]["cursors"]["after"] if "next" in page.get("paging", {}) else ""
    assert seen == graph(f"{act}/insights", limit=500, **asked)["data"]


def test_figures_of_a_day_settle_and_then_stay(sandbox: RunningSandbox, graph: Graph, act: str) -> None:
    day = sandbox.sandbox.clock.now().date() - timedelta(days=1)
    asked = {"time_range": {"since": str(day), "until": str(day)}, "fields": "spend"}
    readings = []
    for _ in range(5):
        readings.append(_spend(graph(f"{act}/insights", **asked)["data"]))
        sandbox.sandbox.clock.advance(86400)
    assert readings[0] < readings[1] < readings[2] == readings[3] == readings[4]


def test_another_budget_changes_what_is_spent_from_then_on(sandbox: RunningSandbox, graph: Graph, act: str) -> None:
    campaign = next(
        c for c in graph(f"{act}/campaigns", fields="id,name,daily_budget")["data"] if c["name"] == "Always on"
    )
    assert graph(campaign["id"], "POST", daily_budget=5000) == {"success": True}
    assert graph(campaign["id"], fields="daily_budget")["daily_budget"] == "5000"
    today = sandbox.sandbox.clock.now().date()
    sandbox.sandbox.clock.advance(6 * 86400)
    spent = {
        row["date_start"]: Decimal(row["spend"])
        for row in graph(
            f"{act}/insights",
            level="campaign",
            time_range={"since": str(today - timedelta(days=5)), "until": str(today + timedelta(days=5))},
            time_increment=1,
            fields="spend,campaign_id",
            limit=500,
        )["data"]
        if row["campaign_id"] == campaign["id"]
    }
    before, after = spent[str(today - timedelta(days=5))], spent[str(today + timedelta(days=2))]
    assert after > before * Decimal("1.4")


def test_a_paused_campaign_spends_nothing_more(sandbox: RunningSandbox, graph: Graph, act: str) -> None:
    for campaign in graph(f"{act}/campaigns", fields="id")["data"]:
        graph(campaign["id"], "POST", status="PAUSED")
    sandbox.sandbox.clock.advance(3 * 86400)
    day = str(sandbox.sandbox.clock.now().date() - timedelta(days=1))
    assert graph(f"{act}/insights", time_range={"since": day, "until": day}, fields="spend")["data"] == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"fields": "spend,post_likes"}, "post_likes is not valid for fields"),
        ({"fields": "spend", "action_attribution_windows": ["7d_view"]}, "7d_view"),
        ({"fields": "spend", "time_range": {"since": "2020-01-01", "until": "2020-01-02"}}, "37 months"),
        ({"fields": "spend", "mystery": 1}, "mystery"),
        ({"fields": "spend", "level": "post"}, "level must be one of"),
    ],
    ids=["unknown field", "retired window", "too old", "unknown parameter", "unknown level"],
)
def test_what_meta_refuses_is_refused(graph: Graph, act: str, asked: dict[str, Any], words: str) -> None:
    error = graph(f"{act}/insights", **asked)["error"]
    assert error["code"] == 100
    assert words in error["message"]


@pytest.mark.parametrize("budget", ["4.5", "-3", "50"], ids=["no integer", "negative", "below the least"])
def test_a_budget_that_is_none_is_refused_and_changes_nothing(graph: Graph, act: str, budget: str) -> None:
    campaign = graph(f"{act}/campaigns", fields="id,daily_budget")["data"][0]
    assert graph(campaign["id"], "POST", daily_budget=budget)["error"]["code"] == 100
    assert graph(campaign["id"], fields="daily_budget")["daily_budget"] == campaign["daily_budget"]


def test_another_accounts_things_are_out_of_reach(sandbox: RunningSandbox, graph: Graph) -> None:
    other = sandbox.sandbox.accounts("meta_ads")[1]
    assert graph(f"act_{other.native_id}/campaigns")["error"]["code"] == 100


def test_a_day_before_the_world_knows_the_campaign_has_no_row(graph: Graph, act: str) -> None:
    day = str(date(2025, 1, 1))
    assert graph(f"{act}/insights", time_range={"since": day, "until": day}, fields="spend")["data"] == []


def test_edits_outlive_a_restart(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with running(WORLD, journal=journal) as first:
        account = first.sandbox.accounts("meta_ads")[0]
        url, headers = f"{first.url}/meta_ads/v25.0", {"Authorization": f"Bearer {TOKEN}"}
        campaigns = requests.get(f"{url}/act_{account.native_id}/campaigns", headers=headers, timeout=5).json()["data"]
        requests.post(f"{url}/{campaigns[0]['id']}", data={"status": "PAUSED"}, headers=headers, timeout=5)
    with running(WORLD, journal=journal) as second:
        url = f"{second.url}/meta_ads/v25.0"
        asked = {"fields": "status"}
        assert (
            requests.get(f"{url}/{campaigns[0]['id']}", asked, headers=headers, timeout=5).json()["status"] == "PAUSED"
        )
