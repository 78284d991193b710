"""A real Airflow plays a week of a desk that is nobody's example, and leaves nothing behind, however it ends."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from slack_sdk import WebClient

from include.local import demo, options
from include.local.options import Options
from include.local.progress import Steps
from include.local.run import held, postgres_dir, survivors
from include.local.set_up import set_up
from include.local.stage import Stage
from include.settings import ROOT
from include.warehouse import embedded

pytestmark = pytest.mark.scheduler

BRANDS = """
lantern:
  title: Lantern & Oar
  timezone: America/Halifax
  language: en
  channel: "#lantern"
  accounts:
    facebook: lantern_oar
  needs_approval: true
  approvers: [noor]
tidal:
  title: Tidal Cycles
  timezone: Pacific/Auckland
  language: en
  channel: "#tidal"
  accounts:
    x: tidal_cycles
"""
CALENDAR = """key,brand,when,accounts,text
lantern-open,lantern,start+30s,all,"The boathouse is open. 🛶 First coffee is on us."
lantern-night,lantern,start+35s,all,"Night rowing on Friday: bring a lamp & a friend."
tidal-wheels,tidal,start+30s,all,"New wheels have come in: 28 and 29 inch."
tidal-repair,tidal,start+32s,all,"Repair café on Saturday, 10:00."
tidal-later,tidal,day+3 08:00,all,"Next week: the long ride."
tidal-draft,tidal,no idea,all,"When is this?"
"""
DUE = {
    ("facebook", "lantern_oar", "The boathouse is open. 🛶 First coffee is on us."),
    ("facebook", "lantern_oar", "Night rowing on Friday: bring a lamp & a friend."),
    ("x", "tidal_cycles", "New wheels have come in: 28 and 29 inch."),
    ("x", "tidal_cycles", "Repair café on Saturday, 10:00."),
}
AT_LEAST = 7  # the sandbox, the four parts of Airflow, the database, and the guardian


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for all of this file: the second run copies the Airflow database that the first one made."""
    directory = tmp_path_factory.mktemp("week") / "run"
    yield directory
    embedded.remove(postgres_dir(directory))


@pytest.fixture
def arguments(run_dir: Path, tmp_path: Path) -> list[str]:
    """What `python -m include.local` is told: a desk of ours, another seed, ports that nobody listens on."""
    (tmp_path / "brands.yml").write_text(BRANDS, encoding="utf-8")
    (tmp_path / "calendar.csv").write_text(CALENDAR, encoding="utf-8")
    airflow, sandbox = _free_ports(2)
    chosen = {"run-dir": run_dir, "desk": tmp_path, "seed": 23, "weeks": 2}
    chosen |= {"airflow-port": airflow, "sandbox-port": sandbox}
    return ["demo", *(f"--{name}={value}" for name, value in chosen.items())]


def test_a_week_goes_out_once_is_told_and_leaves_no_process(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "ROOT", tmp_path)  # so that no real token of this machine's .env is found
    chosen, steps = Options.read(arguments), Steps()
    with held(chosen.run_dir, fresh=True) as family:
        stage = set_up(chosen, family, steps)
        demo.play(stage, steps)
        assert len(_left(chosen.run_dir)) >= AT_LEAST

        live = [post for post in stage.sandbox("live")["posts"] if post["published"] and not post["deleted"]]
        assert Counter((post["platform"], post["account"], post["text"]) for post in live) == dict.fromkeys(DUE, 1)
        answers = set(stage.ask("SELECT brand, decision, decided_by FROM desk.approval JOIN desk.post USING (post_id)"))
        assert ("lantern", "approved", "noor") in answers
        lantern, tidal = _said(stage, "lantern"), _said(stage, "tidal")
        assert sum("Lantern & Oar · week" in words for words in lantern) == 1
        assert sum("Tidal Cycles · week" in words for words in tidal) == 1
        assert sum("1 to fix" in words for words in tidal) == 1
    assert _left(chosen.run_dir) == []


def test_a_run_that_is_killed_in_the_middle_of_a_task_leaves_nothing_and_the_next_one_starts(
    arguments: list[str], run_dir: Path
) -> None:
    # An empty connection: should this machine's .env lead to a real Slack, nobody there hears of the test.
    environment = {**os.environ, "AIRFLOW_CONN_SLACK_DESK": ""}
    logs = run_dir / "airflow" / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    command = [sys.executable, "-m", "include.local", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            assert _until(lambda: process.poll() is not None or any(logs.glob("dag_id=*/run_id=*/task_id=*")), 180)
            assert process.poll() is None, "it ended before a task of it ran"
            assert len(_left(run_dir)) >= AT_LEAST
        finally:
            process.kill()
    assert _until(lambda: not _left(run_dir), 60), f"still there: {_left(run_dir)}"
    with held(run_dir, fresh=True):
        assert not logs.exists()
        assert embedded.start(postgres_dir(run_dir)).process()
    assert _left(run_dir) == []


def _said(stage: Stage, channel: str) -> list[str]:
    """The plain words of a channel's messages."""
    token = json.loads((stage.family.run_dir / "world.json").read_text())["slack"]["token"]
    slack = WebClient(token, base_url=f"{stage.sandbox_url}/slack/api/")
    ids = {each["name"]: each["id"] for each in slack.conversations_list()["channels"]}
    found = slack.conversations_history(channel=ids[channel])["messages"]
    return [message["text"].replace("&amp;", "&") for message in found]


def _left(run_dir: Path) -> list[str]:
    """The command lines of all that runs for `run_dir`: its family, its guardian, its database."""
    server = embedded.status(postgres_dir(run_dir))
    database = server.process() if server else None
    family = {*survivors(run_dir), *([database.pid] if database else [])}
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        words = " ".join(process.info["cmdline"] or [])
        if process.pid in family or f"guardian {run_dir}" in words:
            found.append(words)
    return found


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; all are held until all are chosen, so that none is chosen twice."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _until(what: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not what():
        time.sleep(0.1)
    return what()
