"""Processes that we start, and their certain end.

Airflow's tasks leave their parent's process group and outlive it, so neither a signal to a group nor to a parent ends
them all. Three traces find every one: the state file of what we started, the tree below it, and a mark in the
environment that children inherit (`DESK_RUN`). After the end we look again.
"""

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MARK = "DESK_RUN"


@dataclass(slots=True)
class Family:
    """All processes of one run directory. Their logs are `<run>/logs/<name>.log`."""

    run_dir: Path
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def logs(self) -> Path:
        return self.run_dir / "logs"

    @property
    def state_file(self) -> Path:
        return self.run_dir / "processes.json"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], *, cwd: Path) -> subprocess.Popen[bytes]:
        """Start `command` in a session of its own, so that a Ctrl-C reaches only us and we end it in order."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command lines
                list(command),
                env={**env, MARK: str(self.run_dir)},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started[name] = process
        self._remember(name, process.pid)
        return process

    def fallen(self) -> list[str]:
        """The names of those that ended although nobody stopped them."""
        return [name for name, process in self.started.items() if process.poll() is not None]

    def stop(self, *, patience_s: float = 10.0) -> list[int]:
        """End every process of the family, politely first. Gives the ids of those that are still there: none."""
        _end(members(self.run_dir), patience_s)
        # A task may have been forked between our look and its parent's end: look again until nothing is found.
        for _ in range(5):
            left = members(self.run_dir)
            if not left:
                break
            _end(left, 1.0)
        self.started.clear()
        left = members(self.run_dir)
        if not left:
            self.state_file.unlink(missing_ok=True)
        return [process.pid for process in left]

    def _remember(self, name: str, pid: int) -> None:
        known = _remembered(self.state_file)
        known.append({"name": name, "pid": pid, "born": psutil.Process(pid).create_time()})
        fresh = self.state_file.with_suffix(".new")
        fresh.write_text(json.dumps(known))
        fresh.replace(self.state_file)


def members(run_dir: Path) -> list[psutil.Process]:
    """Every living process of the family at `run_dir`, whoever its parent is by now; never ourselves."""
    found: dict[int, psutil.Process] = {}
    for process in [*_recorded(run_dir / "processes.json"), *_marked(run_dir)]:
        for each in [process, *_below(process)]:
            found[each.pid] = each
    found.pop(os.getpid(), None)
    return [process for process in found.values() if _alive(process)]


def _remembered(state_file: Path) -> list[dict[str, object]]:
    try:
        return list(json.loads(state_file.read_text()))
    except (FileNotFoundError, ValueError):
        return []


def _recorded(state_file: Path) -> list[psutil.Process]:
    found = []
    for entry in _remembered(state_file):
        try:
            process = psutil.Process(int(str(entry["pid"])))
            # A process id is given again to others; the time of birth tells ours apart.
            if abs(process.create_time() - float(str(entry["born"]))) < 1:
                found.append(process)
        except psutil.Error:
            continue
    return found


def _marked(run_dir: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(run_dir):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _end(processes: list[psutil.Process], patience_s: float) -> None:
    for process in processes:
        _signal(process, "terminate")
    # Airflow's scheduler waits for its running tasks at the first signal and gives them up at the second.
    until = time.monotonic() + patience_s
    _gone, alive = psutil.wait_procs(processes, timeout=min(patience_s, 3.0))
    for process in alive:
        _signal(process, "terminate")
    _gone, alive = psutil.wait_procs(alive, timeout=max(until - time.monotonic(), 0.1))
    for process in alive:
        _signal(process, "kill")
    psutil.wait_procs(alive, timeout=5.0)


def _signal(process: psutil.Process, how: str) -> None:
    try:
        getattr(process, how)()
    except psutil.Error:
        return
