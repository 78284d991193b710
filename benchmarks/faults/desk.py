"""A desk whose accounts lead to a sandbox in a process of its own, and what its people do while it is under fire."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import requests
import yaml
from sqlalchemy import Engine, text

from include.desk.brands import read_brands
from include.domain import Account
from include.local.world import World
from include.publishing import decisions
from include.publishing.decisions import NotYours
from include.settings import ROOT

POSTS_OF_AN_ACCOUNT = 4
SETTLED = "'live', 'partly_live', 'refused', 'cancelled'"
LONGEST_WAIT = "2 seconds"

# A part whose post, or whose part before, was refused never has its turn: it is settled with it.
UNSETTLED = f"""
    SELECT count(*) FROM desk.publication p WHERE p.state NOT IN ({SETTLED})
    AND NOT (p.state = 'held' AND p.sent_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM desk.publication b WHERE b.post_id = p.post_id AND b.part < p.part
                    AND (b.state IN ('refused', 'cancelled') OR (b.state = 'held' AND b.sent_at IS NOT NULL)))
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where things are: `folder` has the desk's files and media, `url` is the sandbox's."""

    folder: Path
    engine: Engine
    url: str
    accounts: tuple[Account, ...]

    def sandbox(self, path: str, method: str = "GET", **body: Any) -> Any:
        """The sandbox's own controls."""
        return requests.request(method, f"{self.url}/_sandbox/{path}", json=body or None, timeout=60).json()

    def unsettled(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.scalar(text(UNSETTLED)) or 0)

    def time_flies(self) -> None:
        """Whatever a post was told to wait, it waits two seconds."""
        soon = f"now() + interval '{LONGEST_WAIT}'"
        with suppress(Exception), self.engine.begin() as connection:  # this connection may be cut like any other
            connection.execute(text(f"UPDATE desk.publication SET not_before = {soon} WHERE not_before > {soon}"))

    def operator_sends_what_is_held(self) -> None:
        """Somebody renews the token of what was held without being out, and says: send it."""
        held = text("SELECT DISTINCT post_id FROM desk.publication WHERE state = 'held' AND sent_at IS NULL")
        with suppress(Exception), self.engine.connect() as connection:
            for post_id in connection.scalars(held).all():
                with suppress(NotYours):
                    decisions.send_anyway(self.engine, post_id, by="operator", now=datetime.now(UTC))


@contextmanager
def opened(folder: Path, engine: Engine, platforms: list[str], publications: int, seed: int) -> Iterator[Desk]:
    """Write the desk's files, start the sandbox, and point this process and its children at both."""
    brands = max(publications // (POSTS_OF_AN_ACCOUNT * len(platforms)), 1)
    names = [f"shop_{number:02}" for number in range(brands)]
    declared = {name: _brand(name, platforms) for name in names}
    (folder / "brands.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    world = World.of(read_brands(folder / "brands.yml"), ops_channel="#ops")
    accounts = tuple(account for brand in world.brands for account in brand.accounts)
    more = {"page_calls": 10**9, "media_dir": str(folder)}
    (folder / "world.json").write_text(json.dumps({**json.loads(world.as_json()), **more}))
    with _sandbox(folder, seed) as url:
        settings = {
            "DESK_DIR": str(folder),
            "DESK_WAREHOUSE_URL": engine.url.render_as_string(hide_password=False),
            "DESK_MEDIA_BASE": f"{url}/media",
            "DESK_MEDIA_LOOPBACK": "true",
            "AIRFLOW_HOME": str(folder / "airflow"),
        }
        connections = {name: _with_login(name, given) for name, given in world.connections(url).items()}
        with mock.patch.dict(os.environ, {**settings, **connections}):
            yield Desk(folder, engine, url, accounts)


def _brand(name: str, platforms: list[str]) -> dict[str, Any]:
    accounts = dict.fromkeys(platforms, name)
    return {"title": name, "timezone": "UTC", "language": "en", "channel": f"#{name}", "accounts": accounts}


def _with_login(name: str, connection: str) -> str:
    """Some networks want to be told who logs in; the sandbox knows every account by its key."""
    return json.dumps({**json.loads(connection), "login": name.removeprefix("AIRFLOW_CONN_").lower()})


@contextmanager
def _sandbox(folder: Path, seed: int) -> Iterator[str]:
    words = ["--port", "0", "--world", str(folder / "world.json"), "--seed", str(seed)]
    with subprocess.Popen(
        [sys.executable, "-m", "include.sandbox", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
        finally:
            process.terminate()
