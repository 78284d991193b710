"""Publishing under faults of every kind, on a small scale: nothing twice, nothing lost, nothing left hanging.

`make faults` does it a thousand times. A seed that fails there belongs into `SEEDS`.
"""

import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from benchmarks.faults.judge import Verdict, settle
from include.settings import ROOT

SEEDS = (7,)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_fails_each_post_goes_out_once(seed: int) -> None:
    words = ["--publications", "60", "--seed", str(seed), "--most-seconds", "600"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.stdout, done.stderr
    *told, last = done.stdout.strip().splitlines()
    assert told[0].startswith(f"seed {seed}, 60 publications on ")
    assert last.endswith(", 0 duplicates, 0 lost, 0 stuck"), done.stdout
    assert done.returncode == 0, done.stderr


class Row(NamedTuple):
    post_id: str
    part: int
    account: str
    state: str
    reason: str | None
    sent_at: object


@pytest.mark.parametrize(
    ("state", "copies", "counted"),
    [
        ("live", 1, "live"),
        ("live", 2, "duplicates"),
        ("live", 0, "lost"),
        ("refused", 0, "refused"),
        ("refused", 1, "untrue"),
        ("held", 0, "held"),
        ("held", 1, "live"),
        ("due", 0, "stuck"),
        ("unknown", 0, "stuck"),
    ],
)
def test_the_judge_believes_the_network_not_the_ledger(state: str, copies: int, counted: str) -> None:
    verdict, row = Verdict(publications=1), Row("p1", 0, "x_a", state, "It said no.", "sent")
    settle(verdict, row, copies, is_over=False)  # type: ignore[arg-type]
    assert getattr(verdict, counted) == 1
    assert verdict.holds == (counted in ("live", "refused", "held"))


def test_a_refusal_without_a_reason_is_a_loss() -> None:
    verdict = Verdict(publications=1)
    unreasoned: Any = Row("p1", 0, "x_a", "refused", None, None)
    settle(verdict, unreasoned, 0, is_over=False)
    assert (verdict.lost, verdict.holds) == (1, False)
