"""Whatever way a run ends, nothing of it is left: real processes, really killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from include.local.processes import MARK, Family, members
from include.local.run import DeskBusyError, asked_to_end, held, postgres_dir, why_ended
from include.warehouse import embedded

ROOT = Path(__file__).resolve().parent.parent.parent

# A child that does what Airflow's tasks do: it leaves its parent's session, and its parent ends before it.
RUNAWAY = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open(sys.argv[1], "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
time.sleep(float(sys.argv[2]))
"""

HOLDER = """
import sys, time
from pathlib import Path
from include.local.run import held
with held(Path(sys.argv[1]), fresh=False) as family:
    family.start("sleeper", [sys.executable, "-c", sys.argv[2], sys.argv[3], "600"], {}, cwd=Path("."))
    while not Path(sys.argv[3]).exists():
        time.sleep(0.02)
    print("holding", flush=True)
    time.sleep(600)
"""


def wait_for(what: Callable[[], object], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def hold(tmp_path: Path) -> tuple[subprocess.Popen[str], Path, int]:
    """A process that holds a run with a runaway grandchild: (the process, the run's directory, the runaway's id)."""
    told = tmp_path / "runaway.pid"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "run"), RUNAWAY, str(told)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "holding"
    return process, tmp_path / "run", int(told.read_text())


def test_stopping_reaches_a_process_that_left_its_family(tmp_path: Path) -> None:
    family, told = Family(tmp_path), tmp_path / "pid"
    family.start("runaway", [sys.executable, "-c", RUNAWAY, str(told), "0"], dict(os.environ), cwd=tmp_path)
    assert wait_for(told.exists)
    runaway = psutil.Process(int(told.read_text()))
    assert runaway.environ()[MARK] == str(tmp_path)
    assert family.stop() == []
    assert not runaway.is_running()


def test_stopping_ends_one_that_does_not_listen(tmp_path: Path) -> None:
    deaf = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    deaf += "open(sys.argv[1], 'w'); time.sleep(600)"
    family = Family(tmp_path)
    process = family.start("deaf", [sys.executable, "-c", deaf, str(tmp_path / "on")], dict(os.environ), cwd=tmp_path)
    assert wait_for((tmp_path / "on").exists)
    assert family.stop(patience_s=1.0) == []
    assert not psutil.pid_exists(process.pid)


def test_a_foreign_process_that_got_an_old_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text(f'[{{"name": "old", "pid": {os.getppid()}, "born": 1.0}}]')
    assert members(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_killed_leaves_nothing(
    hold: tuple[subprocess.Popen[str], Path, int], how: signal.Signals
) -> None:
    process, run_dir, runaway = hold
    process.send_signal(how)
    process.wait(timeout=30)
    assert wait_for(lambda: not psutil.pid_exists(runaway)), "the guardian did not end the runaway"
    assert wait_for(lambda: members(run_dir) == [])


def test_the_next_run_waits_for_the_cleaning_and_starts(hold: tuple[subprocess.Popen[str], Path, int]) -> None:
    process, run_dir, runaway = hold
    process.kill()
    process.wait(timeout=30)
    with held(run_dir, fresh=True):
        assert not psutil.pid_exists(runaway)
        assert not (run_dir / "logs").exists()


def test_a_second_run_in_the_same_place_is_refused_in_words(hold: tuple[subprocess.Popen[str], Path, int]) -> None:
    process, run_dir, _ = hold
    with pytest.raises(DeskBusyError, match=f"process {process.pid}.*RUN_DIR"), held(run_dir, fresh=False):
        pass
    assert process.poll() is None
    process.terminate()
    process.wait(timeout=30)


def test_what_ended_a_desk_is_named_as_what_it_was(tmp_path: Path) -> None:
    with held(tmp_path, fresh=False) as family:
        server = embedded.start(postgres_dir(tmp_path), durable=False)
        process = family.start("api-server", [sys.executable, "-c", "import time; time.sleep(600)"], {}, cwd=tmp_path)
        assert why_ended(family) == ""
        postmaster = server.process()
        assert postmaster is not None
        postmaster.kill()
        assert wait_for(lambda: server.process() is None)
        assert why_ended(family).startswith("PostgreSQL ended by itself"), "all the others fall with it"
        process.kill()
        process.wait(timeout=30)
        assert why_ended(family).startswith("PostgreSQL ended by itself")
        asked_to_end(tmp_path).touch()
        assert why_ended(family).startswith("make down")
    with held(tmp_path, fresh=False) as family:
        assert why_ended(family) == "PostgreSQL ended by itself, and all else needs it; see " + f"{server.log}."
    embedded.remove(postgres_dir(tmp_path))
