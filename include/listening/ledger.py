"""What is known of each account's comments: from when on, until when, and why not further."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import comment_read


@dataclass(frozen=True, slots=True)
class Read:
    """One account's reading as it stands; the times as in the table's comment."""

    account: str
    heard_from: datetime | None = None
    heard_through: datetime | None = None
    tried_at: datetime | None = None
    read_at: datetime | None = None
    not_before: datetime | None = None
    gone_read_at: datetime | None = None
    reason: str | None = None
    credentials_dead: bool = False
    interrupted: int = 0
    first_tried_at: datetime | None = None


def reads(connection: Connection, accounts: Collection[str]) -> dict[str, Read]:
    """What is known of these accounts; one that was never tried has a row of nothing."""
    columns = [comment_read.c[name] for name in Read.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(comment_read.c.account.in_(accounts)))
    known = {row.account: Read(**row._mapping) for row in rows}
    return {account: known.get(account, Read(account)) for account in accounts}


def note(connection: Connection, changes: Iterable[dict[str, Any]]) -> None:
    """Write down how readings ended. Each change has its `account`; what it leaves out keeps what it holds."""
    for shape, rows in _by_shape(changes).items():
        statement = insert(comment_read)
        kept: dict[str, Any] = {name: statement.excluded[name] for name in shape if name != "account"}
        if "heard_from" in kept:
            kept["heard_from"] = func.least(comment_read.c.heard_from, statement.excluded.heard_from)
        connection.execute(statement.on_conflict_do_update(index_elements=["account"], set_=kept), rows)


def _by_shape(changes: Iterable[dict[str, Any]]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    shapes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in sorted(changes, key=lambda each: str(each["account"])):
        shapes.setdefault(tuple(sorted(change)), []).append(change)
    return shapes
