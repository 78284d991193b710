"""Airflow may run a task again while its first process still lives (seen, with `retries=0`): it sends once.

Two processes run the task of `publish_posts` for the same minute, under the same run id. The first is inside the
irreversible call when the second begins.
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from include.settings import ROOT

TASK = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock
from include.orchestration import doors, publishing
from include.domain import Receipt
from include.warehouse.engine import connect

url, place = sys.argv[1], Path(sys.argv[2])

class Network:
    def prepare(self, post, *, earlier=None):
        return {}
    def publish(self, post, *, key, prepared=None):
        with (place / "published").open("a") as log:
            log.write(post.post_id + "\\n")
        until = time.monotonic() + 60
        while not (place / "go on").exists() and time.monotonic() < until:
            time.sleep(0.02)
        return Receipt(post.post_id, "1", "https://wall.example/1", datetime.now(UTC))
    def find(self, post, *, key, prepared=None, since=None):
        raise AssertionError("nobody looks it up here")

with (
    mock.patch.object(publishing, "get_current_context", return_value={"run_id": "scheduled__2026-11-24T12:00"}),
    mock.patch.multiple(doors, warehouse=lambda: connect(url), brands=list, hook=lambda account: Network()),
):
    print(publishing.send_due())
"""


@pytest.fixture
def task(desk: Any, tmp_path: Path) -> Any:
    url = desk.engine.url.render_as_string(hide_password=False)

    def start() -> subprocess.Popen[str]:
        words = [sys.executable, "-c", TASK, url, str(tmp_path)]
        return subprocess.Popen(words, cwd=ROOT, env={**os.environ}, stdout=subprocess.PIPE, text=True)

    return start


def test_the_second_process_of_the_same_run_sends_nothing(desk: Any, task: Any, tmp_path: Path) -> None:
    desk.now = datetime.now(UTC)
    post = desk.post()
    desk.plan(type(post)(post.post_id, post.account, post.text, publish_at=desk.now))
    first = task()
    _until((tmp_path / "published").exists)
    second = task()
    assert second.communicate(timeout=120)[0].splitlines()[-1] == "{}"
    assert desk.state(post) == "sending"
    (tmp_path / "go on").touch()
    assert first.communicate(timeout=120)[0].splitlines()[-1] == "{'live': 1}"
    assert (tmp_path / "published").read_text().splitlines() == [post.post_id]
    assert desk.story(post).count("sending") == 1


def test_two_processes_that_begin_together_send_once(desk: Any, task: Any, tmp_path: Path) -> None:
    desk.now = datetime.now(UTC)
    posts = [desk.post(f"p{number}", account=f"x_{number}") for number in range(10)]
    desk.plan(*(type(post)(post.post_id, post.account, post.text, publish_at=desk.now) for post in posts))
    (tmp_path / "go on").touch()
    both = [task(), task()]
    told = [process.communicate(timeout=120)[0] for process in both]
    assert all(process.returncode == 0 for process in both), told
    assert sorted((tmp_path / "published").read_text().split()) == sorted(post.post_id for post in posts)


def _until(what: Any) -> None:
    end = time.monotonic() + 120
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    assert what()
