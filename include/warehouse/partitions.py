"""Month partitions of the facts, made before the rows come.

A partition is made beside its fact and then attached, which neither waits for readers and writers of the fact nor
keeps them waiting, in a transaction of its own, so that a long load does not keep others from making theirs.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Connection, Table, text

_LOCK = 0x6D6F6E74  # "mont": one process makes partitions at a time


def ensure_months(connection: Connection, table: Table, first: date, last: date) -> None:
    """Have a partition of `table` for every month from that of `first` to that of `last`."""
    ensure(connection, table, months(first, last))


def ensure(connection: Connection, table: Table, wanted: Iterable[date]) -> None:
    """Have a partition of `table` for each month in `wanted`, each given by its first day."""
    missing = set(wanted) - _present(connection, table)
    if not missing:
        return
    with connection.engine.begin() as own:
        own.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        for month in sorted(missing - _present(own, table)):
            _attach(own, table, month)


def partitioned_by(table: Table) -> str | None:
    """The column whose month decides where a row of `table` lies; None where the table is in one piece."""
    clause: str | None = table.dialect_options["postgresql"]["partition_by"]
    return clause.removeprefix("RANGE (").removesuffix(")") if clause else None


def months(first: date, last: date) -> Iterator[date]:
    """The first day of every month that has a day between `first` and `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _name(table: Table, month: date) -> str:
    return f"{table.name}_{month:%Y_%m}"


def _present(connection: Connection, table: Table) -> set[date]:
    query = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:table AS regclass)")
    names = connection.scalars(query, {"table": str(table)})
    return {date(int(year), int(month), 1) for *_, year, month in (name.rsplit("_", 2) for name in names)}


def _attach(connection: Connection, table: Table, month: date) -> None:
    name = f"{table.schema}.{_name(table, month)}"
    connection.execute(text(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)"))
    bounds = f"FROM ('{month}') TO ('{_next(month)}')"
    connection.execute(text(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES {bounds}"))
