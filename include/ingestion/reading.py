"""From the answers to one reading of one window to the rows that may be loaded, and the words for those that may not.

Pure. A platform may give one day's figures in several answers: their rows are put together, a given value before a
withheld one. Facts that come by the hundred thousand are not kept here: they pass through, answer by answer.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from include.domain.records import (
    AccountDay,
    AdDay,
    AdEntity,
    AdHour,
    PostSnapshot,
    RawResponse,
    Record,
    RemotePost,
    WebDay,
)
from include.ingestion.checking import Checks, Refusal, dated, day_of
from include.warehouse.storable import storable

MANY = (AdDay, AdHour, WebDay)

_UNSTORABLE = re.compile(rb"\\u0000|\\u[dD][89abAB]|\\u[dD][c-fC-F]")
"""In an answer's JSON: NUL, and halves of surrogate pairs; whole pairs too, which costs nothing but time."""

Rows = dict[type[Any], list[tuple[Any, ...]]]


class Reads(Protocol):
    """The pure half of a MetricSource."""

    def read(self, response: RawResponse) -> Iterable[Record]: ...


@dataclass(slots=True)
class Reading:
    """The rows of a reading that are few, by fact, each under its key so that none comes twice; and the count of all.

    `refused` counts what may not be loaded and keeps the first reasons.
    """

    checks: Checks
    account_days: dict[tuple[date, str], AccountDay] = field(default_factory=dict)
    posts: dict[str, RemotePost] = field(default_factory=dict)
    snapshots: dict[tuple[str, date], PostSnapshot] = field(default_factory=dict)
    ad_entities: dict[str, AdEntity] = field(default_factory=dict)
    refused: int = 0
    reasons: list[str] = field(default_factory=list)
    _many: Counter[date] = field(default_factory=Counter)

    def take(
        self, source: Reads, response: RawResponse, wanted: Callable[[Record], bool] | None = None
    ) -> tuple[Rows, list[Refusal]]:
        """Read one answer, of which only what is `wanted` counts: gives the rows of the facts that are many, and what
        may not be loaded."""
        many: Rows = {kind: [] for kind in MANY}
        refused = []
        wrong_of, days = self.checks.wrong, self._many
        found = source.read(response)
        if _UNSTORABLE.search(response.body):
            found = map(_cleaned, found)
        for record in filter(wanted, found) if wanted else found:
            if wrong := wrong_of(record):
                refused.append(Refusal(type(record).__name__, dated(record), wrong, record))
            elif (rows := many.get(type(record))) is not None:
                rows.append(record)
                days[record[1]] += 1  # type: ignore[index]
            else:
                self._put(record)
        self.refuse(refused)
        return {kind: rows for kind, rows in many.items() if rows}, refused

    def refuse(self, refused: Sequence[Refusal]) -> None:
        """Count rows that are not loaded."""
        self.refused += len(refused)
        self.reasons += [each.reason for each in refused[: 3 - len(self.reasons)]] if len(self.reasons) < 3 else []

    @property
    def rows_by_day(self) -> Counter[date]:
        """How many rows each day of the window gave; a post and its counters belong to the day it was published."""
        counted = Counter(self._many)
        counted.update(row.metric_date for row in self.account_days.values())
        counted.update(day_of(post) for post in self.posts.values())
        counted.update(day_of(self.posts[post]) for post, _ in self.snapshots if post in self.posts)
        return counted

    @property
    def reason(self) -> str | None:
        """What was refused, in words short enough for a row of the ledger; None where nothing was."""
        if not self.refused:
            return None
        more = f" and {self.refused - 3} more" if self.refused > 3 else ""
        return f"{self.refused} rows refused: {'; '.join(self.reasons)}{more}."

    def _put(self, record: Record) -> None:
        if isinstance(record, RemotePost):
            self.posts[record.remote_id] = record
        elif isinstance(record, AccountDay):
            day = (record.metric_date, record.period)
            self.account_days[day] = AccountDay(*_together(self.account_days.get(day), record))
        elif isinstance(record, AdEntity):
            self.ad_entities[record.entity_id] = record
        elif isinstance(record, PostSnapshot):
            post = (record.remote_id, record.observed_on)
            self.snapshots[post] = PostSnapshot(*_together(self.snapshots.get(post), record))


def _cleaned(record: Record) -> Record:
    return type(record)._make(map(storable, record))


def _together(before: tuple[Any, ...] | None, record: tuple[Any, ...]) -> tuple[Any, ...]:
    """Two rows of one key as one: the later value where it is given. `extra`, the last field, is joined."""
    if before is None:
        return record
    values = [new if new is not None else old for old, new in zip(before, record, strict=True)]
    if before[-1] and record[-1]:
        values[-1] = {**before[-1], **record[-1]}
    return tuple(values)
