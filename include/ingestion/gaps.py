"""What is not known: gaps in the ledger, and streams that have fallen behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Integer, cast, func, select

from include.domain.streams import Stream
from include.domain.windows import Window
from include.warehouse.tables import ingest_window as day_row

_c = day_row.c


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row that should be known and are not, and why in words."""

    account: str
    stream: str
    window: Window
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Stale:
    """A stream of an account whose last known day is too long ago. `last_day` is None where nothing was ever read."""

    account: str
    stream: str
    last_day: date | None
    days_behind: int | None
    reason: str | None


def gaps(connection: Connection, account: str | None = None, stream: str | None = None) -> list[Gap]:
    """Days that are missing or failed, as runs of days that share status and reason."""
    kind = (_c.account, _c.stream, _c.status, _c.reason)
    # Within a run of days, the day less its rank is the same for all: the run's name.
    rank = func.row_number().over(partition_by=kind, order_by=_c.metric_date)
    unknown = (
        select(*kind, _c.metric_date, (_c.metric_date - cast(rank, Integer)).label("run"))
        .where(
            _c.status.in_(("missing", "failed")),
            *([_c.account == account] if account else []),
            *([_c.stream == stream] if stream else []),
        )
        .subquery()
    )
    u = unknown.c
    first, last = func.min(u.metric_date), func.max(u.metric_date)
    runs = (
        select(u.account, u.stream, first.label("first"), last.label("last"), u.status, u.reason)
        .group_by(u.account, u.stream, u.status, u.reason, u.run)
        .order_by(u.account, u.stream, first)
    )
    return [
        Gap(row.account, row.stream, Window(row.first, row.last), row.status, row.reason)
        for row in connection.execute(runs)
    ]


def stale(connection: Connection, wanted: Iterable[tuple[str, Stream, date]]) -> list[Stale]:
    """Of the (account, stream, today) `wanted`, those that are further behind than the platform's own delay.

    A nightly reading knows yesterday; a platform that restates for some days is allowed those, and anybody one night.
    """
    found = []
    for account, stream, today in wanted:
        last = _last_read(connection, account, stream.name)
        behind = (today - last).days if last else None
        if behind is None or behind > 1 + max(1, stream.restates_days):
            found.append(Stale(account, stream.name, last, behind, _last_reason(connection, account, stream.name)))
    return found


def _last_read(connection: Connection, account: str, stream: str) -> date | None:
    read = select(func.max(_c.metric_date)).where(
        _c.account == account, _c.stream == stream, _c.fetched_at.is_not(None)
    )
    return connection.execute(read).scalar()


def _last_reason(connection: Connection, account: str, stream: str) -> str | None:
    why = (
        select(_c.reason)
        .where(_c.account == account, _c.stream == stream, _c.status == "failed")
        .order_by(_c.metric_date.desc())
        .limit(1)
    )
    return connection.execute(why).scalar()
