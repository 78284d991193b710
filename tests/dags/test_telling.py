"""`roll_up_kpis`, `send_digest` and the word about a failed task: each thing is said once."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from include.kpis.week import monday_of


@pytest.fixture
def week(desk: Any) -> str:
    """The Monday of last week, with its numbers and those of the week before read."""
    monday = monday_of(desk.today) - timedelta(weeks=1)
    desk.run("backfill_metrics", first=str(monday - timedelta(weeks=1)), last=str(desk.today))
    return str(monday)


def test_the_same_readings_give_the_same_figures(desk: Any, week: str) -> None:
    assert desk.run("roll_up_kpis", weeks=3).results["roll_up"]["rows"] > 0
    ((figures,),) = desk.ask(f"SELECT count(*) FROM desk.kpi_week WHERE week = '{week}' AND value IS NOT NULL")
    assert figures > 0
    assert desk.run("roll_up_kpis", weeks=3).results["roll_up"] == {"rows": 0}


def test_a_digest_is_told_once_with_its_chart_and_corrected_in_place(desk: Any, week: str) -> None:
    assert desk.run("send_digest", week=week).results["tell_brands"] == {"ginger": "new", "fern": "new"}
    (digest,) = desk.said("#ginger")
    assert "Reach" in digest
    assert "Followers" in digest
    files = desk.box.sandbox.slack.files
    assert [file.mime for file in files.values()] == ["image/png", "image/png"]
    assert all(file.alt for file in files.values())

    assert desk.run("send_digest", week=week).results["tell_brands"] == {"ginger": "unchanged", "fern": "unchanged"}
    desk.change("UPDATE desk.account_day SET followers = followers + 1000 WHERE account LIKE '%ginger%'")
    assert desk.run("send_digest", week=week).results["tell_brands"] == {"ginger": "updated", "fern": "unchanged"}
    (corrected,) = desk.said("#ginger")
    assert corrected != digest


def test_a_brand_that_is_not_on_the_desk_is_named(desk: Any) -> None:
    assert desk.run("send_digest", brands="gingr", week=str(desk.today)).state == "failed"
    (said,) = desk.said("#on-call")
    assert "No such brand: gingr" in said
    assert "ginger, fern" in said


def test_a_failed_task_is_told_once_a_day_with_what_to_do(desk: Any) -> None:
    from include.orchestration.notify import tell_of_failure  # noqa: PLC0415 - imports Airflow

    done = desk.run("import_calendar")  # there is no calendar yet
    assert done.state == "failed"
    (said,) = desk.said("#on-call")
    assert "import_calendar failed at plan" in said
    assert "calendar.csv" in said
    assert "clear the task" in said
    context = {
        "task_instance": SimpleNamespace(dag_id="import_calendar", task_id="plan"),
        "dag_run": SimpleNamespace(run_id=done.run_id),
        "exception": None,
    }
    tell_of_failure(context)
    assert len(desk.said("#on-call")) == 1
    tell_of_failure({**context, "dag_run": SimpleNamespace(run_id="another")})
    (said,) = desk.said("#on-call")
    assert "another" in said, "the one message of the day tells of the latest run"


def test_a_silent_slack_hides_no_failure(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    desk.slack_is_away()
    assert desk.run("import_calendar").state == "failed"
    assert "Slack could not be told of the failure" in caplog.text
