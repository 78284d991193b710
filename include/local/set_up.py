"""Everything that must stand before the first DAG runs: the desk's files, database, sandbox, Airflow."""

import json
import secrets
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from include.desk.brands import read_brands
from include.desk.dating import date_calendar
from include.local import airflow as airflow_process
from include.local import databases
from include.local.airflow import Airflow, direct, until
from include.local.options import Options, here, real_connections
from include.local.ports import free_port
from include.local.processes import Family
from include.local.progress import Step, Steps
from include.local.run import postgres_dir
from include.local.stage import OPS_CHANNEL, Stage, StageError
from include.local.world import SLACK_CONNECTION, World
from include.orchestration.pools import pools
from include.settings import ROOT
from include.warehouse import embedded
from include.warehouse.engine import connect
from include.warehouse.migrate import migrate
from platforms import every_platform

OPERATOR = "operator"
TIME_TO_ANSWER = timedelta(minutes=10)
"""By how much later than the demo the example's plan begins where people answer: to see what waits, and say yes."""


def set_up(options: Options, family: Family, steps: Steps) -> Stage:
    """Bring all of it up, a step at a time. Raises StageError, DeskProblems or OSError, each a sentence."""
    _refuse_real_accounts(options)
    with steps.step("The desk's files") as step:
        desk_dir = own_copy(options, family)
        brands = read_brands(desk_dir / "brands.yml", platforms=set(every_platform()))
        step.count(f"{len(brands)} brands, {sum(len(b.accounts) for b in brands)} accounts")
    world = World.of(brands, ops_channel=OPS_CHANNEL)
    sandbox_port = free_port(options.sandbox_port)
    airflow_port = free_port(options.airflow_port, taken={sandbox_port})
    with steps.step("PostgreSQL") as step:
        server = _start_postgres(options, family)
        step.count("the warehouse's tables are up to date")
    with steps.step("Sandbox") as step:
        sandbox_url = _start_sandbox(options, family, world, sandbox_port)
        moved = "" if sandbox_port == options.sandbox_port else f", for {options.sandbox_port} is taken"
        step.count(f"{sandbox_url}/view/slack, seed {options.seed}{moved}")
    environment = _environment(options, family, world, sandbox_url, airflow_port, server)
    with steps.step("Airflow") as step:
        step.count("making its database")
        databases.airflow_database(server, lambda: _migrate_airflow(family, environment))
        airflow = _start_airflow(family, environment, airflow_port, step)
        if airflow_port != options.airflow_port:
            step.count(f"{step.says}, for port {options.airflow_port} is taken")
    if options.command == "demo":  # its calendar counts from now, when everything stands
        date_calendar(options.desk, desk_dir, datetime.now(UTC), brands)
    return Stage(options, family, brands, desk_dir, sandbox_url, server.url, airflow)


def _refuse_real_accounts(options: Options) -> None:
    if options.command == "demo" and (found := real_connections(here())):
        raise StageError(
            f"The demo approves and publishes by itself, so it takes no real account: unset {', '.join(found)} "
            "(in the environment or in .env), or use make up."
        )


def own_copy(options: Options, family: Family) -> Path:
    """The run's own copy of the desk, with dates; a copy that people have edited stays, unless DESK is another now."""
    copy, origin = family.run_dir / "desk", family.run_dir / "desk.from"
    if copy.exists() and origin.exists() and origin.read_text() != str(options.desk):
        copy.rename(family.run_dir / f"desk.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    if not copy.exists():
        brands = read_brands(options.desk / "brands.yml", platforms=set(every_platform()))
        date_calendar(options.desk, copy, datetime.now(UTC) + TIME_TO_ANSWER, brands)
        origin.write_text(str(options.desk))
    return copy


def _start_postgres(options: Options, family: Family) -> embedded.Server:
    server = embedded.start(postgres_dir(family.run_dir))
    if options.command == "demo":
        databases.begin_anew(server)
    migrate(connect(server.create_database("desk")))
    return server


def _start_sandbox(options: Options, family: Family, world: World, port: int) -> str:
    described = family.run_dir / "world.json"
    described.touch(mode=0o600)
    described.write_text(world.as_json(family.run_dir / "desk"), encoding="utf-8")
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
        "DESK_MEDIA_BASE": f"{sandbox_url}/media",
        "DESK_MEDIA_LOOPBACK": "true",
    }
    if options.command == "demo":  # which has no account but the sandbox's
        ours["DESK_AD_CHANGES"] = "apply"
    # The caller's own connections come last: a real token, or none (an empty one), in the place of the sandbox's.
    return {**world.connections(sandbox_url), **here(), **settings, **ours}


def _passwords(file: Path, users: list[str]) -> None:
    """Airflow's SimpleAuthManager reads its passwords from here; they are drawn once per run directory and person."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    known = json.loads(file.read_text() or "{}")
    file.write_text(json.dumps({user: known.get(user) or secrets.token_urlsafe(9) for user in users}))


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
    log = family.log("airflow-migrate")
    try:
        if done.wait(timeout=180) != 0:
            raise StageError(f"Airflow could not make its database: {_last_line(log)} (log: {log})")
    except subprocess.TimeoutExpired:
        raise StageError(f"Airflow did not make its database within 180 s; see {log}.") from None
    family.started.pop("airflow-migrate")


def _nobody_fell(family: Family) -> None:
    for name in family.fallen():
        raise StageError(f"{name} ended at its start: {_last_line(family.log(name))} (log: {family.log(name)})")


def _answers(url: str) -> bool:
    try:
        return direct().get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
