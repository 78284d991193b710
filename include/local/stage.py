"""A desk that is up on this machine, and the questions that the demo asks it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from include.domain import Brand
from include.editorial.approval import ASKED_AHEAD
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

    def spikes(self) -> list[str]:
        """The headlines of the spikes of comments that people were told of."""
        told = "SELECT headline FROM desk.alert_episode WHERE alert_key LIKE 'spike:%' ORDER BY opened_at"
        return [headline for (headline,) in self.ask(told)]

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

    def awaiting(self, brands: Iterable[str] = ()) -> int:
        """How many texts wait for an approval that is asked for by now: of these brands, or of all."""
        wanted = [*brands] or [brand.key for brand in self.brands]
        statement = (
            "SELECT count(DISTINCT p.post_id) FROM desk.publication u JOIN desk.post p USING (post_id)"
            " WHERE u.state = 'planned' AND p.brand = ANY(:brands) AND u.publish_at < :near"
        )
        ((count,),) = self.ask(statement, brands=wanted, near=datetime.now(UTC) + ASKED_AHEAD)
        return int(count)

    def publications(self, *, due_before: datetime) -> tuple[int, int]:
        """How many posts due until then are live, and how many are on their way."""
        counted = dict(
            self.ask(
                "SELECT state, count(*) FROM desk.publication WHERE publish_at <= :until AND part = 0 GROUP BY state",
                until=due_before,
            )
        )
        waiting = sum(counted.get(state, 0) for state in ON_THEIR_WAY)
        return counted.get("live", 0), waiting

    def questions_in_slack(self, kind: str) -> list[tuple[str, str, str]]:
        """The messages that ask something of this kind: key, channel and ts."""
        statement = "SELECT message_key, channel, ts FROM desk.message WHERE message_key LIKE :like AND ts IS NOT NULL"
        return [(key, channel, ts) for key, channel, ts in self.ask(statement, like=f"{kind}:%")]

    def brand_of(self, message_key: str) -> str:
        """Whose post a question is about: the account's key stands in its name."""
        keys = {account.key: brand.key for brand in self.brands for account in brand.accounts}
        return next(brand for account, brand in keys.items() if f":{account}" in message_key)

    def react(self, channel: str, ts: str, name: str, person: str) -> None:
        """Let one of the people react to a message."""
        self._person("reactions", channel=channel, ts=ts, name=name, user=person)

    def reply(self, channel: str, ts: str, words: str, person: str) -> None:
        """Let one of the people write in a message's thread."""
        self._person("messages", channel=channel, thread_ts=ts, text=words, user=person)

    def _person(self, what: str, **said: str) -> None:
        answer = self.session.post(f"{self.sandbox_url}/_sandbox/slack/{what}", json=said, timeout=10)
        if not answer.ok:
            raise StageError(f"Nobody could answer in Slack: {answer.text}")
