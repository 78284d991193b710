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

from include.warehouse import partitions


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
    batch = _Batch(connection, table, tuple(columns))
    received = batch.copy(rows)
    batch.refuse_duplicates()
    batch.make_partitions()
    written = batch.insert_new()
    restated = batch.restate() if written < received else 0
    batch.drop()
    return Loaded(written, restated, received - written - restated)


class _Batch:
    """A temporary table with the rows of one load, and the statements that carry them over."""

    def __init__(self, connection: Connection, table: Table, columns: tuple[str, ...]) -> None:
        self.connection, self.table, self.columns = connection, table, columns
        self.key = tuple(column.name for column in table.primary_key)
        self.values = tuple(name for name in columns if name not in self.key)
        unknown = [name for name in columns if name not in table.columns]
        absent = [name for name in self.key if name not in columns]
        if unknown or absent:
            raise ValueError(f"{table} cannot be loaded: it has no column {unknown}, and its key needs {absent}.")
        self._run(f"CREATE TEMP TABLE batch ON COMMIT DROP AS SELECT {_names(columns)} FROM {table} WITH NO DATA")

    def copy(self, rows: Iterable[tuple[Any, ...]]) -> int:
        """Stream the rows to the server; how many there were."""
        cursor = self.connection.connection.cursor()
        with cursor.copy("COPY batch FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([self._type(name) for name in self.columns])
            for row in rows:
                try:
                    copy.write_row(row)
                except (TypeError, ValueError, OverflowError) as error:
                    raise ValueError(
                        f"A row does not fit {self.table} ({_names(self.columns)}): {row}. {error}"
                    ) from error
        received: int = cursor.rowcount
        self._run("ANALYZE batch")
        return received

    def refuse_duplicates(self) -> None:
        key = _names(self.key)
        twice = self._run(f"SELECT {key} FROM batch GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT 3").all()
        if twice:
            shown = "; ".join(", ".join(map(_shown, row)) for row in twice)
            raise DuplicateRows(
                f"The batch for {self.table} has more than one row for the same ({key}): {shown}. Nothing was loaded;"
                " the reading that made these rows has to tell them apart or choose one."
            )

    def make_partitions(self) -> None:
        column = partitions.partitioned_by(self.table)
        if column:
            months = self._run(f"SELECT DISTINCT date_trunc('month', {column})::date FROM batch").scalars()
            partitions.ensure(self.connection, self.table, months)

    def insert_new(self) -> int:
        names, key = _names(self.columns), _names(self.key)
        return self._run(
            f"INSERT INTO {self.table} ({names}) SELECT {names} FROM batch"
            f" WHERE NOT EXISTS (SELECT FROM {self.table} AS fact WHERE {self._same_key()})"
            f" ORDER BY {key} ON CONFLICT ({key}) DO NOTHING"
        ).rowcount

    def restate(self) -> int:
        """Update what differs, its former values kept. Rows are locked in the order of their key, against deadlock."""
        if not self.values:
            return 0
        changed = (
            f"SELECT fact.* FROM {self.table} AS fact JOIN batch ON {self._same_key()}"
            f" WHERE ROW({_names(self.values, 'fact')}) IS DISTINCT FROM ROW({_names(self.values, 'batch')})"
            f" ORDER BY {_names(self.key, 'fact')} FOR UPDATE OF fact"
        )
        assigned = ", ".join(f'"{name}" = batch."{name}"' for name in self.values)
        return self._run(
            f"WITH fact AS MATERIALIZED ({changed}){self._kept()} UPDATE {self.table} AS target SET {assigned}"
            f" FROM batch JOIN fact ON {self._same_key()} WHERE {self._same_key('target')}"
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
            f" SELECT {_names(self.key, 'fact')}, ({before}) FROM fact JOIN batch ON {self._same_key()})"
        )

    def _type(self, name: str) -> str:
        return self.table.columns[name].type.compile(dialect=self.connection.dialect).lower()

    def _pairs(self, rows: str) -> str:
        return ", ".join(f"'{name}', {rows}.\"{name}\"" for name in self.values)

    def _same_key(self, rows: str = "fact") -> str:
        return " AND ".join(f'{rows}."{name}" = batch."{name}"' for name in self.key)

    def drop(self) -> None:
        self._run("DROP TABLE batch")

    def _run(self, statement: str) -> CursorResult[Any]:
        return self.connection.execute(text(statement))


def _names(names: Sequence[str], rows: str = "") -> str:
    return ", ".join(f'{rows}."{name}"' if rows else f'"{name}"' for name in names)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
