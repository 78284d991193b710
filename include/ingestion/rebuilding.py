"""The facts once more, from the answers that were kept: no platform is asked.

Of each day the latest reading counts, as it did when it was read; of posts, whose counters are those of the day of
reading, the latest reading of each such day. What the facts hold already is not written again.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from include.domain.records import AdEntity, PostSnapshot, RawResponse, Record, RemotePost
from include.domain.windows import Window
from include.ingestion.checking import day_of
from include.ingestion.intake import intake
from include.ingestion.outcomes import counted
from include.ingestion.reading import Reads
from include.warehouse.tables import ingest_window, raw_response

TRIES = 3

_c = raw_response.c


class _Reading(NamedTuple):
    """The answers that were kept together: they share their moment and their window."""

    first: date
    last: date
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What rebuilding one stream of one account came to. `unreadable` are sentences on answers that could not be read;
    `without` counts days of which no answer is kept: their facts stay as they are."""

    account: str
    stream: str
    readings: int = 0
    rows_written: int = 0
    restated: int = 0
    unchanged: int = 0
    without: int = 0
    unreadable: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{self.account} {self.stream}: {counted(self.readings, 'reading')} read again"
        told += f"; {counted(self.rows_written, 'row')} written, {self.restated} corrected, {self.unchanged} unchanged"
        told += f"; {counted(self.without, 'day')} without a kept answer" if self.without else ""
        return "; ".join([told, *self.unreadable])


class _Overtaken(Exception):
    """A run has read the stream since the kept answers were listed: what they say may be old by now."""


def rebuild(engine: Engine, source: Reads, account: str, stream: str, days: Window) -> Rebuilt:
    """Read again what was kept of `days` and bring the facts to it; anew where a run reads the stream meanwhile."""
    for _ in range(TRIES):
        try:
            return _rebuild(engine, source, account, stream, days)
        except _Overtaken:
            continue
    said = "the stream is read again and again meanwhile; let its runs end and try once more"
    return Rebuilt(account, stream, unreadable=(said,))


def _rebuild(engine: Engine, source: Reads, account: str, stream: str, days: Window) -> Rebuilt:
    with engine.connect() as connection:
        newest = _newest(connection, account, stream)
        kept = _readings(connection, account, stream, days)
    latest = {day: reading for reading in kept for day in _days(reading, days)}
    of_day = {(day, _on(reading)): reading for reading in kept for day in _days(reading, days)}
    needed = {*latest.values(), *of_day.values()}
    told = Rebuilt(account, stream, without=len(days) - len(latest))
    for reading in (each for each in kept if each in needed):
        own = {day for day, which in latest.items() if which == reading}
        observed = {day for (day, on), which in of_day.items() if which == reading and on == _on(reading)}
        wanted = _Wanted(own, observed, is_newest=reading.fetched_at == newest)
        told = _add(told, _one(engine, source, account, stream, reading, wanted, newest))
    return told


class _Wanted:
    """Which rows of a reading count: those of its own days, and the counters of posts of the days it observed last.
    What has no day, as campaigns that are told as they stand, counts in the newest reading of all alone."""

    def __init__(self, own: set[date], observed: set[date], *, is_newest: bool) -> None:
        self.own, self.observed, self.is_newest = own, observed, is_newest
        self._posts: set[str] = set()

    def __call__(self, record: Record) -> bool:
        if isinstance(record, RemotePost):
            day = day_of(record)
            self._posts.update([record.remote_id] if day in self.observed else [])
            return day in self.own
        if isinstance(record, PostSnapshot):
            return record.remote_id in self._posts
        return self.is_newest if isinstance(record, AdEntity) else record.metric_date in self.own


def _one(
    engine: Engine,
    source: Reads,
    account: str,
    stream: str,
    reading: _Reading,
    wanted: _Wanted,
    newest: datetime | None,
) -> Rebuilt:
    window = Window(reading.first, reading.last)
    with intake(engine, source, account, stream, window) as taken:
        with engine.connect() as connection:
            for response in _answers(connection, account, stream, reading):
                taken.read_again(response, wanted)
        if taken.unreadable is not None:
            said = f"{window} of {reading.fetched_at:%Y-%m-%d %H:%M} UTC: {type(taken.unreadable).__name__}"
            return Rebuilt(account, stream, unreadable=(said,))
        with taken.connection.begin():
            _hold(taken.connection, account, stream, window)
            if _newest(taken.connection, account, stream) != newest:
                raise _Overtaken
            loaded = taken.load()
    return Rebuilt(account, stream, 1, loaded.written, loaded.restated, loaded.unchanged)


def _hold(connection: Connection, account: str, stream: str, window: Window) -> None:
    """Lock the days against a run that is about to load them: it waits, and its own newer rows come after ours."""
    c = ingest_window.c
    days = select(c.metric_date).where(c.account == account, c.stream == stream)
    connection.execute(days.where(c.metric_date.between(window.first, window.last)).with_for_update()).all()


def _readings(connection: Connection, account: str, stream: str, days: Window) -> list[_Reading]:
    """The readings that touch `days`, the oldest first."""
    columns = (_c.first, _c.last, _c.fetched_at)
    of = (_c.account == account, _c.stream == stream, _c.first <= days.last, _c.last >= days.first)
    found = connection.execute(select(*columns).where(*of).distinct().order_by(_c.fetched_at, _c.first))
    return [_Reading(*row) for row in found]


def _newest(connection: Connection, account: str, stream: str) -> datetime | None:
    """When the stream was last read."""
    of = (_c.account == account, _c.stream == stream)
    newest: datetime | None = connection.scalar(select(func.max(_c.fetched_at)).where(*of))
    return newest


def _answers(connection: Connection, account: str, stream: str, reading: _Reading) -> Iterator[RawResponse]:
    """In the order in which they came, one at a time."""
    of = (_c.account == account, _c.stream == stream, _c.fetched_at == reading.fetched_at)
    whole = (_c.first == reading.first, _c.last == reading.last)
    numbers: Sequence[int] = connection.scalars(
        select(_c.response_id).where(*of, *whole).order_by(_c.response_id)
    ).all()
    for number in numbers:
        row = connection.execute(select(_c.asked, _c.body).where(_c.response_id == number)).one()
        yield RawResponse(account, stream, row.asked, zlib.decompress(row.body), reading.fetched_at)


def _days(reading: _Reading, days: Window) -> list[date]:
    return [day for day in Window(reading.first, reading.last).days() if day in days]


def _on(reading: _Reading) -> date:
    return reading.fetched_at.astimezone(UTC).date()


def _add(told: Rebuilt, more: Rebuilt) -> Rebuilt:
    return Rebuilt(
        told.account,
        told.stream,
        told.readings + more.readings,
        told.rows_written + more.rows_written,
        told.restated + more.restated,
        told.unchanged + more.unchanged,
        told.without,
        told.unreadable + more.unreadable,
    )
