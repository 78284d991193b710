"""Answers on their way into the facts: taken in one by one, loaded together or not at all.

What has come waits in temporary tables of a connection of its own, so that memory stays flat however large a window is,
while no transaction is open as the platform is asked. If the process dies, the connection dies and they with it.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, text
from sqlalchemy.exc import DBAPIError

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
from include.domain.windows import Window
from include.ingestion.checking import Checks, Refusal
from include.ingestion.reading import Reading, Reads
from include.warehouse import tables
from include.warehouse.loading import Batch, Loaded, load
from include.warehouse.storable import storable

GONE = "GONE"
"""The `effective_status` of a campaign that its ad account no longer lists: archived or deleted, and not running."""
FAST = 1  # of zlib: five times as fast as its own choice, and a tenth larger

_TABLES: dict[type[Any], Table] = {AdDay: tables.ad_day, AdHour: tables.ad_hour, WebDay: tables.web_day}
_WHOLE = {AdDay: "level", AdHour: "", WebDay: "breakdown"}
"""What else a reading may tell of alone: one level of ads, one breakdown of visits."""
_TAKEN = ("account", "stream", "digest", "fact", "metric_date", "reason", "row", "seen_at")


class Intake:
    """The answers to one reading of `window`. `unreadable` is what an answer that could not be read ended with: from
    then on answers are only kept."""

    def __init__(self, connection: Connection, source: Reads, account: str, stream: str, window: Window) -> None:
        self.connection, self.source, self.stream, self.window = connection, source, stream, window
        self.unreadable: Exception | None = None
        self._since: datetime | None = None
        self._batches: dict[type[Any], Batch] = {}
        self._set_aside: Batch | None = None
        with connection.begin():
            self.reading = Reading(Checks(account, window, _currency(connection, account)))
            connection.execute(text(_KEPT))

    def take(self, response: RawResponse, body: bytes) -> None:
        """Keep one answer, of which `body` is what `packed` made, and read its rows. The answers to one reading share
        the moment of the first: one that goes on past midnight is then one snapshot and not two halves."""
        self._since = self._since or response.fetched_at
        response = replace(response, fetched_at=self._since)
        with self.connection.begin():
            self._keep(response, body)
        self._read(response)

    def read_again(self, response: RawResponse, wanted: Callable[[Record], bool]) -> None:
        """Read the rows of an answer that was kept already, those that are `wanted`."""
        self._since = self._since or response.fetched_at
        self._read(response, wanted)

    def keep_answers(self) -> None:
        """Bring the answers into `raw_response`, in the caller's transaction."""
        self.connection.execute(text(_KEEP), {"first": self.window.first, "last": self.window.last})

    def load(self, whole: Sequence[date] = ()) -> Loaded:
        """Bring every row into its fact, in the caller's transaction, which holds the days' rows of the ledger. Rows
        that say what is known already are not written, and what may not be loaded goes to `quarantined_row`.

        Of the days in `whole`, which were read from end to end, a fact keeps only what the platform still tells: visits
        that moved to another channel would be counted twice. Where a row was set aside, nothing goes.
        """
        few = (
            (tables.remote_post, RemotePost, self.reading.posts),
            (tables.post_snapshot, PostSnapshot, self.reading.snapshots),
            (tables.account_day, AccountDay, self.reading.account_days),
            (tables.ad_entity, AdEntity, _with_those_gone(self.connection, self.reading.ad_entities)),
        )
        loads = [load(self.connection, table, rows.values(), columns=kind._fields) for table, kind, rows in few if rows]
        for kind, batch in self._batches.items():
            days = [] if self.reading.refused else whole
            loaded, twice = batch.finish_alone((self.reading.checks.account, days, _WHOLE[kind]))
            loads.append(loaded)
            self._refuse([_twice(kind, row) for row in twice])
        if self._set_aside:
            self._set_aside.take_out_duplicates()
            self._set_aside.finish()
        return Loaded(
            written=sum(one.written for one in loads),
            restated=sum(one.restated for one in loads),
            unchanged=sum(one.unchanged for one in loads),
        )

    def _keep(self, response: RawResponse, body: bytes) -> None:
        self.connection.execute(
            text("INSERT INTO taken_answer VALUES (:account, :stream, CAST(:asked AS jsonb), :body, :fetched_at)"),
            {
                "account": response.account,
                "stream": response.stream,
                "asked": json.dumps(dict(response.asked)),
                "body": body,
                "fetched_at": response.fetched_at,
            },
        )

    def _read(self, response: RawResponse, wanted: Callable[[Record], bool] | None = None) -> None:
        if self.unreadable is not None:
            return
        try:
            with self.connection.begin():
                many, refused = self.reading.take(self.source, response, wanted)
                for kind, rows in many.items():
                    if kind not in self._batches:
                        self._batches[kind] = Batch(self.connection, _TABLES[kind], kind._fields)
                    self._batches[kind].copy(rows)
                self._quarantine(refused)
        except Exception as surprise:
            self.unreadable = surprise

    def _refuse(self, refused: Sequence[Refusal]) -> None:
        self.reading.refuse(refused)
        self._quarantine(refused)

    def _quarantine(self, refused: Sequence[Refusal]) -> None:
        if not refused:
            return
        if self._set_aside is None:
            self._set_aside = Batch(self.connection, tables.quarantined_row, _TAKEN)
        account = self.reading.checks.account
        self._set_aside.copy(_set_aside(account, self.stream, each, self._since) for each in refused)


def packed(responses: Iterable[RawResponse]) -> Iterator[tuple[RawResponse, bytes]]:
    """Each answer with its body as it is kept."""
    for response in responses:
        yield response, zlib.compress(response.body, FAST)


@contextmanager
def intake(engine: Engine, source: Reads, account: str, stream: str, window: Window) -> Iterator[Intake]:
    """An intake with a connection of its own. What was not loaded is gone at the end, also where the engine keeps its
    connections."""
    with engine.connect() as connection:
        try:
            yield Intake(connection, source, account, stream, window)
        finally:
            _empty(connection)


def _empty(connection: Connection) -> None:
    try:
        connection.rollback()
        connection.execute(text("DISCARD TEMP"))
        connection.commit()
    except DBAPIError:
        connection.invalidate()  # broken: what it held went with it


_KEPT = "CREATE TEMP TABLE taken_answer (account text, stream text, asked jsonb, body bytea, fetched_at timestamptz)"
_KEEP = (
    "INSERT INTO desk.raw_response (account, stream, first, last, asked, body, fetched_at)"
    " SELECT account, stream, :first, :last, asked, body, fetched_at FROM taken_answer"
)


def _with_those_gone(connection: Connection, listed: Mapping[str, AdEntity]) -> Mapping[str, AdEntity]:
    """What an ad account lists, and what it listed before and no longer does.

    The list is whole where the account itself is in it, for it was read in one window.
    """
    whole = {row.account for row in listed.values() if row.level == "account"}
    if not whole:
        return listed
    c = tables.ad_entity.c
    gone = select(*(c[name] for name in AdEntity._fields)).where(
        c.account.in_(whole), c.effective_status != GONE, c.entity_id.not_in([*listed])
    )
    rows = [AdEntity(**row._mapping)._replace(effective_status=GONE) for row in connection.execute(gone)]
    return {**listed, **{row.entity_id: row for row in rows}}


def _currency(connection: Connection, account: str) -> str | None:
    """The ad account's own, as it told it."""
    own = "SELECT currency FROM desk.ad_entity WHERE account = :account AND level = 'account'"
    found: str | None = connection.scalar(text(own), {"account": account})
    return found


def _twice(kind: type[Any], row: tuple[Any, ...]) -> Refusal:
    return Refusal(kind.__name__, row[1], f"{row[1]}: two rows of one key that say different things", row)


def _set_aside(account: str, stream: str, refusal: Refusal, seen_at: datetime | None) -> tuple[Any, ...]:
    row = storable(json.loads(json.dumps(refusal.row, default=str)))
    told = json.dumps([refusal.fact, refusal.reason, row], sort_keys=True)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return account, stream, digest, refusal.fact, refusal.metric_date, storable(refusal.reason), row, seen_at
