"""How a publication changes: rows are locked, take one step each, and every step leaves an event.

Nothing else writes to `publication`, so the table of steps (`states.py`) and the audit trail hold for all of it. A
transaction here is a few statements long; none is ever open while a platform is asked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from include.publishing import parts
from include.publishing.states import CALLABLE_OFF, ON_SHOW, State, check
from include.warehouse.tables import post, publication, publication_event

PublicationRow = Row[Any]


def lock(
    connection: Connection, *wanted: ColumnElement[bool], skip_locked: bool = False, most: int | None = None
) -> Sequence[PublicationRow]:
    """The publications that fit `wanted`, locked until the transaction ends, the earliest first.

    Whoever changes a part of a post locks all of its parts, in this order, for its first row tells of them all. With
    `skip_locked`, those that another process is at are left to it.
    """
    query = select(publication).where(*wanted).order_by(*ORDER).limit(most)
    return connection.execute(query.with_for_update(skip_locked=skip_locked)).all()


ORDER = (publication.c.publish_at, publication.c.post_id, publication.c.part)


def enter(
    connection: Connection,
    row: PublicationRow,
    state: State,
    *,
    at: datetime,
    by: str,
    note: str | None = None,
    **changes: object,
) -> None:
    """Let a locked publication take one step, and write it down. `note` says why, in words."""
    check(row.post_id, row.state, state)
    amend(connection, row, at=at, by=by, note=note, state=state, **changes)
    if row.part or state in ON_SHOW:
        _sum_up(connection, row.post_id, at, by)


def amend(
    connection: Connection, row: PublicationRow, *, at: datetime, by: str, note: str | None = None, **changes: object
) -> None:
    """Change a locked publication where it stands, and write it down."""
    here = (publication.c.post_id == row.post_id, publication.c.part == row.part)
    values = {"reason": note, "updated_at": at, **changes}
    changed = connection.execute(update(publication).where(*here).values(values).returning(publication)).one()
    remark(connection, changed, at, by, note)


def prolong(connection: Connection, row: PublicationRow, until: datetime) -> None:
    """Give a locked publication's claim more time. That is no step, and no event tells of it."""
    here = (publication.c.post_id == row.post_id, publication.c.part == row.part)
    connection.execute(update(publication).where(*here).values(lease_until=until))


def _sum_up(connection: Connection, post_id: str, at: datetime, by: str) -> None:
    """Let the first row of a post, once it is out, say how all its parts stand."""
    rows = sorted(lock(connection, of_post(post_id)), key=lambda row: row.part)  # one sent late has a later time
    if len(rows) == 1 or rows[0].state not in ON_SHOW:
        return
    state, words = parts.standing(text_of(connection, post_id), rows)
    if (state, words) != (rows[0].state, rows[0].reason):
        if state != rows[0].state:
            check(post_id, rows[0].state, state)
        amend(connection, rows[0], at=at, by=by, note=words, state=state)


def remark(connection: Connection, row: PublicationRow, at: datetime, by: str, note: str | None = None) -> None:
    """Write down where a publication stands now, and why."""
    event = {"post_id": row.post_id, "part": row.part, "state": row.state, "fence": row.fence}
    connection.execute(insert(publication_event).values(**event, at=at, by=by, note=note))


def call_off(
    connection: Connection, rows: Sequence[PublicationRow], *, at: datetime, by: str, note: str
) -> list[PublicationRow]:
    """Call off those of the locked publications that are not out, nor on their way; gives which they were.

    Of one that may be out, this says that it is not: only a person can ask for that.
    """
    stoppable = [row for row in rows if row.state in CALLABLE_OFF]
    for row in stoppable:
        enter(connection, row, State.CANCELLED, at=at, by=by, note=note, sent_at=None, **afresh(row))
    return stoppable


def afresh(row: PublicationRow) -> dict[str, Any]:
    """What a publication that goes back to the plan loses. The new fence stops whoever has it claimed."""
    return {"fence": row.fence + 1, "claimed_by": None, "lease_until": None, "prepared": None, "not_before": None}


def of_post(post_id: str) -> ColumnElement[bool]:
    """The publications of one post: its parts."""
    return publication.c.post_id == post_id


def text_of(connection: Connection, post_id: str) -> Row[Any]:
    """The post as the calendar last said it, and since when it is no longer there."""
    return connection.execute(select(post).where(post.c.post_id == post_id)).one()
