"""One run: its directory, its lock, its processes and its database, and the promise that all of it ends with us.

A guardian process in a session of its own holds one end of a pipe. When we are gone, however that happened, the pipe
closes and the guardian ends what we left. It inherits our lock, so the next start waits for it.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil

from include.local.processes import Family, members
from include.settings import ROOT
from include.warehouse import embedded


class DeskBusyError(RuntimeError):
    """Another run holds the directory."""


@contextlib.contextmanager
def held(run_dir: Path, *, fresh: bool) -> Iterator[Family]:
    """Hold `run_dir` for the length of a run; end whatever an earlier one left there.

    With `fresh` the directory starts empty, but for the database server (its databases are made anew).
    Raises DeskBusyError if another run is alive in it.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "lock").open("a+") as lock:
        _acquire(lock, run_dir)
        end_everything(run_dir)
        asked_to_end(run_dir).unlink(missing_ok=True)
        if fresh:
            _clear(run_dir)
        guardian = _guard(run_dir, lock)
        try:
            yield Family(run_dir)
        finally:
            end_everything(run_dir)
            _dismiss(guardian)


def asked_to_end(run_dir: Path) -> Path:
    """The mark that `make down` leaves for the run that it ends, which takes it away at its start."""
    return run_dir / "asked-to-end"


def why_ended(family: Family) -> str:
    """Why a desk that was up is not any more, as far as one can see; empty while all of it runs."""
    if asked_to_end(family.run_dir).exists():
        return "make down (or make clean) ended this desk; nothing of it is left running."
    server = embedded.known(postgres_dir(family.run_dir))
    if server is not None and server.process() is None:
        return f"PostgreSQL ended by itself, and all else needs it; see {server.log}."
    fallen = family.fallen()
    return f"{fallen[0]} ended by itself; see {family.log(fallen[0])}." if fallen else ""


def end_everything(run_dir: Path) -> None:
    """Stop the processes and the database of `run_dir`, and make sure."""
    left = Family(run_dir).stop()
    embedded.stop(postgres_dir(run_dir))
    if left:
        raise RuntimeError(f"Processes {left} of {run_dir} did not end even when killed; look at them with ps.")


def postgres_dir(run_dir: Path) -> Path:
    return run_dir / "postgres"


def _acquire(lock: IO[str], run_dir: Path, *, patience_s: float = 40.0) -> None:
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            if _is_alive(holder) or time.monotonic() > until:
                raise DeskBusyError(
                    f"Another run (process {holder or 'unknown'}) is using {run_dir}. Let it end, or choose another "
                    "directory with RUN_DIR=…"
                ) from None
            time.sleep(0.2)
        else:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            return


def _is_alive(pid: str) -> bool:
    return pid.isdigit() and psutil.pid_exists(int(pid))


def _clear(run_dir: Path) -> None:
    for path in run_dir.iterdir():
        if path.name in ("lock", "postgres"):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _guard(run_dir: Path, lock: IO[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "include.local.guardian", str(run_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(lock.fileno(),),
        start_new_session=True,
    )


def _dismiss(guardian: subprocess.Popen[bytes]) -> None:
    if guardian.stdin is not None:
        guardian.stdin.close()
    guardian.wait(timeout=60)


def survivors(run_dir: Path) -> list[int]:
    """The ids of processes of `run_dir` that are alive: none after a run."""
    return [process.pid for process in members(run_dir)]
