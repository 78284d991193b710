"""Publishing under faults of every kind, on a small scale: nothing twice, nothing lost, nothing left hanging.

`make faults` does it a thousand times. A seed that fails there belongs into `SEEDS`.
"""

import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from benchmarks.faults import judge
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
        ("refused", 0, "lost"),
        ("refused", 1, "untrue"),
        ("held", 0, "lost"),
        ("held", 1, "live"),
        ("due", 0, "stuck"),
        ("unknown", 0, "stuck"),
    ],
)
def test_the_judge_believes_the_network_not_the_ledger(state: str, copies: int, counted: str) -> None:
    verdict, row = Verdict(publications=1), Row("p1", 0, "x_a", state, "It said no.", "sent")
    settle(verdict, row, copies)  # type: ignore[arg-type]
    assert getattr(verdict, counted) == 1
    assert verdict.holds == (counted == "live")


@pytest.mark.parametrize(("reason", "counted"), [("It is too long.", "refused"), (None, "lost")])
def test_what_no_network_takes_may_be_refused_with_a_reason(reason: str | None, counted: str) -> None:
    verdict = Verdict(publications=1)
    row: Any = Row("p1", 0, "x_a", "refused", reason, None)
    settle(verdict, row, 0, is_refusable=True)
    assert getattr(verdict, counted) == 1
    assert verdict.holds == (counted == "refused")


def test_a_held_post_is_well_done_only_where_no_look_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "UNDECIDABLE", ("x_",))
    verdict = Verdict(publications=2)
    for account in ("x_a", "facebook_a"):
        row: Any = Row("p1", 0, account, "held", "Nobody can tell.", "sent")
        settle(verdict, row, 0)
    assert (verdict.held, verdict.lost) == (1, 1)
