"""How punctual single posts are with a real Airflow: idle, and while reading fills every other slot.

    python -m benchmarks.punctuality --minutes 3

Starts what `make demo` starts, in a directory of its own, plans one post for each of many accounts at a second drawn
at random, and reads from the ledger how long after it each was live. Then it runs `publish_posts` as often as asked
and tells how Airflow's own database grew. Minutes long, and so no part of `make bench`.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
import yaml
from rich.console import Console
from sqlalchemy import text

from benchmarks.__main__ import machine, table
from benchmarks.measurement import Measurement
from include.domain import Post
from include.local.airflow import FINISHED, command, until
from include.local.options import Options
from include.local.progress import Steps
from include.local.run import held, postgres_dir
from include.local.set_up import set_up
from include.local.stage import Stage
from include.orchestration.pools import PUBLISH, pools
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule
from include.settings import ROOT
from include.warehouse import embedded
from include.warehouse.engine import connect
from platforms import every_platform

ACCOUNTS = 30
PAID_ACCOUNTS = 2
POSTS_A_MINUTE = 10
BACKFILLS = 40  # and as many runs of each ingest_*, which have pools of their own
ROLL_UPS = 20
STRETCH = 30  # days of each
SLOW_S = 8.0  # until a network answers to a reading: a task is at it for most of a minute
WARM_UP = timedelta(seconds=75)  # the first run of a DAG after it was unpaused comes at the next full minute
RUNS_A_DAY = 24 * 60
OTHERS = pools().keys() - {PUBLISH}
IDLE_GOAL_S, LOADED_GOAL_S = 3.0, 8.0


def measure_all(folder: Path, minutes: int, runs: int, seed: int) -> list[Measurement]:
    options = Options.read(_arguments(folder))
    with held(options.run_dir, fresh=True) as family:
        stage = set_up(options, family, Steps())
        stage.airflow.unpause("publish_posts")
        idle = _delays(stage, minutes, random.Random(seed), "idle")
        grown = _growth(stage, runs)  # before others fill its database
        _begin_backfills(stage)
        beside: list[float] = []
        loaded = _delays(stage, minutes, random.Random(seed + 1), "loaded", beside)
    embedded.remove(postgres_dir(options.run_dir))
    return [
        Measurement(f"{len(idle)} single posts, how late, p95, idle", _p95(idle), "s", IDLE_GOAL_S),
        Measurement("the same, median", statistics.median(idle), "s"),
        Measurement(f"{len(loaded)} single posts, how late, p95, backfills running", _p95(loaded), "s", LOADED_GOAL_S),
        Measurement("the same, median", statistics.median(loaded), "s"),
        Measurement("slots other than those of publishing that were busy, on average", _busy(beside), "%", 80, True),
        *grown,
    ]


def _arguments(folder: Path) -> list[str]:
    """A desk of many accounts, half of them on each network, and a few that advertise."""
    names = [f"shop_{number:02}" for number in range(ACCOUNTS // 2)]
    about = {"timezone": "UTC", "language": "en"}
    brands = {
        name: {**about, "title": name, "channel": f"#{name}", "accounts": {"facebook": name, "x": name}}
        for name in names
    }
    for name in names[:PAID_ACCOUNTS]:
        brands[name]["accounts"] = {**brands[name]["accounts"], "meta_ads": name}
    desk = folder / "desk"
    desk.mkdir()
    (desk / "brands.yml").write_text(yaml.safe_dump(brands), encoding="utf-8")
    (desk / "calendar.csv").write_text("key,brand,when,accounts,text\n", encoding="utf-8")
    ports = ["--airflow-port", "8690", "--sandbox-port", "8890"]
    return ["demo", "--run-dir", str(folder / "run"), "--desk", str(desk), *ports]


def _delays(
    stage: Stage, minutes: int, draw: random.Random, name: str, beside: list[float] | None = None
) -> list[float]:
    """Plan posts at drawn seconds and wait for them; gives by how many seconds each was late. `beside` gets what share
    of the other slots was busy at each look while posts were due."""
    begin = datetime.now(UTC) + WARM_UP
    accounts = [a.key for brand in stage.brands for a in brand.accounts if every_platform()[a.platform].publishes]
    posts = []
    for number in range(minutes * POSTS_A_MINUTE):
        account, at = accounts[number % len(accounts)], begin + timedelta(seconds=draw.uniform(0, 60 * minutes))
        posts.append(Post(f"{name}-{number}:{account}", account, f"{name} {number}", publish_at=at))
    engine = connect(stage.warehouse_url)
    with engine.connect() as connection:
        earlier = set(connection.scalars(text("SELECT post_id FROM desk.post")))
    calendar = [PlannedPost(post, "shop", "benchmark", needs_approval=False) for post in posts]
    schedule(engine, calendar, now=datetime.now(UTC), by="benchmark", kept=earlier)
    ask = (
        "SELECT extract(epoch FROM live_at - publish_at)::float FROM desk.publication"
        " WHERE post_id LIKE :name AND state = 'live'"
    )
    found: list[float] = []

    def all_live() -> bool:
        found[:] = [late for (late,) in stage.ask(ask, name=f"{name}-%")]
        if beside is not None and datetime.now(UTC) > begin:
            others = [each for each in stage.airflow.call("GET", "pools", limit=100)["pools"] if each["name"] in OTHERS]
            beside.append(sum(each["running_slots"] for each in others) / sum(each["slots"] for each in others))
        return len(found) == len(posts)

    if not until(all_live, seconds=60 * (minutes + 5), every_s=2):
        raise RuntimeError(f"Only {len(found)} of {len(posts)} posts went out; see the logs in {stage.family.logs}.")
    return found


def _begin_backfills(stage: Stage) -> None:
    """More reading than there are slots, for as long as the posts take: each run another stretch, each answer slow.
    In the desk's own slots weeks are rolled up for as long."""
    edges = [
        ("facebook", "/insights"),
        ("facebook", "/published_posts"),
        ("x", "/2/users/:id/tweets"),
        ("meta_ads", ""),
    ]
    for platform, edge in edges:
        fault = {"kind": "delay", "seconds": SLOW_S, "platform": platform, "endpoint": edge, "method": "GET"}
        stage.session.post(f"{stage.sandbox_url}/_sandbox/faults", json=fault, timeout=10).raise_for_status()
    nightly = [f"ingest_{name}" for name, each in every_platform().items() if each.streams]
    for dag_id in ("backfill_metrics", "roll_up_kpis", *nightly):
        stage.airflow.unpause(dag_id)
    for number in range(ROLL_UPS):
        stage.airflow.trigger("roll_up_kpis", {"weeks": 520 - number})
    last = datetime.now(UTC).date() - timedelta(days=1)
    for _ in range(BACKFILLS):
        first = last - timedelta(days=STRETCH - 1)
        asked = {"first": str(first), "last": str(last), "accounts": "all", "streams": "all", "dry_run": False}
        stage.airflow.trigger("backfill_metrics", asked)
        for dag_id in nightly:
            stage.airflow.trigger(dag_id, {"accounts": "all", "first": str(first), "last": str(last)})
        last = first - timedelta(days=1)


def _busy(shares: list[float]) -> float:
    return 100 * statistics.mean(shares)


def _growth(stage: Stage, runs: int) -> list[Measurement]:
    """What `runs` runs of publish_posts leave in Airflow's database."""
    before = _size(stage)
    for _ in range(runs):
        stage.airflow.trigger("publish_posts")
    wanted = {"state": list(FINISHED), "limit": 1}

    def ended() -> bool:
        answer = stage.airflow.call("GET", "dags/publish_posts/dagRuns", **{**wanted, "run_type": ["manual"]})
        return bool(answer["total_entries"] >= runs)

    if not until(ended, seconds=60 + runs * 10, every_s=2):
        raise RuntimeError("The runs of publish_posts did not end.")
    rows, size = (after - earlier for earlier, after in zip(before, _size(stage), strict=True))
    return [
        Measurement("rows in Airflow's database for one run of publish_posts", rows / runs, "rows"),
        Measurement("bytes in Airflow's database for one run of publish_posts", size / runs, "bytes"),
        Measurement("a day of publish_posts (1,440 runs)", size / runs * RUNS_A_DAY / 2**20, "MiB"),
        Measurement("rows for one run after airflow db clean", (_cleaned(stage) - before[0]) / runs, "rows", 1),
    ]


def _cleaned(stage: Stage) -> int:
    """Rows that are left when `airflow db clean` has taken away all that has ended."""
    environment = psutil.Process(stage.family.started["scheduler"].pid).environ()
    words = ("db", "clean", "--clean-before-timestamp", datetime.now(UTC).isoformat(), "--skip-archive", "--yes")
    words += ("--tables", "dag_run,job,log,task_instance,task_instance_history,task_reschedule,xcom")
    done = stage.family.start("clean", command(*words), environment, cwd=ROOT)
    if done.wait(timeout=300) != 0:
        raise RuntimeError(f"airflow db clean failed; see {stage.family.log('clean')}.")
    return _size(stage)[0]


def _size(stage: Stage) -> tuple[int, int]:
    """Rows and bytes, indexes included, of every table of Airflow's database."""
    server = embedded.status(postgres_dir(stage.options.run_dir))
    assert server is not None
    with psycopg.connect(host=str(server.sockets), user="postgres", dbname="airflow", autocommit=True) as connection:
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = [connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() for name in names]
        (size,) = connection.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        ).fetchone() or (0,)
    return sum(count for (count,) in filter(None, rows)), int(size)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.punctuality")
    parser.add_argument("--minutes", type=int, default=5, help="how long posts fall due, in each of the two parts")
    parser.add_argument("--runs", type=int, default=60, help="runs of publish_posts for the growth of the database")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="desk-punctual-") as folder:
        measured = measure_all(Path(folder), asked.minutes, asked.runs, asked.seed)
    Console().print(table(measured, machine()))
    Console().print(f"{time.monotonic() - began:.0f} s in all")
    return 0 if all(each.holds for each in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
