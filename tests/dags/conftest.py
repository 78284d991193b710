"""The DAGs as Airflow reads them, and a desk to run them on: two small shops, a sandbox, the session's warehouse."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.desk.brands import read_brands
from include.desk.local_time import local_text
from include.domain import Account, Brand
from include.local.world import World
from include.sandbox.running import RunningSandbox, running
from include.sandbox.slack.chat import person_says
from include.sandbox.slack.reactions import react, take_back
from include.settings import ROOT

PARSE = """
import json, sys, time
import airflow.sdk
before, began = set(sys.modules), time.process_time()
import importlib.util
from pathlib import Path
for file in sorted(Path("dags").glob("*.py")):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
print(json.dumps({"added": sorted(set(sys.modules) - before), "seconds": time.process_time() - began}))
"""

BRANDS = """
ginger:
  title: Ginger & Sons
  timezone: Europe/Dublin
  language: en
  channel: "#ginger"
  accounts:
    facebook: ginger
    x: ginger
fern:
  title: Fern Books
  timezone: Asia/Tokyo
  language: ja
  channel: "#fern"
  accounts:
    facebook: fern
  needs_approval: true
  approvers: [aoi]
"""
OPS = "#on-call"
MEMBERS = {"aoi": "U0AOI00001", "ren": "U0REN00001", "guest": "U0GUEST001"}
GONE = "page_total_actions"  # a metric that the sandbox's Facebook serves no more


@pytest.fixture(scope="session")
def dags_parsed_in_a_fresh_process() -> dict[str, Any]:
    """What parsing every DAG file adds to a process that has imported airflow.sdk."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}
    done = subprocess.run(
        [sys.executable, "-c", PARSE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


@pytest.fixture(scope="session")
def dagbag() -> Any:
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - takes seconds; only these tests need it

    return DagBag(str(ROOT / "dags"))


@pytest.fixture(scope="session")
def files(dagbag: Any) -> Iterator[dict[str, str]]:
    """The file of each DAG by its id, all of them known to an Airflow database of our own."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager  # noqa: PLC0415
    from airflow.dag_processing.dagbag import sync_bag_to_db  # noqa: PLC0415
    from airflow.utils.db import initdb  # noqa: PLC0415

    initdb()
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(dagbag, "dags-folder", None)
    with pytest.MonkeyPatch.context() as patch:
        # Each dag.test() would read the whole folder into the database again, which takes as long as all the rest.
        patch.setattr(DagBundlesManager, "get_all_dag_bundles", lambda self: [])
        yield {dag_id: dag.fileloc for dag_id, dag in dagbag.dags.items()}


@dataclass(frozen=True)
class Run:
    """A run that has ended. `tasks` gives each task's state by its id, for mapped ones the last one's."""

    run_id: str
    state: str
    tasks: dict[str, str]
    results: dict[str, Any]


@dataclass
class Desk:
    """A desk whose every door leads to the sandbox. Its calendar is empty at first."""

    files: dict[str, str]
    engine: Engine
    directory: Path
    world: World
    box: RunningSandbox
    monkeypatch: pytest.MonkeyPatch
    rows: list[dict[str, str]] = field(default_factory=list)

    def run(self, dag_id: str, *, marked: str | None = None, **conf: object) -> Run:
        """Run a DAG as Airflow would, in this process; tasks that `marked` matches are passed over as done."""
        done = self.read(dag_id).test(run_conf=conf or None, mark_success_pattern=marked)
        instances = sorted(done.get_task_instances(), key=lambda each: each.map_index)
        results: dict[str, Any] = {}
        for each in instances:
            value = each.xcom_pull(task_ids=each.task_id, map_indexes=each.map_index)
            if each.map_index < 0:
                results[each.task_id] = value
            else:
                results.setdefault(each.task_id, []).append(value)
        return Run(done.run_id, str(done.state), {each.task_id: str(each.state) for each in instances}, results)

    def read(self, dag_id: str) -> Any:
        """The DAG, read anew, for a run leaves its parameters in it. Nothing is tried twice: that takes a minute."""
        from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415

        dag = DagBag(self.files[dag_id]).dags[dag_id]
        for task in dag.tasks:
            task.retries = 0
        return dag

    def plan(self, key: str, words: str, *, brand: str = "ginger", accounts: str = "all", **columns: str) -> None:
        """Write a row into the calendar: an hour from now, each row a minute later than the one before."""
        zone = {brand.key: brand.timezone for brand in self.world.brands}.get(brand, "UTC")
        when = datetime.now(UTC) + timedelta(hours=1, minutes=len(self.rows))
        row = {"key": key, "brand": brand, "when": local_text(when, zone), "accounts": accounts, "text": words}
        self.rows.append({**row, **columns})
        self.write_calendar()

    def write_calendar(self) -> None:
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        with (self.directory / "calendar.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self.rows)

    def an_hour_passes(self) -> None:
        """Everything that was planned is due, a few minutes ago."""
        earlier = "publish_at = publish_at - interval '65 minutes'"
        self.change(f"UPDATE desk.post SET {earlier}", f"UPDATE desk.publication SET {earlier}")

    def change(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def states(self) -> dict[str, str]:
        """Where each post stands, by its id."""
        return dict(self.ask("SELECT post_id, state FROM desk.publication ORDER BY publish_at, post_id"))

    def live(self) -> list[tuple[str, str]]:
        """What anybody can see on the networks now: (account, text), in the order of their appearance."""
        posts = self.box.sandbox.posts
        return [(f"{each.platform}_{each.account}", each.text) for each in posts if each.live]

    def said(self, channel: str) -> list[str]:
        """What stands in a channel, as a person reads it: the words of each message, the oldest first."""
        slack = self.box.sandbox.slack
        found = slack.history(slack.channel_id(channel) or "")
        return ["\n".join(_words(message.body)) for message in found]

    def messages(self, channel: str, words: str) -> list[Any]:
        """The messages of a channel that say `words`, the oldest first."""
        slack = self.box.sandbox.slack
        found = slack.history(slack.channel_id(channel) or "")
        return [message for message in found if words in "\n".join(_words(message.body))]

    def thread(self, channel: str, words: str) -> list[str]:
        """What stands in the thread of the message that says `words`."""
        (message,) = self.messages(channel, words)
        replies = self.box.sandbox.slack.replies(message.channel, message.ts)
        return ["\n".join(_words(reply.body)) for reply in replies]

    def reacts(self, person: str, sign: str, channel: str, words: str) -> None:
        """Let somebody put a reaction under the one message that says `words`."""
        (message,) = self.messages(channel, words)
        react(self.box.sandbox, message.channel, message, sign, MEMBERS[person])

    def takes_back(self, person: str, sign: str, channel: str, words: str) -> None:
        (message,) = self.messages(channel, words)
        take_back(self.box.sandbox, message.channel, message, sign, MEMBERS[person])

    def replies(self, person: str, said: str, channel: str, words: str) -> None:
        """Let somebody write in the thread of the one message that says `words`."""
        (message,) = self.messages(channel, words)
        person_says(self.box.sandbox, message.channel, MEMBERS[person], said, message.ts)

    def asked_of_slack(self) -> int:
        """How many requests Slack has had so far."""
        rows = self.box.sandbox.counters.summary()["requests"]
        return sum(int(row["count"]) for row in rows if row["platform"] == "slack")

    def requests(self) -> int:
        """How many requests the networks and Slack have had so far."""
        return int(self.box.sandbox.counters.summary()["total"])

    def fails(self, **fault: object) -> None:
        """Let the sandbox get the next fitting request wrong, once."""
        self.box.sandbox.faults.arm({"times": 1, **fault})

    def disconnect(self, connection: str) -> None:
        self.monkeypatch.delenv(f"AIRFLOW_CONN_{connection.upper()}")

    def slack_is_away(self) -> None:
        away = {"conn_type": "slack", "host": "http://127.0.0.1:1/api/", "password": "xoxb-away"}
        self.monkeypatch.setenv("AIRFLOW_CONN_SLACK_DESK", json.dumps(away))

    @cached_property
    def today(self) -> Any:
        return datetime.now(UTC).date()


def _words(body: Any) -> Iterator[str]:
    """Every text of a message, in its order: those of its blocks, or the plain one where it has none."""
    if blocks := body.get("blocks"):
        for block in blocks:
            yield from _texts(block)
    else:
        yield body["text"]


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if isinstance(text := node.get("text") or node.get("alt_text"), str):
            yield text
        else:
            yield from _texts(text)
        yield from _texts(node.get("elements"))


@pytest.fixture
def dead() -> tuple[str, ...]:
    """Accounts whose token the networks refuse; a test says which by parametrising this."""
    return ()


@pytest.fixture
def brands_yml() -> str:
    """The desk's brands; a module with others overrides this."""
    return BRANDS


@pytest.fixture
def account_settings() -> dict[str, Any]:
    """What the sandbox is told of single accounts, by key, such as an ad account's campaigns."""
    return {}


@pytest.fixture
def desk(
    files: dict[str, str],
    engine: Engine,
    warehouse: str,
    dead: tuple[str, ...],
    brands_yml: str,
    account_settings: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    directory = tmp_path / "desk"
    directory.mkdir()
    (directory / "brands.yml").write_text(brands_yml, encoding="utf-8")
    world = World.of(read_brands(directory / "brands.yml"), ops_channel=OPS)
    declared = {**json.loads(world.as_json(directory)), "retired_metrics": [GONE]}
    declared["slack"]["users"] = [{"id": member, "name": name} for name, member in MEMBERS.items()]
    for account in declared["accounts"]:
        if f"{account['platform']}_{account['name']}" in dead:
            account["token_state"] = "dead"
        account["settings"] = account_settings.get(f"{account['platform']}_{account['name']}", {})
    with running(declared) as box:
        settings = {"WAREHOUSE_URL": warehouse, "DIR": str(directory), "OPS_CHANNEL": OPS}
        for name, value in {
            **{f"DESK_{name}": value for name, value in settings.items()},
            **world.connections(box.url),
        }.items():
            monkeypatch.setenv(name, value)
        yield Desk(files, engine, directory, world, box, monkeypatch)


@pytest.fixture
def answers_in_slack(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fern Books' approvers aoi and ren have named their Slack ids; it has an account that no plugin reaches."""
    from include.orchestration import doors  # noqa: PLC0415 - imports Airflow

    read = doors.brands

    def brands() -> list[Brand]:
        ids = {name: MEMBERS[name] for name in ("aoi", "ren")}
        by_hand = Account("tiktok", "fern", "fern", manual=True)
        return [
            replace(each, slack_ids=ids, approvers=("aoi", "ren"), accounts=(*each.accounts, by_hand))
            if each.key == "fern"
            else each
            for each in read()
        ]

    monkeypatch.setattr(doors, "brands", brands)
