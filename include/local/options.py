"""How a local run is asked for: `make demo SEED=11 DESK=path AIRFLOW_PORT=9000 …` or the same as arguments."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from include.settings import ROOT

EXAMPLE = ROOT / "include" / "desk" / "example"


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen about a run."""

    command: str
    run_dir: Path
    desk: Path
    seed: int
    airflow_port: int
    sandbox_port: int
    weeks: int

    @classmethod
    def read(cls, arguments: Sequence[str]) -> "Options":
        parser = argparse.ArgumentParser(prog="python -m include.local", description=__doc__)
        parser.add_argument("command", choices=("demo", "up", "down", "clean"))
        parser.add_argument("--run-dir", type=Path, help="where the run keeps everything (.desk/<command>)")
        parser.add_argument("--desk", type=Path, default=EXAMPLE, help="a folder with brands.yml and calendar.csv")
        parser.add_argument("--seed", type=int, default=7, help="another seed, another world in the sandbox")
        parser.add_argument("--airflow-port", type=_port, default=8080)
        parser.add_argument("--sandbox-port", type=_port, default=8800)
        parser.add_argument("--weeks", type=int, default=8, help="how many weeks of history are read")
        found = parser.parse_args(arguments)
        name = "demo" if found.command == "demo" else "up"
        return cls(
            command=found.command,
            run_dir=(found.run_dir or ROOT / ".desk" / name).resolve(),
            desk=found.desk.resolve(),
            seed=found.seed,
            airflow_port=found.airflow_port,
            sandbox_port=found.sandbox_port,
            weeks=found.weeks,
        )


def _port(text: str) -> int:
    if text.isdigit() and 1024 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1024 to 65535")


def inherited(environ: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """The caller's environment over the lines of `.env`; what Airflow or Python would trip over is left behind.

    A connection set to nothing (`AIRFLOW_CONN_X_…=`) stays in: it says that this account has no token. Proxies are told
    to leave this machine's own addresses alone.
    """
    found = {**_lines(dotenv), **environ}
    unwanted = ("AIRFLOW__", "AIRFLOW_HOME", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")
    kept = {name: value for name, value in found.items() if not name.startswith(unwanted)}
    direct = ",".join(filter(None, [kept.get("NO_PROXY") or kept.get("no_proxy"), "127.0.0.1", "localhost"]))
    return {**kept, "NO_PROXY": direct, "no_proxy": direct}


def _lines(dotenv: Path) -> dict[str, str]:
    if not dotenv.exists():
        return {}
    lines = (line.strip() for line in dotenv.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}


def here() -> dict[str, str]:
    return inherited(os.environ, ROOT / ".env")


def real_connections(environ: Mapping[str, str]) -> list[str]:
    """The connections of the caller's that lead away from this machine, by variable; a demo must not use them."""
    given = {name: value for name, value in environ.items() if name.startswith("AIRFLOW_CONN_") and value.strip()}
    return sorted(name for name, value in given.items() if "127.0.0.1" not in value and "localhost" not in value)
