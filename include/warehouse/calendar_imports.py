"""The results of imports as rows: one for each import that came to something else than the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select

from include.warehouse.tables import calendar_finding, calendar_import


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an import found; a warning keeps nothing from going out."""

    row: int
    network: str
    sentence: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What an import came to. `words` is the result as the log says it."""

    file: str
    rows_ready: int
    rows_to_fix: int
    posts: int
    words: str
    findings: tuple[Finding, ...] = ()


def record(engine: Engine, result: Result, *, at: datetime, by: str) -> bool:
    """Keep the result, unless it is the one that was kept last; says whether it was kept."""
    with engine.begin() as connection:
        # One import after the other: two at once would both find the same predecessor.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("calendar_import"))))
        if _last(connection) == _figures(result):
            return False
        values = dict(zip(_FIGURES, _figures(result), strict=True))
        row = insert(calendar_import).values(**values, at=at, by=by).returning(calendar_import.c.import_id)
        _keep(connection, connection.execute(row).scalar_one(), result.findings)
    return True


def said_since(engine: Engine, words: str) -> datetime | None:
    """Since when the imports come to just this; None where the last that was kept came to something else."""
    newest = select(calendar_import.c.words, calendar_import.c.at).order_by(calendar_import.c.import_id.desc())
    with engine.connect() as connection:
        row = connection.execute(newest.limit(1)).one_or_none()
    return row.at if row and row.words == words else None


_FIGURES = ("file", "rows_ready", "rows_to_fix", "posts", "words")


def _figures(result: Result) -> tuple[object, ...]:
    return tuple(getattr(result, name) for name in _FIGURES)


def _last(connection: Connection) -> tuple[object, ...] | None:
    newest = select(*(calendar_import.c[name] for name in _FIGURES)).order_by(calendar_import.c.import_id.desc())
    row = connection.execute(newest.limit(1)).one_or_none()
    return tuple(row) if row else None


def _keep(connection: Connection, import_id: int, findings: Iterable[Finding]) -> None:
    rows = [
        {
            "import_id": import_id,
            "finding": number,
            "row": finding.row,
            "network": finding.network,
            "is_error": finding.is_error,
            "sentence": finding.sentence,
        }
        for number, finding in enumerate(findings, start=1)
    ]
    if rows:
        connection.execute(insert(calendar_finding), rows)
