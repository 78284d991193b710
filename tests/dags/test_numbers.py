"""`ingest_*` and `backfill_metrics`: the days that were asked for, in few requests, each account by itself."""

from datetime import date, timedelta
from typing import Any

import pytest


def _days(first: date, last: date) -> dict[str, str]:
    return {"first": str(first), "last": str(last)}


def _read(desk: Any) -> dict[tuple[str, str], int]:
    """How many days of each account's stream the ledger calls read."""
    rows = desk.ask(
        "SELECT account, stream, count(*) FROM desk.ingest_window"
        " WHERE status IN ('provisional', 'final') GROUP BY account, stream"
    )
    return {(account, stream): count for account, stream, count in rows}


def test_the_days_that_were_typed_in_are_read_and_a_second_run_asks_for_nothing(desk: Any) -> None:
    days = _days(desk.today - timedelta(days=9), desk.today - timedelta(days=5))
    done = desk.run("ingest_facebook", **days)
    ((read,),) = [done.results["read"]]
    assert read["rows"] > 0
    assert read["problems"] == []
    accounts = ("facebook_fern", "facebook_ginger")
    assert _read(desk) == {(account, stream): 5 for account in accounts for stream in ("account_day", "posts")}
    before = desk.requests()
    ((again,),) = [desk.run("ingest_facebook", **days).results["read"]]
    assert (again["rows"], again["requests"]) == (0, 0)
    assert desk.requests() == before


def test_only_todays_followers_of_x_can_be_had_and_the_days_before_are_told_as_lost(desk: Any) -> None:
    desk.run("ingest_x", **_days(desk.today - timedelta(days=2), desk.today))
    rows = desk.ask("SELECT status, reason FROM desk.ingest_window WHERE stream = 'account_day' ORDER BY metric_date")
    assert [status for status, _ in rows] == ["lost", "lost", "provisional"]
    assert "today" in rows[0][1]
    ((followers,),) = desk.ask("SELECT followers FROM desk.account_day WHERE account = 'x_ginger'")
    assert followers > 0


def test_a_dry_run_reads_nothing_the_real_one_all_and_the_next_none(desk: Any) -> None:
    days = _days(desk.today - timedelta(days=20), desk.today - timedelta(days=1))
    dry = desk.run("backfill_metrics", dry_run=True, **days)
    assert dry.state == "success"
    assert desk.requests() == 0
    assert desk.ask("SELECT * FROM desk.ingest_window") == []

    real = desk.run("backfill_metrics", **days)
    assert [batch["problems"] for batch in real.results["read"]] == [[], []]
    assert _read(desk)["facebook_ginger", "account_day"] == 20
    assert _read(desk)["facebook_ginger", "posts"] == 20

    before = desk.requests()
    again = desk.run("backfill_metrics", **days)
    assert [batch["requests"] for batch in again.results["read"]] == [0, 0]
    assert desk.requests() == before


def test_a_backfill_of_one_account_and_stream_reads_no_other(desk: Any) -> None:
    days = _days(desk.today - timedelta(days=9), desk.today - timedelta(days=5))
    desk.run("backfill_metrics", accounts="facebook_fern", streams="account_day", **days)
    assert _read(desk) == {("facebook_fern", "account_day"): 5}


@pytest.mark.parametrize("dead", [("facebook_fern",)])
def test_a_dead_token_fails_its_account_only(desk: Any) -> None:
    done = desk.run("ingest_facebook", **_days(desk.today - timedelta(days=6), desk.today - timedelta(days=5)))
    assert done.state == "success"
    ((read,),) = [done.results["read"]]
    assert read["rows"] > 0
    assert all("facebook_fern" in problem for problem in read["problems"])
    statuses = desk.ask("SELECT DISTINCT account, status = 'failed' FROM desk.ingest_window ORDER BY account")
    assert statuses == [("facebook_fern", True), ("facebook_ginger", False)]
    assert desk.run("check_desk").results["look"]["dead_credentials"] == 1
    (alert,) = [words for words in desk.said("#on-call") if "no longer lets us in" in words]
    assert "Fern Books on Facebook" in alert


@pytest.mark.parametrize("dead", [("facebook_fern", "facebook_ginger")])
def test_a_run_that_could_read_no_account_is_red_and_says_why(desk: Any) -> None:
    done = desk.run("ingest_facebook", **_days(desk.today - timedelta(days=6), desk.today - timedelta(days=5)))
    assert done.state == "failed"
    (said,) = [words for words in desk.said("#on-call") if "ingest_facebook failed at read" in words]
    assert "facebook_fern" in said
    assert "facebook_ginger" in said


def test_a_retired_metric_is_told_once_and_asked_for_no_more(desk: Any) -> None:
    desk.run("ingest_facebook", **_days(desk.today - timedelta(days=6), desk.today - timedelta(days=6)))
    gone = [("facebook_fern", "page_total_actions"), ("facebook_ginger", "page_total_actions")]
    assert desk.ask("SELECT account, metric FROM desk.retired_metric ORDER BY account") == gone
    told = [words for words in desk.said("#on-call") if "page_total_actions" in words]
    assert len(told) == 2
    first = desk.requests()
    desk.run("ingest_facebook", **_days(desk.today - timedelta(days=7), desk.today - timedelta(days=7)))
    assert [words for words in desk.said("#on-call") if "page_total_actions" in words] == told
    assert desk.requests() - first < first


def test_a_misspelt_day_is_refused_and_reads_nothing(desk: Any) -> None:
    days = _days(desk.today - timedelta(days=9), desk.today - timedelta(days=5))
    assert desk.run("backfill_metrics", frist="2026-11-01", **days).state == "failed"
    assert desk.ask("SELECT * FROM desk.ingest_window") == []
