"""Who sees to which comment: opened by a question or a rule, assigned, taken, closed; and the labels it was given."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import comment_case

_c = comment_case.c


def ask_of(connection: Connection, asked: Iterable[tuple[str, str, str]], *, now: datetime) -> None:
    """Open a case for each comment that asks something: (account, comment, brand)."""
    rows = [
        {"account": account, "comment_id": comment_id, "brand": brand, "is_question": True, "opened_at": now}
        for account, comment_id, brand in asked
    ]
    if rows:
        opened = insert(comment_case).on_conflict_do_update(
            index_elements=[_c.account, _c.comment_id], set_={"is_question": True}
        )
        connection.execute(opened, rows)


def label(
    engine: Engine,
    account: str,
    comment_id: str,
    brand: str,
    added: Collection[str],
    removed: Collection[str] = (),
    *,
    now: datetime,
) -> None:
    """Give a comment labels, or take some away; the others stay."""
    with engine.begin() as connection:
        _open(connection, account, comment_id, brand, now)
        mine = (_c.account == account, _c.comment_id == comment_id)
        before = connection.scalar(select(_c.labels).where(*mine).with_for_update()) or []
        after = sorted({*before, *added} - set(removed))
        connection.execute(update(comment_case).where(*mine).values(labels=after))


def assign(engine: Engine, account: str, comment_id: str, brand: str, person: str, *, now: datetime) -> None:
    _set(engine, account, comment_id, brand, now, assigned_to=person or None, assigned_at=now if person else None)


def take(engine: Engine, account: str, comment_id: str, brand: str, *, by: str, now: datetime) -> bool:
    """Let somebody see to it, if nobody does yet. Whether that is so."""
    with engine.begin() as connection:
        _open(connection, account, comment_id, brand, now)
        free = (_c.account == account, _c.comment_id == comment_id, _c.taken_by.is_(None))
        taken = update(comment_case).where(*free).values(taken_by=by, taken_at=now)
        return connection.execute(taken.returning(_c.account)).one_or_none() is not None


def close(engine: Engine, account: str, comment_id: str, brand: str, *, by: str, now: datetime) -> None:
    """It is answered, or needs no answer."""
    _set(engine, account, comment_id, brand, now, closed_by=by, closed_at=now)


def reopen(engine: Engine, account: str, comment_id: str, brand: str, *, now: datetime) -> None:
    _set(engine, account, comment_id, brand, now, closed_by=None, closed_at=None)


def standing(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[list[str], str]]:
    """The labels of comments and to whom they are assigned, of those that have a case."""
    accounts, ids = {account for account, _ in keys}, {comment_id for _, comment_id in keys}
    query = select(_c.account, _c.comment_id, _c.labels, _c.assigned_to)
    rows = connection.execute(query.where(_c.account.in_(accounts), _c.comment_id.in_(ids)))
    return {(row.account, row.comment_id): (list(row.labels), row.assigned_to or "") for row in rows}


def taken(engine: Engine, account: str, comment_id: str) -> tuple[str, datetime] | None:
    """Who sees to it, since when."""
    query = select(_c.taken_by, _c.taken_at).where(_c.account == account, _c.comment_id == comment_id)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return (row.taken_by, row.taken_at) if row and row.taken_by else None


def _set(engine: Engine, account: str, comment_id: str, brand: str, now: datetime, **values: Any) -> None:
    with engine.begin() as connection:
        _open(connection, account, comment_id, brand, now)
        mine = update(comment_case).where(_c.account == account, _c.comment_id == comment_id)
        connection.execute(mine.values(**values))


def _open(connection: Connection, account: str, comment_id: str, brand: str, now: datetime) -> None:
    row = {"account": account, "comment_id": comment_id, "brand": brand, "opened_at": now}
    connection.execute(insert(comment_case).values(row).on_conflict_do_nothing())
