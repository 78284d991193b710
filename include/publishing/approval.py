"""Who said yes to which text. An approval is bound to the hash of what a reader will see; an edit needs a new one.

Whether `by` is one of the brand's approvers is for the asker to know: in Airflow only they are shown the question, in
Slack only their reactions are read. The two ways stand side by side; the first answer counts, and a no after a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, exists, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from include.domain.posts import Post
from include.publishing import journal
from include.publishing.plan import post_of
from include.publishing.states import STOPPABLE, State
from include.warehouse.tables import approval, post, publication

IN_SLACK = "in Slack"
"""The note of an answer that was a reaction: only of such a one can be said that it was taken back."""

HEARD_LATE = timedelta(minutes=5)
"""How long after a question's time an answer still counts: it may have been given in time, and read after."""

NOT_NEEDED = "nobody: the brand needs no approval"


class StaleAnswer(ValueError):
    """An answer that counts no more: for a text that was edited, or after its time. The message says which."""


def unasked(engine: Engine, *, by: str | None = None) -> list[Post]:
    """The planned posts about whose text nobody was asked, or nobody answered in time; the earliest first.

    Questions that the run `by` has put itself do not count, so that a run that is repeated finds its own again.
    """
    of_others = approval.c.asked_by.is_distinct_from(by) if by else true()
    standing = approval.c.decision.in_(("approved", "rejected")) | ((approval.c.decision == "asked") & of_others)
    asked = exists().where(approval.c.post_id == post.c.post_id, _of_this_text(), standing)
    waiting = and_(publication.c.post_id == post.c.post_id, publication.c.state == State.PLANNED)
    query = select(post).where(exists().where(waiting), post.c.removed_at.is_(None), ~asked)
    with engine.connect() as connection:
        return [post_of(row) for row in connection.execute(query.order_by(post.c.publish_at, post.c.post_id))]


def ask(
    engine: Engine,
    post_id: str,
    content_hash: str,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    by: str | None = None,
) -> bool:
    """Note that the run `by` puts the text to an approver. False where another did: that question stands."""
    with engine.begin() as connection:
        journal.lock(connection, journal.of_post(post_id))
        before = _answer(connection, post_id, content_hash)
        if before is not None and before.decision in ("asked", "approved", "rejected"):
            return before.decision == "asked" and by is not None and before.asked_by == by
        anew = {"asked_at": now, "asked_by": by, "expires_at": expires_at}
        anew |= {"decided_by": None, "decided_at": None, "note": None}
        _write(connection, post_id, content_hash, "asked", **anew)
        return True


def approve(
    engine: Engine,
    post_id: str,
    content_hash: str,
    *,
    by: str,
    now: datetime,
    note: str | None = None,
    after_a_no: bool = True,
) -> None:
    """Let this very text go out. Raises StaleAnswer; approving what is approved changes nothing. Unless `after_a_no`,
    what somebody rejected stays rejected, also at the same moment."""
    with engine.begin() as connection:
        rows = _answerable(connection, post_id, content_hash, now)
        before = _answer(connection, post_id, content_hash)
        if before is not None and before.decision == "rejected" and not after_a_no:
            said = f"{before.decided_by} rejected the text of post {post_id} on {before.decided_at:%d %b at %H:%M} UTC"
            raise StaleAnswer(f"{said}, and a no stands until the text is edited. Edit it, and it is asked about anew.")
        if not is_approved(connection, post_id, content_hash):
            _write(connection, post_id, content_hash, "approved", decided_by=by, decided_at=now, note=note)
        for row in rows:
            if row.state == State.PLANNED:
                journal.enter(connection, row, State.APPROVED, at=now, by=by)


def reject(engine: Engine, post_id: str, content_hash: str, *, by: str, now: datetime, note: str | None = None) -> None:
    """Keep this text from going out, until it is edited or approved after all. Raises StaleAnswer."""
    with engine.begin() as connection:
        rows = _answerable(connection, post_id, content_hash, now)
        before = _answer(connection, post_id, content_hash)
        if before is not None and before.decision == "rejected":
            return
        _write(connection, post_id, content_hash, "rejected", decided_by=by, decided_at=now, note=note)
        why = f" {note}" if note == IN_SLACK else f": {note}" if note else ""
        words = f"Rejected by {by}{why}. Edit it, or approve it after all."
        for row in rows:
            if row.state not in STOPPABLE:
                raise StaleAnswer(f"Post {post_id} is {row.state} already; the answer comes too late to stop it.")
            if row.sent_at is not None:
                raise StaleAnswer(f"Post {post_id} may be out. Look at the account, and decide under its held message.")
            if row.state == State.PLANNED:
                journal.amend(connection, row, at=now, by=by, note=words)
            else:
                journal.enter(connection, row, State.PLANNED, at=now, by=by, note=words, **journal.afresh(row))


def settle(
    engine: Engine, post_id: str, content_hash: str, *, is_yes: bool, by: str, now: datetime, note: str | None = None
) -> None:
    """Keep an approver's answer, from wherever it came. Raises StaleAnswer; so does a yes to what somebody rejected,
    for whoever gave it may not know of the no."""
    if is_yes:
        approve(engine, post_id, content_hash, by=by, now=now, note=note, after_a_no=False)
    else:
        reject(engine, post_id, content_hash, by=by, now=now, note=note)


@dataclass(frozen=True, slots=True)
class Question:
    """A text that somebody was asked about, and what became of that. `post` is the calendar's text now, which is this
    one unless the question was superseded; `state` is where its publication stands."""

    post: Post
    brand: str
    content_hash: str
    decision: str
    asked_at: datetime
    expires_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    state: State
    source: str = ""
    note: str | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.decision == "asked" and self.state != State.CANCELLED

    @property
    def is_called_off(self) -> bool:
        """Whether this text is the post's last, and no longer goes out, whatever was answered: `reason` says why."""
        return self.state == State.CANCELLED and self.decision in ("asked", "approved", "rejected")


def questions(engine: Engine, *, since: datetime) -> list[Question]:
    """The questions about which somebody may still have something to say: those that stand, those whose yes can still
    be taken for a no, and those that ended, or whose post was called off, after `since`. The earliest post first."""
    stoppable = and_(approval.c.decision == "approved", publication.c.state.in_(STOPPABLE))
    called_off = and_(publication.c.state == State.CANCELLED, publication.c.updated_at > since)
    recent = or_(approval.c.decision == "asked", approval.c.decided_at > since, stoppable, called_off)
    first = and_(publication.c.post_id == post.c.post_id, publication.c.part == 0)
    query = (
        select(
            post,
            approval.c.content_hash.label("asked_hash"),
            approval.c.decision,
            approval.c.asked_at,
            approval.c.expires_at,
            approval.c.decided_by,
            approval.c.decided_at,
            approval.c.note,
            publication.c.state,
            publication.c.reason,
        )
        .join(approval, approval.c.post_id == post.c.post_id)
        .join(publication, first)
        .where(recent, approval.c.decided_by.is_distinct_from(NOT_NEEDED))
        .order_by(post.c.publish_at, post.c.post_id, approval.c.asked_at)
    )
    with engine.connect() as connection:
        return [_question(row) for row in connection.execute(query)]


def _question(row: Row[Any]) -> Question:
    return Question(
        post_of(row),
        row.brand,
        row.asked_hash,
        row.decision,
        row.asked_at,
        row.expires_at,
        row.decided_by,
        row.decided_at,
        State(row.state),
        row.source,
        row.note,
        row.reason,
    )


def decision(engine: Engine, post_id: str, content_hash: str) -> str:
    """What became of the question about this text: asked, approved, rejected, expired or superseded; or empty."""
    with engine.connect() as connection:
        row = _answer(connection, post_id, content_hash)
    return str(row.decision) if row else ""


def expire(engine: Engine, *, now: datetime) -> list[str]:
    """End the questions whose time ran out a few minutes ago; the ids of their posts. These stay planned, and are not
    sent."""
    over = and_(approval.c.decision == "asked", approval.c.expires_at < now - HEARD_LATE)
    with engine.begin() as connection:
        ended = update(approval).where(over).values(decision="expired", decided_at=now).returning(approval.c.post_id)
        return sorted(connection.scalars(ended))


def is_approved(connection: Connection, post_id: str, content_hash: str) -> bool:
    """Whether this text may go out: somebody said so, or its brand asks nobody."""
    row = _answer(connection, post_id, content_hash)
    return row is not None and row.decision == "approved"


def wave_through(connection: Connection, post_id: str, content_hash: str, *, now: datetime) -> None:
    """Note that the text needs nobody's approval, unless somebody has already said yes or no to it."""
    answer = _answer(connection, post_id, content_hash)
    if answer is None or answer.decision not in ("approved", "rejected"):
        _write(connection, post_id, content_hash, "approved", decided_by=NOT_NEEDED, decided_at=now)


def end_waiver(connection: Connection, post_id: str, *, now: datetime) -> None:
    """The brand wants to be asked from now on: what was waved through counts no more."""
    _supersede(connection, post_id, now, approval.c.decided_by == NOT_NEEDED)


def supersede(connection: Connection, post_id: str, *, now: datetime) -> None:
    """End every question and every answer about the post: its text is another now."""
    _supersede(connection, post_id, now)


def _supersede(connection: Connection, post_id: str, now: datetime, *which: ColumnElement[bool]) -> None:
    standing = and_(approval.c.post_id == post_id, approval.c.decision != "superseded", *which)
    connection.execute(update(approval).where(standing).values(decision="superseded", decided_at=now))


def _of_this_text() -> ColumnElement[bool]:
    return approval.c.content_hash == post.c.content_hash


def _answer(connection: Connection, post_id: str, content_hash: str) -> Row[Any] | None:
    key = (approval.c.post_id == post_id, approval.c.content_hash == content_hash)
    return connection.execute(select(approval).where(*key)).one_or_none()


def _answerable(
    connection: Connection, post_id: str, content_hash: str, now: datetime
) -> Sequence[journal.PublicationRow]:
    """The post's publications, locked, if an answer about this text still counts."""
    rows = journal.lock(connection, journal.of_post(post_id))
    if not rows:
        raise StaleAnswer(f"There is no post {post_id}.")
    text = journal.text_of(connection, post_id)
    if text.removed_at is not None:
        raise StaleAnswer(f"Post {post_id} is no longer in the calendar; the answer changes nothing.")
    if text.content_hash != content_hash:
        raise StaleAnswer(f"Post {post_id} was edited after it was put before you; the new text needs its own answer.")
    answer = _answer(connection, post_id, content_hash)
    late = answer is not None and answer.expires_at is not None and answer.expires_at < now - HEARD_LATE
    if answer is not None and (answer.decision == "expired" or (answer.decision == "asked" and late)):
        until = f" The question stood until {answer.expires_at:%d %b %H:%M} UTC." if answer.expires_at else ""
        raise StaleAnswer(
            f"The answer about post {post_id} came too late.{until} While there is time, it is asked anew."
        )
    return rows


def _write(connection: Connection, post_id: str, content_hash: str, decision: str, **values: object) -> None:
    values = {"post_id": post_id, "content_hash": content_hash, "decision": decision, **values}
    statement = insert(approval).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["post_id", "content_hash"], set_=values))
