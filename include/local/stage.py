"""Everything that must stand before the first DAG runs: database, sandbox, Airflow."""

import json
import secrets
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from include.desk.brands import read_brands
from include.desk.dating import date_calendar
from include.domain import Brand
from include.kpis.week import last_full_week
from include.local import airflow as airflow_process
from include.local import databases
from include.local.airflow import Airflow, until
from include.local.options import Options, here
from include.local.ports import free_port
from include.local.processes import Family
from include.local.progress import Step, Steps
from include.local.run import postgres_dir
from include.local.world import SLACK_CONNECTION, World
from include.orchestration.pools import pools
from include.settings import ROOT
from include.warehouse import embedded
from include.warehouse.engine import connect
from include.warehouse.migrate import migrate
from platforms import every_platform

OPS_CHANNEL = "#desk-ops"
OPERATOR = "operator"
ON_THEIR_WAY = ("approved", "due", "claimed", "media_ready", "sending", "unknown")


class StageError(RuntimeError):
    """Something did not come up; the sentence says what, why, and where the log is."""


@dataclass(slots=True)
class Stage:
    """A desk that is up. `desk_dir` is the copy of the desk's files that this run reads."""

    options: Options
    family: Family
    brands: list[Brand]
    desk_dir: Path
    sandbox_url: str
    warehouse_url: str
    airflow: Airflow

    def sandbox(self, path: str) -> Any:
        """What the sandbox says of itself under `/_sandbox/`."""
        return requests.get(f"{self.sandbox_url}/_sandbox/{path}", timeout=10).json()

    def ask(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Rows of the warehouse."""
        with connect(self.warehouse_url).connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def told_week(self) -> date:
        """The Monday of the last full week, where it ended last."""
        now = datetime.now(UTC)
        return min(last_full_week(now, brand.timezone) for brand in self.brands)

    def readings(self) -> tuple[int, int]:
        """Rows read from the platforms so far, and the requests that it took."""
        return self.ask("SELECT coalesce(sum(rows), 0)::int, coalesce(sum(requests), 0)::int FROM desk.ingest_window")[
            0
        ]

    def awaiting(self) -> int:
        """How many posts wait for an approval."""
        ((count,),) = self.ask("SELECT count(*) FROM desk.publication WHERE state = 'planned'")
        return int(count)

    def publications(self, *, due_before: datetime) -> tuple[int, int]:
        """How many posts due until then are live, and how many are on their way."""
        counted = dict(
            self.ask(
                "SELECT state, count(*) FROM desk.publication WHERE publish_at <= :until GROUP BY state",
                until=due_before,
            )
        )
        waiting = sum(counted.get(state, 0) for state in ON_THEIR_WAY)
        return counted.get("live", 0), waiting


def set_up(options: Options, family: Family, steps: Steps) -> Stage:
    """Bring all of it up, a step at a time."""
    with steps.step("The desk's files") as step:
        brands = read_brands(options.desk / "brands.yml", platforms=set(every_platform()))
        desk_dir = family.run_dir / "desk"
        step.count(f"{len(brands)} brands, {sum(len(b.accounts) for b in brands)} accounts")
    world = World.of(brands, ops_channel=OPS_CHANNEL)
    sandbox_port = free_port(options.sandbox_port)
    airflow_port = free_port(options.airflow_port, taken={sandbox_port})
    with steps.step("PostgreSQL") as step:
        server = embedded.start(postgres_dir(family.run_dir))
        if options.command == "demo":
            databases.begin_anew(server)
        warehouse_url = server.create_database("desk")
        migrate(connect(warehouse_url))
        step.count("the warehouse's tables are up to date")
    with steps.step("Sandbox") as step:
        sandbox_url = _start_sandbox(options, family, world, sandbox_port)
        step.count(f"{sandbox_url}/view/slack, seed {options.seed}")
    environment = _environment(options, family, world, sandbox_url, airflow_port, server)
    with steps.step("Airflow") as step:
        step.count("making its database")
        databases.airflow_database(server, lambda: _migrate_airflow(family, environment))
        airflow = _start_airflow(family, environment, airflow_port, step)
    if not desk_dir.exists():
        date_calendar(options.desk, desk_dir, datetime.now(UTC), brands)
    return Stage(options, family, brands, desk_dir, sandbox_url, warehouse_url, airflow)


def _start_sandbox(options: Options, family: Family, world: World, port: int) -> str:
    described = family.run_dir / "world.json"
    described.touch(mode=0o600)
    described.write_text(world.as_json(), encoding="utf-8")
    journal = family.run_dir / "sandbox.jsonl"
    command = [sys.executable, "-m", "include.sandbox", "--port", str(port), "--world", str(described)]
    process = family.start(
        "sandbox", [*command, "--seed", str(options.seed), "--journal", str(journal)], here(), cwd=ROOT
    )
    url = f"http://127.0.0.1:{port}"
    if not until(lambda: process.poll() is not None or _answers(f"{url}/_sandbox/health"), seconds=30, every_s=0.1):
        raise StageError(f"The sandbox did not answer within 30 s; see {family.log('sandbox')}.")
    if process.poll() is not None:
        raise StageError(f"The sandbox ended at its start: {_last_line(family.log('sandbox'))}")
    return url


def _environment(
    options: Options, family: Family, world: World, sandbox_url: str, airflow_port: int, server: embedded.Server
) -> dict[str, str]:
    home = family.run_dir / "airflow"
    users = {OPERATOR: "admin", **{person: "op" for brand in world.brands for person in brand.approvers}}
    settings = airflow_process.environment(
        home, port=airflow_port, database_url=server.url_of("airflow", driver="psycopg2"), users=users
    )
    _passwords(home / "passwords.json", list(users))
    ours = {
        "DESK_WAREHOUSE_URL": server.url,
        "DESK_DIR": str(family.run_dir / "desk"),
        "DESK_SLACK_CONNECTION": SLACK_CONNECTION,
        "DESK_OPS_CHANNEL": OPS_CHANNEL,
        "DESK_AIRFLOW_URL": f"http://127.0.0.1:{airflow_port}",
    }
    # The caller's own connections come last: a real token, or none (an empty one), in the place of the sandbox's.
    return {**world.connections(sandbox_url), **here(), **settings, **ours}


def _passwords(file: Path, users: list[str]) -> None:
    """Airflow's SimpleAuthManager reads its passwords from here; they are drawn once per run directory."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({user: secrets.token_urlsafe(9) for user in users}))


def _start_airflow(family: Family, environment: dict[str, str], port: int, step: Step) -> Airflow:
    step.count("starting scheduler, api-server, dag-processor, triggerer")
    airflow_process.start(family, environment)
    passwords = json.loads((family.run_dir / "airflow" / "passwords.json").read_text())
    airflow = Airflow(f"http://127.0.0.1:{port}", OPERATOR, passwords.__getitem__)
    began = time.monotonic()

    def is_up() -> bool:
        _nobody_fell(family)
        return airflow.is_healthy()

    if not until(is_up, seconds=120):
        raise StageError(f"Airflow was not healthy after 120 s; see the logs in {family.logs}.")
    airflow.log_in()
    step.count(f"healthy after {time.monotonic() - began:.0f} s; reading the DAGs")
    _wait_for_dags(airflow)
    airflow.make_pools(pools())
    step.count(f"{airflow.url}, {len(airflow.dag_ids())} DAGs")
    return airflow


def _wait_for_dags(airflow: Airflow) -> None:
    files = {path.name for path in (ROOT / "dags").glob("*.py")}

    def are_read() -> bool:
        if errors := airflow.import_errors():
            raise StageError("A DAG file cannot be read: " + "; ".join(errors))
        return files <= airflow.dag_files()

    if not until(are_read, seconds=90):
        missing = ", ".join(sorted(files - airflow.dag_files()))
        raise StageError(f"Airflow did not read {missing} within 90 s; see the dag-processor's log.")


def _migrate_airflow(family: Family, environment: dict[str, str]) -> None:
    done = family.start("airflow-migrate", airflow_process.command("db", "migrate"), environment, cwd=ROOT)
    if done.wait(timeout=180) != 0:
        raise StageError(f"Airflow could not make its database; see {family.log('airflow-migrate')}.")
    family.started.pop("airflow-migrate")


def _nobody_fell(family: Family) -> None:
    for name in family.fallen():
        raise StageError(f"{name} ended at its start: {_last_line(family.log(name))} (log: {family.log(name)})")


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
