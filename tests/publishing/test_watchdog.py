"""The watchdog, as cron starts it: it speaks up once, says when it is over, and needs no Airflow."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, make_url, text

from include.domain import Post
from include.publishing import watchdog, watching
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule
from include.sandbox.running import RunningSandbox, running
from include.settings import ROOT
from include.warehouse.engine import connect

TOKEN = "xoxb-marked-secret-41aa"
AWAY = "postgresql+psycopg://desk:marked-secret-9b@127.0.0.1:1/desk"


@pytest.fixture
def box() -> Iterator[RunningSandbox]:
    with running({"slack": {"token": TOKEN, "channels": ["#on-call"]}}) as sandbox:
        yield sandbox


@pytest.fixture
def run(
    box: RunningSandbox, engine: Engine, warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    connection = {"conn_type": "slack", "host": f"{box.url}/slack/api/", "password": TOKEN}
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)
    monkeypatch.setenv("DESK_OPS_CHANNEL", "#on-call")
    monkeypatch.setenv("AIRFLOW_CONN_SLACK_DESK", json.dumps(connection))

    def start(*arguments: str) -> int:
        return watchdog.main(["--state", str(tmp_path / "state" / "watchdog.json"), *arguments])

    return start


def beats(engine: Engine, minutes_ago: float) -> None:
    """The last run of publish_posts was so long ago."""
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    words = (
        "INSERT INTO desk.heartbeat (name, at, by) VALUES ('publish_posts', :at, 'run')"
        " ON CONFLICT (name) DO UPDATE SET at = :at"
    )
    with engine.begin() as connection:
        connection.execute(text(words), {"at": at})


def plan(engine: Engine, minutes_ago: float, thread: tuple[str, ...] = ()) -> None:
    due = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    post = Post("one:x_aurora", "x_aurora", "Buongiorno", publish_at=due, thread=thread)
    schedule(engine, [PlannedPost(post, "aurora", "calendar.csv, row 2", False)], now=due, by="import")


def said(box: RunningSandbox) -> list[str]:
    slack = box.sandbox.slack
    return [message.body["text"] for message in slack.history(slack.channel_id("#on-call") or "")]


def replies(box: RunningSandbox) -> list[str]:
    return [message.body["text"] for message in box.sandbox.slack.messages.values() if message.thread_ts]


def test_all_is_well_in_silence(run: Any, engine: Engine, box: RunningSandbox) -> None:
    beats(engine, 1)
    plan(engine, 9)
    assert run() == 0
    assert said(box) == []
    asked = box.sandbox.counters.summary()["total"]
    assert run() == 0
    assert box.sandbox.counters.summary()["total"] == asked, "Slack is looked at once a day"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AIRFLOW_CONN_SLACK_DESK", "", "Set AIRFLOW_CONN_SLACK_DESK as JSON"),
        ("DESK_OPS_CHANNEL", "#on-cal", "there is no channel #on-cal that the app can see"),
    ],
)
def test_from_its_first_run_it_says_on_stderr_that_it_could_tell_nobody(
    run: Any, engine: Engine, name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    beats(engine, 1)
    monkeypatch.setenv(name, value)
    for _ in range(2):
        assert run() == 2
        told = capsys.readouterr().err
        assert told.startswith("The watchdog cannot tell anybody.")
        assert words in told


def test_a_token_that_is_no_longer_valid_is_seen_before_it_matters(
    run: Any, engine: Engine, box: RunningSandbox, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    beats(engine, 1)
    kept = {"conn_type": "slack", "host": f"{box.url}/slack/api/", "password": "xoxb-another"}
    monkeypatch.setenv("AIRFLOW_CONN_SLACK_DESK", json.dumps(kept))
    assert run() == 2
    assert "The token is no longer valid." in capsys.readouterr().err


def test_what_is_wrong_is_said_on_stdout_where_slack_hears_nothing(
    run: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SLACK_DESK", "")
    assert run() == 2
    assert "publish_posts has never run" in capsys.readouterr().out


def test_a_dead_scheduler_is_told_once_and_its_end_too(run: Any, engine: Engine, box: RunningSandbox) -> None:
    beats(engine, 6)
    plan(engine, 30)
    assert run() == 1
    assert run() == 1
    (message,) = said(box)
    assert message.startswith("🔴 publish_posts has been silent since")
    (body,) = [message.body for message in box.sandbox.slack.messages.values()]
    assert "1 post is overdue" in json.dumps(body, ensure_ascii=False)
    beats(engine, 0)
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.publication SET state = 'live'"))
    assert run() == 0
    (message,) = said(box)
    assert "over" in message
    assert len(replies(box)) == 1
    assert run() == 0
    assert len(replies(box)) == 1


def test_a_desk_that_never_ran_is_told(run: Any, box: RunningSandbox) -> None:
    assert run() == 1
    assert said(box) == ["🔴 publish_posts has never run: nothing goes out"]


def test_posts_that_are_overdue_although_it_runs_are_told(run: Any, engine: Engine, box: RunningSandbox) -> None:
    beats(engine, 1)
    plan(engine, 11)
    assert run() == 1
    assert said(box) == ["🔴 1 post is overdue though publish_posts runs"]
    assert run("--late-after", "20") == 0


def test_what_is_on_hold_is_not_overdue(run: Any, engine: Engine) -> None:
    beats(engine, 1)
    plan(engine, 30)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO desk.hold (subject, why, held_by) VALUES ('aurora', 'Why', 'marta')"))
    assert run() == 0


@pytest.mark.parametrize(
    "change", ["state = 'held'", "state = 'refused'", "not_before = now() + interval '1 hour'"], ids=str.split
)
def test_what_waits_for_a_person_or_for_a_place_is_not_overdue(run: Any, engine: Engine, change: str) -> None:
    beats(engine, 1)
    plan(engine, 30, thread=("E poi",))
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE desk.publication SET {change} WHERE part = 0"))
    assert run() == 0


def test_a_message_that_somebody_deleted_silences_nothing(
    run: Any, engine: Engine, box: RunningSandbox, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats(engine, 6)
    assert run() == 1
    box.sandbox.slack.messages.clear()
    plan(engine, 30)
    assert run() == 1, "its words are others now, and there is no message to put right"
    (message,) = said(box)
    assert message.startswith("🔴 publish_posts has been silent since")
    box.sandbox.slack.messages.clear()
    monkeypatch.setenv("DESK_WAREHOUSE_URL", AWAY)
    assert run() == 1, "what is over now cannot be said there, and what is wrong now is said all the same"
    assert said(box) == ["🔴 The desk's warehouse does not answer: nothing goes out"]


def test_a_warehouse_that_is_away_is_told_once_and_no_password_is_seen(
    run: Any, box: RunningSandbox, engine: Engine, warehouse: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("DESK_WAREHOUSE_URL", AWAY)
    assert run() == 1
    assert run() == 1
    assert said(box) == ["🔴 The desk's warehouse does not answer: nothing goes out"]
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)
    beats(engine, 0)
    assert run() == 0
    assert len(replies(box)) == 1
    seen = "".join(capsys.readouterr()) + json.dumps([m.body for m in box.sandbox.slack.messages.values()])
    assert "marked-secret" not in seen


def test_where_slack_is_away_it_says_so_on_stderr_and_tells_later(
    run: Any, box: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    box.sandbox.faults.arm({"platform": "slack", "kind": "status", "status": 500, "times": 1})
    assert run() == 2
    assert "could not write to #on-call" in capsys.readouterr().err
    assert run() == 1
    assert len(said(box)) == 1


@pytest.mark.parametrize("connection", ["", "slack://:xoxb-marked@", "{}"])
def test_without_a_token_it_names_the_variable(
    run: Any, connection: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SLACK_DESK", connection)
    assert run() == 2
    told = capsys.readouterr().err
    assert "AIRFLOW_CONN_SLACK_DESK" in told
    assert "marked" not in told


def test_without_a_warehouse_it_says_where_to_name_one(
    run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DESK_WAREHOUSE_URL")
    assert run() == 2
    assert "DESK_WAREHOUSE_URL is empty" in capsys.readouterr().err


def test_a_memory_that_was_cut_off_says_it_again(run: Any, box: RunningSandbox, tmp_path: Path) -> None:
    run()
    (tmp_path / "state" / "watchdog.json").write_text('{"scheduler_d')
    assert run() == 1
    assert len(said(box)) == 2


def test_two_at_once_say_it_once(run: Any, box: RunningSandbox, tmp_path: Path) -> None:
    state = tmp_path / "state" / "watchdog.json"
    with watchdog._alone(state):
        assert run() == 0
    assert said(box) == []


def test_from_cron_it_needs_neither_airflow_nor_a_path(run: Any, box: RunningSandbox, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name.startswith(("DESK_", "AIRFLOW_CONN_"))}
    watch = (
        "import sys; from include.publishing.watchdog import main; code = main(sys.argv[1:]);"
        "assert not any(name.split('.')[0] == 'airflow' for name in sys.modules), 'it needs Airflow'; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch, "--state", str(tmp_path / "other.json")],
        cwd=ROOT,
        env={**kept, "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "has never run" in done.stdout
    assert len(said(box)) == 1


def test_a_database_without_the_desks_tables_is_no_alert(warehouse: str) -> None:
    elsewhere = connect(make_url(warehouse).set(database="postgres").render_as_string(hide_password=False))
    with pytest.raises(watching.NoDesk, match="run its migration first"):
        watching.look(elsewhere, now=datetime.now(UTC))
