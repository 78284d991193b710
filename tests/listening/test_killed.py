"""A worker that is killed in the middle of an answer: whatever it had done, the answer stands there once."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.domain import Receipt
from include.domain.moderation import Answers, Rule
from include.listening.applying import Applying
from include.listening.proposing import Judge, judge_new
from include.settings import ROOT
from tests.listening.acting import MEKONG, NOW, rows, says

WORKER = """
import os, sys
from datetime import datetime, timedelta
from include.listening.applying import Applying
from include.warehouse.engine import connect

url, wall, when, now = sys.argv[1:]

class Network:
    def answer(self, comment_id, text, *, key):
        if when == "after":
            open(wall, "a").write(text)
        os._exit(9)

Applying(connect(url), lambda _: Network(), lambda _: None, lambda _: timedelta(minutes=2),
         clock=lambda: datetime.fromisoformat(now)).run()
"""


class Wall:
    """A network whose comments are a file, so that it outlives whoever writes to it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        self.file.write_text(self.file.read_text() + text)
        return Receipt("", "1", "https://network.example/1", NOW)

    def find_answer(self, comment_id: str, text: str, *, key: str, since: object) -> Receipt | None:
        return Receipt("", "1", "https://network.example/1", NOW) if text in self.file.read_text() else None


def carry_out(engine: Engine, wall: Path, now: datetime) -> None:
    delay = timedelta(minutes=2)
    Applying(engine, lambda _: Wall(wall), lambda _: None, lambda _: delay, clock=lambda: now).run()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_while_it_answers_leaves_one_answer(
    engine: Engine, warehouse: str, tmp_path: Path, when: str
) -> None:
    wall = tmp_path / "wall"
    wall.write_text("")
    says(engine, "c1", "so late")
    rule = Rule("late", contains=("late",), draft="sorry", needs_approval=False)
    answers, able = Answers({("*", "sorry", "en"): "Sorry!"}), {"facebook_mekong": ("answer",)}
    judge_new(engine, Judge([MEKONG], [rule], answers, able), now=NOW)
    command = [sys.executable, "-c", WORKER, warehouse, str(wall), when, NOW.isoformat()]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == 9
    assert rows(engine) == [("answer", "sending")]
    for minutes in (1, 6, 9, 10):
        carry_out(engine, wall, NOW + timedelta(minutes=minutes))
    assert wall.read_text() == "Sorry!"
    assert rows(engine) == [("answer", "applied")]
