"""Who reads which day: the rows of `ingest_window`.

Schedule, backfill and people may want the same days at the same time, in any number of processes. A lease decides:
it is one conditional update, so each day is fetched by one of them, and a day that another run has just fetched is
left alone. A worker that dies frees its days by time. Every function works inside the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from include.domain.windows import Window
from include.ingestion.windows import KnownDay
from include.warehouse.tables import ingest_window as day_row

_c = day_row.c


class LeaseLost(Exception):
    """The lease ran out and somebody else has these days now: drop what was fetched, theirs is newer."""


def expect(connection: Connection, account: str, stream: str, days: Iterable[date]) -> int:
    """See that each of `days` has a row; return how many were new (status `missing`)."""
    rows = [{"account": account, "stream": stream, "metric_date": day} for day in days]
    if not rows:
        return 0
    new = insert(day_row).on_conflict_do_nothing().returning(_c.metric_date)
    return len(connection.scalars(new, rows).all())


def known(connection: Connection, account: str, stream: str, window: Window) -> dict[date, KnownDay]:
    """What is known of the days of `window`; days without a row are absent."""
    found = connection.execute(
        select(_c.metric_date, _c.status, _c.fetched_at, _c.not_before).where(
            *_of(account, stream), _c.metric_date.between(window.first, window.last)
        )
    )
    return {row.metric_date: KnownDay(row.status, row.fetched_at, row.not_before) for row in found}


def lease(
    connection: Connection,
    account: str,
    stream: str,
    days: Sequence[date],
    *,
    by: str,
    now: datetime,
    for_s: float,
    fresh_for: timedelta = timedelta(hours=1),
) -> list[date]:
    """Take those of `days` that nobody holds and that are to be read now, until `now` + `for_s`; return them in order.

    A day that was read less than `fresh_for` ago is not to be. `by` must be unique to one attempt of one run: `done`
    and `failed` look for it.
    """
    free = (
        select(_c.metric_date)
        .where(
            *_of(account, stream),
            _c.metric_date.in_(days),
            _c.status.not_in(("final", "lost")),
            or_(_c.lease_until.is_(None), _c.lease_until <= now),
            or_(_c.not_before.is_(None), _c.not_before <= now),
            or_(_c.fetched_at.is_(None), _c.fetched_at <= now - fresh_for),
        )
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    taken = connection.execute(
        update(day_row)
        .where(*_of(account, stream), _c.metric_date == free.c.metric_date)
        .values(leased_by=by, lease_until=now + timedelta(seconds=for_s), attempts=_c.attempts + 1)
        .returning(_c.metric_date)
    )
    return sorted(taken.scalars())


def hold(connection: Connection, account: str, stream: str, days: Sequence[date], *, by: str) -> None:
    """Lock the rows of `days` until the transaction ends. Raises LeaseLost unless `by` still holds all of them."""
    mine = select(_c.metric_date).where(*_of(account, stream), _c.metric_date.in_(days), _c.leased_by == by)
    held = connection.execute(mine.with_for_update()).scalars().all()
    if len(held) < len(days):
        gone = len(days) - len(held)
        raise LeaseLost(f"{account} {stream}: the lease on {gone} of {len(days)} days ran out and was taken over.")


def done(
    connection: Connection,
    account: str,
    stream: str,
    rows: Mapping[date, int],
    *,
    final: Iterable[date],
    requests: int,
    fetched_at: datetime,
    reason: str | None = None,
) -> None:
    """Mark the days that `rows` counts as read: `final` ones for good, the others provisional.

    The first day carries `requests`, so that a sum over days counts each call once.
    """
    settled, first = set(final), min(rows)
    freed = {"leased_by": None, "lease_until": None, "not_before": None, "credentials_dead": False}
    read = {**freed, "fetched_at": fetched_at, "reason": reason}
    each: dict[str, Any] = {
        "status": bindparam("new_status"),
        "rows": bindparam("new_rows"),
        "requests": bindparam("new_requests"),
    }
    connection.execute(
        update(day_row).where(*_of(account, stream), _c.metric_date == bindparam("day")).values(read | each),
        [
            {
                "day": day,
                "new_status": "final" if day in settled else "provisional",
                "new_rows": count,
                "new_requests": requests if day == first else 0,
            }
            for day, count in rows.items()
        ],
    )


def failed(
    connection: Connection,
    account: str,
    stream: str,
    days: Sequence[date],
    *,
    by: str,
    reason: str,
    not_before: datetime | None = None,
    credentials_dead: bool = False,
) -> int:
    """Give back those of `days` that `by` holds, with the reason in words; return how many.

    They are read again after `not_before`, or by the next run. `credentials_dead` is kept for `check_desk`, until the
    day is read or settled.
    """
    mine = update(day_row).where(*_of(account, stream), _c.metric_date.in_(days), _c.leased_by == by)
    freed = {"leased_by": None, "lease_until": None, "not_before": not_before}
    why = {"status": "failed", "reason": reason, "credentials_dead": credentials_dead}
    return _changed(connection, mine.values(freed | why))


def settle(
    connection: Connection, account: str, stream: str, *, final: Sequence[date], lost: Sequence[date], because: str
) -> None:
    """Close days that need no call any more: what was read of `final` stands, `lost` cannot be had, `because`."""
    of = update(day_row).where(*_of(account, stream)).values(credentials_dead=False)
    connection.execute(of.where(_c.metric_date.in_(final), _c.status != "final").values(status="final"))
    connection.execute(of.where(_c.metric_date.in_(lost), _c.status != "lost").values(status="lost", reason=because))


def _of(account: str, stream: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _c.account == account, _c.stream == stream


def _changed(connection: Connection, statement: Executable) -> int:
    return cast("CursorResult[Any]", connection.execute(statement)).rowcount
