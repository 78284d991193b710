"""From the calendar to the ledger: what is planned, changed, moved or called off since the last import.

| the post is | and the calendar | then |
|---|---|---|
| new | has it | planned, or approved where the brand wants no approval |
| not yet sending | has another text | planned anew, its approval superseded; a claim of it can no longer send |
| not yet sending | has another time | moved, its approval kept |
| not yet sending | lacks it | cancelled |
| refused, held | has it changed | planned anew |
| called off by the calendar | has it again | planned anew, its approval kept where the text is the same |
| sending, unknown, live | says whatever | left as it is; if it proves not to be out, it is planned anew |
| out, but not all of its parts | has another text, or lacks it | the parts that are not out are called off |

The same calendar twice changes nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, bindparam, exists, insert, or_, select, update

from include.publishing import approval, journal
from include.publishing.plan import PlannedPost, columns_of, save
from include.publishing.states import CALLABLE_OFF, OUT, WAITING, State
from include.warehouse import tables

REMOVED = "It is no longer in the calendar."
BACK = "It is in the calendar again."
EDITED = "The calendar has another text by now, and what came before is out."
FEWER = "Its text was edited; it has no such part now."


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What an import changed, by post id. `untouched` are edits of posts that are out or on their way, told once."""

    planned: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)


def schedule(
    engine: Engine, calendar: Iterable[PlannedPost], *, now: datetime, by: str, kept: Collection[str] = ()
) -> Scheduled:
    """Bring the ledger in line with the whole calendar. `kept` are posts whose row cannot be read now: left alone.

    A short transaction for each post that changed, so that an import of thousands keeps no sender waiting.
    """
    done = Scheduled()
    wanted = {planned.post.post_id: planned for planned in calendar}
    with engine.connect() as connection:
        with connection.begin():
            present = _present(connection, wanted)
        for post_id, planned in wanted.items():
            if _is_news(present.get(post_id), planned):
                with connection.begin():
                    _Import(connection, planned, now, by, done).apply()
        with connection.begin():
            _renumber(connection, present, wanted)
        for post_id in sorted(present.keys() - wanted.keys() - set(kept)):
            row = present[post_id]
            if row.removed_at is None and (row.state not in OUT or row.unfinished):
                with connection.begin():
                    _remove(connection, post_id, now, by, done)
    return done


def _present(connection: Connection, wanted: Collection[str]) -> dict[str, Row[Any]]:
    """The posts of the calendar that the ledger has, and all others that are not out, with their answers."""
    post, publication, answer = tables.post, tables.publication, tables.approval
    same_text = and_(answer.c.post_id == post.c.post_id, answer.c.content_hash == post.c.content_hash)
    part = publication.alias("part")
    unfinished = exists().where(part.c.post_id == post.c.post_id, part.c.state.in_(CALLABLE_OFF))
    query = (
        select(post, publication.c.state, answer.c.decision, answer.c.decided_by, unfinished.label("unfinished"))
        .join_from(post, publication, publication.c.post_id == post.c.post_id)
        .outerjoin(answer, same_text)
        .where(publication.c.part == 0, or_(publication.c.state.not_in(OUT), unfinished, post.c.post_id.in_(wanted)))
    )
    return {row.post_id: row for row in connection.execute(query)}


def _is_news(row: Row[Any] | None, planned: PlannedPost) -> bool:
    """Whether the calendar says what the ledger does not know. Most rows of most imports are no news."""
    if row is None:
        return True
    said = columns_of(planned).items()
    if any(row._mapping[name] != value for name, value in said if name != "source"):
        return True
    if row.removed_at is not None:
        return row.state not in OUT
    # The brand may have begun, or ceased, to want approvals while the post waited.
    if planned.needs_approval:
        return row.state in WAITING and bool(row.decided_by == approval.NOT_NEEDED)
    return bool(row.state == State.PLANNED and row.decision != "rejected")


def _renumber(connection: Connection, present: Mapping[str, Row[Any]], wanted: Mapping[str, PlannedPost]) -> None:
    """Where to find the posts that people may still be asked about. A row that is put in on top is no news of any."""
    moved = [
        {"its_id": post_id, "its_source": planned.source}
        for post_id, planned in sorted(wanted.items())
        if (row := present.get(post_id)) and row.state not in OUT and row.source != planned.source
    ]
    if moved:
        here = update(tables.post).where(tables.post.c.post_id == bindparam("its_id"))
        connection.execute(here.values(source=bindparam("its_source")), moved)


class _Import:
    """One post of the calendar that is news to the ledger."""

    def __init__(self, connection: Connection, planned: PlannedPost, now: datetime, by: str, done: Scheduled) -> None:
        self.connection, self.planned, self.now, self.by, self.done = connection, planned, now, by, done
        self.post, self.post_id = planned.post, planned.post.post_id

    def apply(self) -> None:
        rows = sorted(journal.lock(self.connection, journal.of_post(self.post_id)), key=lambda row: row.part)
        if not rows:
            self.begin()
            return
        before = journal.text_of(self.connection, self.post_id)
        if _may_be_out(rows):
            self.leave(rows, before)
        else:
            self.change(rows, before)

    def begin(self) -> None:
        save(self.connection, self.planned, now=self.now)
        state = self.standing()
        for part in self.post.parts:
            self.add(part.number, state)
        self.done.planned.append(self.post_id)

    def add(self, part: int, state: State) -> None:
        values = {"post_id": self.post_id, "part": part, "account": self.post.account}
        values |= {"publish_at": self.post.publish_at, "state": state, "updated_at": self.now}
        added = insert(tables.publication).values(values).returning(tables.publication)
        journal.remark(self.connection, self.connection.execute(added).one(), self.now, self.by)

    def leave(self, rows: Iterable[journal.PublicationRow], before: Row[Any]) -> None:
        """It is out, or may be, and stays what it was. If it proves not to be out, an edited text is not sent again.
        What of an edited text is not out yet does not go out any more."""
        same = before.content_hash == self.post.content_hash
        if not same and before.removed_at is None:
            self.done.untouched.append(self.post_id)
        mark = update(tables.post).where(tables.post.c.post_id == self.post_id)
        self.connection.execute(mark.values(removed_at=None if same else before.removed_at or self.now))
        if not same:
            _call_off_the_rest(self.connection, rows, EDITED, self.now, self.by)

    def change(self, rows: Sequence[journal.PublicationRow], before: Row[Any]) -> None:
        edited, returned = before.content_hash != self.post.content_hash, before.removed_at is not None
        moved = before.publish_at != self.post.publish_at
        if edited:
            approval.supersede(self.connection, self.post_id, now=self.now)
            self.done.edited.append(self.post_id)
        elif returned:
            self.done.planned.append(self.post_id)
        elif moved:
            self.done.moved.append(self.post_id)
        save(self.connection, self.planned, now=self.now)
        state, parts = self.standing(), len(self.post.parts)
        surplus = [row for row in rows if row.part >= parts and row.state != State.CANCELLED]
        journal.call_off(self.connection, surplus, at=self.now, by=self.by, note=FEWER)
        for part in range(len(rows), parts):
            self.add(part, state)
        for row in rows[:parts]:
            other_policy = row.state in WAITING and (row.state == State.PLANNED) != (state == State.PLANNED)
            if edited or returned or moved or other_policy:
                self.replan(row, state, _why(edited=edited, returned=returned, moved=moved))

    def replan(self, row: journal.PublicationRow, state: State, note: str | None) -> None:
        changes = {"account": self.post.account, "publish_at": self.post.publish_at, **journal.afresh(row)}
        if row.state == state:
            journal.amend(self.connection, row, at=self.now, by=self.by, note=note, **changes)
        else:
            journal.enter(self.connection, row, state, at=self.now, by=self.by, note=note, **changes)

    def standing(self) -> State:
        """Where a post of this text begins: planned until somebody says yes, if the brand wants to be asked."""
        if self.planned.needs_approval:
            approval.end_waiver(self.connection, self.post_id, now=self.now)
        else:
            approval.wave_through(self.connection, self.post_id, self.post.content_hash, now=self.now)
        agreed = approval.is_approved(self.connection, self.post_id, self.post.content_hash)
        return State.APPROVED if agreed else State.PLANNED


def _why(*, edited: bool, returned: bool, moved: bool) -> str | None:
    if edited:
        return "Its text was edited."
    return BACK if returned else "It was moved." if moved else None


def _remove(connection: Connection, post_id: str, now: datetime, by: str, done: Scheduled) -> None:
    rows = journal.lock(connection, journal.of_post(post_id))
    connection.execute(update(tables.post).where(tables.post.c.post_id == post_id).values(removed_at=now))
    if _may_be_out(rows):
        done.untouched.append(post_id)
        _call_off_the_rest(connection, rows, REMOVED, now, by)
    elif journal.call_off(connection, rows, at=now, by=by, note=REMOVED):
        done.cancelled.append(post_id)


def _may_be_out(rows: Iterable[journal.PublicationRow]) -> bool:
    """Whether any part of a post is out, or was sent and nobody knows that it is not."""
    return any(row.sent_at is not None or row.state in OUT for row in rows)


def _call_off_the_rest(
    connection: Connection, rows: Iterable[journal.PublicationRow], note: str, now: datetime, by: str
) -> None:
    """Of a post that is out, or may be: the parts that surely are not do not follow any more."""
    rest = [row for row in rows if row.part and row.sent_at is None and row.state not in OUT]
    journal.call_off(connection, [row for row in rest if row.state != State.CANCELLED], at=now, by=by, note=note)
