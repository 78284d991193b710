"""A desk that is up on this machine, and the questions that the demo asks it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from include.domain import Brand
from include.kpis.week import last_full_week
from include.local.airflow import Airflow, direct
from include.local.options import Options
from include.local.processes import Family
from include.warehouse.engine import connect

OPS_CHANNEL = "#desk-ops"
ON_THEIR_WAY = ("approved", "due", "claimed", "media_ready", "sending", "unknown")


class StageError(RuntimeError):
    """Something did not come up or did not work; the sentence says what, why, and where the log is."""


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
    session: requests.Session = field(default_factory=direct)

    def sandbox(self, path: str) -> Any:
        """What the sandbox says of itself under `/_sandbox/`."""
        return self.session.get(f"{self.sandbox_url}/_sandbox/{path}", timeout=10).json()

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
        ((rows, requests),) = self.ask("SELECT sum(rows)::int, sum(requests)::int FROM desk.ingest_window")
        return rows or 0, requests or 0

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
