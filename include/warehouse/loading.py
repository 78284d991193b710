"""The one way by which many rows come into the warehouse.

Rows stream by COPY into a temporary table and go on from there in three statements: those that are new are inserted,
those that differ leave their former values in `<table>_history` and are updated, all others are not touched. (The
usual `ON CONFLICT DO UPDATE` locks, and so writes, every row that it meets, changed or not, and cannot say what a
row held before.)
"""

# ruff: noqa: S608 - the statements are made of our own tables' names; values travel by COPY

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, text
from sqlalchemy.exc import IntegrityError

from include.warehouse import partitions

Whole = tuple[str, Sequence[date], str]


class DuplicateRows(ValueError):
    """One batch holds two rows for the same key, so that neither can be believed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a batch: rows `written` for the first time, `restated` (their values changed) and `unchanged`."""

    written: int
    restated: int
    unchanged: int


def load(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]], *, columns: Sequence[str]) -> Loaded:
    """Bring `rows`, tuples in the order of `columns`, into `table`, within the caller's transaction.

    `columns` holds the table's key and may leave out others, which then keep what they hold. Memory stays flat over
    any number of rows. Raises DuplicateRows, and ValueError for a column that the table lacks or a value that a
    column cannot hold as it is (a float for money, a time without a zone).
    """
    batch = Batch(connection, table, columns)
    batch.copy(rows)
    batch.refuse_duplicates()
    return batch.finish()


class Batch:
    """A temporary table with the rows of one load, which may come in any number of portions and transactions of one
    connection, and the statements that carry them over."""

    def __init__(self, connection: Connection, table: Table, columns: Sequence[str]) -> None:
        self.connection, self.table, self.columns = connection, table, tuple(columns)
        self.key = tuple(column.name for column in table.primary_key)
        self.values = tuple(name for name in columns if name not in self.key)
        self.name = f"batch_{table.name}"
        self.received = 0
        unknown = [name for name in columns if name not in table.columns]
        absent = [name for name in self.key if name not in columns]
        if unknown or absent:
            raise ValueError(f"{table} cannot be loaded: it has no column {unknown}, and its key needs {absent}.")
        self._types = [self._type(name) for name in self.columns]
        self._run(f"CREATE TEMP TABLE {self.name} AS SELECT {_names(self.columns)} FROM {table} WITH NO DATA")

    def copy(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Stream rows to the server."""
        cursor = self.connection.connection.cursor()
        with cursor.copy(f"COPY {self.name} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(self._types)
            for row in rows:
                try:
                    copy.write_row(row)
                except (TypeError, ValueError, OverflowError) as error:
                    key = ", ".join(_shown(row[self.columns.index(name)]) for name in self.key)
                    raise ValueError(f"A row does not fit {self.table}: that of {key}. {error}") from error
        self.received += cursor.rowcount

    def finish(self) -> Loaded:
        """Carry everything over, within the caller's transaction. Each key must be in the batch once."""
        self._make_partitions()
        self._run(f"ANALYZE {self.name}")
        return self._finish(self._insert_new(" ON CONFLICT DO NOTHING"))

    def finish_alone(self, whole: Whole | None = None) -> tuple[Loaded, list[tuple[Any, ...]]]:
        """The same where no other transaction can bring these keys, for the caller holds their lock: it costs a third
        less. Gives also the rows that were taken out, see `take_out_duplicates`.

        `whole` (account, days, a column or nothing): of the account's days the batch has everything, for each value of
        that column that it has at all; rows that are not in it go, their values into the history.
        """
        self._make_partitions()
        self._run(f"ANALYZE {self.name}")
        taken: list[tuple[Any, ...]] = []
        try:
            with self.connection.begin_nested():
                written = self._insert_new("")
        except IntegrityError:  # two new rows of one key
            taken = self.take_out_duplicates()
            written = self._insert_new("")
        if written < self.received and not taken:
            taken = self.take_out_duplicates()
        if whole and whole[1] and not taken:
            self._let_go(*whole)
        return self._finish(written), taken

    def _let_go(self, account: str, days: Sequence[date], column: str) -> None:
        """Delete what the platform no longer tells."""
        told = f' AND "{column}" IN (SELECT "{column}" FROM {self.name})' if column else ""
        gone = (
            f"DELETE FROM {self.table} AS fact WHERE account = :account AND metric_date = ANY(:days){told}"
            f" AND NOT EXISTS (SELECT FROM {self.name} AS batch WHERE {self._same_key()}) RETURNING fact.*"
        )
        history = self.table.metadata.tables.get(f"{self.table}_history")
        if history is not None:
            before = f"jsonb_build_object({self._pairs('gone')}, 'gone', true)"
            gone = (
                f"WITH gone AS ({gone}) INSERT INTO {history} ({_names(self.key)}, before)"
                f" SELECT {_names(self.key, 'gone')}, {before} FROM gone"
            )
        self.connection.execute(text(gone), {"account": account, "days": [*days]})

    def _finish(self, written: int) -> Loaded:
        restated = self._restate() if written < self.received else 0
        self._run(f"DROP TABLE {self.name}")
        return Loaded(written, restated, self.received - written - restated)

    def refuse_duplicates(self) -> None:
        if twice := self._twice(most=3):
            shown = "; ".join(", ".join(map(_shown, row)) for row in twice)
            raise DuplicateRows(
                f"The batch for {self.table} has more than one row for the same ({_names(self.key)}): {shown}. Nothing"
                " was loaded; the reading that made these rows has to tell them apart or choose one."
            )

    def take_out_duplicates(self) -> list[tuple[Any, ...]]:
        """Every row, as it came, whose key another row has with other values: neither can be believed. Of rows that say
        the same, one stays."""
        keys = self._twice()
        if not keys:
            return []
        same = " AND ".join(f'{self.name}."{name}" = twice."{name}"' for name in self.key)
        taken = self._run(
            f"WITH twice AS (SELECT {_names(self.key)} FROM {self.name} GROUP BY {_names(self.key)}"
            f" HAVING count(*) > 1) DELETE FROM {self.name} USING twice WHERE {same}"
            f" RETURNING {_names(self.columns, self.name)}"
        ).all()
        self.received -= len(taken)
        by_key: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for row in taken:
            by_key.setdefault(tuple(getattr(row, name) for name in self.key), []).append(tuple(row))
        self.copy(rows[0] for rows in by_key.values() if all(row == rows[0] for row in rows))
        return [row for rows in by_key.values() if any(row != rows[0] for row in rows) for row in rows]

    def _twice(self, most: int | None = None) -> Sequence[Any]:
        key, limit = _names(self.key), f" LIMIT {most}" if most else ""
        return self._run(
            f"SELECT {key} FROM {self.name} GROUP BY {key} HAVING count(*) > 1 ORDER BY {key}{limit}"
        ).all()

    def _make_partitions(self) -> None:
        column = partitions.partitioned_by(self.table)
        if column:
            months = self._run(f"SELECT DISTINCT date_trunc('month', {column})::date FROM {self.name}").scalars()
            partitions.ensure(self.connection, self.table, months)

    def _insert_new(self, conflict: str) -> int:
        names, key = _names(self.columns), _names(self.key)
        return self._run(
            f"INSERT INTO {self.table} ({names}) SELECT {names} FROM {self.name} AS batch"
            f" WHERE NOT EXISTS (SELECT FROM {self.table} AS fact WHERE {self._same_key()})"
            f" ORDER BY {key}{conflict}"
        ).rowcount

    def _restate(self) -> int:
        """Update what differs, its former values kept. Rows are locked in the order of their key, against deadlock."""
        if not self.values:
            return 0
        changed = (
            f"SELECT fact.* FROM {self.table} AS fact JOIN {self.name} AS batch ON {self._same_key()}"
            f" WHERE ROW({_names(self.values, 'fact')}) IS DISTINCT FROM ROW({_names(self.values, 'batch')})"
            f" ORDER BY {_names(self.key, 'fact')} FOR UPDATE OF fact"
        )
        assigned = ", ".join(f'"{name}" = batch."{name}"' for name in self.values)
        return self._run(
            f"WITH fact AS MATERIALIZED ({changed}){self._kept()} UPDATE {self.table} AS target SET {assigned}"
            f" FROM {self.name} AS batch JOIN fact ON {self._same_key()} WHERE {self._same_key('target')}"
        ).rowcount

    def _kept(self) -> str:
        history = self.table.metadata.tables.get(f"{self.table}_history")
        if history is None:
            return ""
        former, latter = (f"jsonb_each(jsonb_build_object({self._pairs(rows)}))" for rows in ("fact", "batch"))
        before = (
            f"SELECT jsonb_object_agg(former.key, former.value) FROM {former} AS former"
            f" JOIN {latter} AS latter USING (key) WHERE former.value IS DISTINCT FROM latter.value"
        )
        return (
            f", kept AS (INSERT INTO {history} ({_names(self.key)}, before)"
            f" SELECT {_names(self.key, 'fact')}, ({before}) FROM fact JOIN {self.name} AS batch ON {self._same_key()})"
        )

    def _type(self, name: str) -> str:
        return self.table.columns[name].type.compile(dialect=self.connection.dialect).lower()

    def _pairs(self, rows: str) -> str:
        return ", ".join(f"'{name}', {rows}.\"{name}\"" for name in self.values)

    def _same_key(self, rows: str = "fact") -> str:
        return " AND ".join(f'{rows}."{name}" = batch."{name}"' for name in self.key)

    def _run(self, statement: str) -> CursorResult[Any]:
        return self.connection.execute(text(statement))


def _names(names: Sequence[str], rows: str = "") -> str:
    return ", ".join(f'{rows}."{name}"' if rows else f'"{name}"' for name in names)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
