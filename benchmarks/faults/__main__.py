"""Run it, tell what was done and what came of it; 1 where anything went out twice, was lost, or is stuck."""

import argparse
import logging
import secrets
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.faults.desk import opened
from benchmarks.faults.judge import Verdict, judge
from benchmarks.faults.recipes import networks, plan
from benchmarks.faults.trouble import Trouble
from benchmarks.faults.workers import Workers
from benchmarks.warehouse import empty_warehouse

TICK_S = 0.2


def run(publications: int, seed: int, platforms: list[str], most_s: float) -> tuple[Verdict, str]:
    """The verdict, and what was done to come to it."""
    with (
        tempfile.TemporaryDirectory(prefix="desk-faults-") as folder,
        empty_warehouse() as engine,
        opened(Path(folder), engine, platforms, publications, seed) as desk,
    ):
        planned = plan(desk, publications, seed)
        trouble, began = Trouble(desk, seed), time.monotonic()
        with Workers() as workers:
            trouble.arm()
            while (unsettled := desk.unsettled()) and time.monotonic() < began + most_s:
                trouble.strike(workers)
                desk.time_flies()
                desk.operator_sends_what_is_held()
                if sys.stdout.isatty():
                    print(f"\r{planned - unsettled} of {planned} settled", end="", flush=True)
                time.sleep(TICK_S)
        told = f"{time.monotonic() - began:.0f} s; {trouble.told(workers.killed)}"
        return judge(desk), told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=(__doc__ or "").strip())
    parser.add_argument(
        "--publications", type=int, default=1000, help="irreversible calls: posts, thread texts, comments"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--platforms", nargs="*", default=[], help="all that the sandbox serves, if none is named")
    parser.add_argument("--most-seconds", type=float, default=1200, help="what is not settled by then is stuck")
    asked = parser.parse_args()
    chosen = asked.platforms or networks()
    print(f"seed {asked.seed}, {asked.publications} publications on {', '.join(chosen)}", flush=True)
    verdict, told = run(asked.publications, asked.seed, chosen, asked.most_seconds)
    print(f"\r{told}")
    for sentence in verdict.sentences:
        print(sentence)
    print(verdict)
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # thousands of failures are told, each as it should be
    sys.exit(main())
