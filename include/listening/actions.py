"""The ledger of what rules want done about comments. A row is never deleted, ends once, and says who and when.

    proposed ──> approved ──> applied ──> undoing ──> undone
       │            │ ^          ^           └──> applied (it cannot be undone from here)
       │            v │ absent   │ found
       │          sending ──> unknown ──> failed (nobody could find out; a person looks)
       └──> rejected, expired    approved, sending ──> failed (refused, or the comment was edited or is gone)

Only an answer passes through `sending`: it is irreversible. The step there is a compare-and-set on the fence and
committed before the call; who dies after it leaves the row `unknown`, which is looked up and never sent on a guess.
Hiding, labels and persons may be set again, so they need none of that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, Select, and_, func, or_, select, update

from include.domain.posts import Receipt
from include.warehouse.tables import comment, comment_case, moderation_action

What = Literal["hide", "label", "assign", "answer"]
State = Literal[
    "proposed", "approved", "rejected", "expired", "sending", "unknown", "applied", "failed", "undoing", "undone"
]

BY_RULE = "the rule "
"""With what `decided_by` begins where nobody was asked."""
OPEN = ("proposed", "approved", "sending", "unknown", "undoing")
STANDS_FOR = timedelta(days=3)
"""How long a proposal waits for an answer; and how long what was approved is tried."""
LEASE = timedelta(minutes=5)
UNDOABLE_FOR = timedelta(days=3)
"""How long ↩️ under a message is looked for. The command undoes what is older."""

_c = moderation_action.c


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the ledger, with what its comment says now (`text` is None where it is no longer kept)."""

    action_id: int
    message_key: str
    brand: str
    account: str
    comment_id: str
    text_hash: str
    rule: str
    what: What
    before: str
    after: str
    language: str
    by_hand: bool
    state: State
    proposed_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    fence: int
    lease_until: datetime | None
    not_before: datetime | None
    sent_at: datetime | None
    remote_id: str | None
    url: str | None
    applied_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    settled_at: datetime | None
    note: str | None
    text: str | None
    comment_url: str
    post_id: str
    created_at: datetime
    is_edited: bool
    is_gone: bool
    taken_by: str | None

    @property
    def key(self) -> str:
        """The idempotency key of an answer: the same for every attempt at it."""
        return f"answer:{self.action_id}"


def actions(engine: Engine, *where: ColumnElement[bool]) -> list[Action]:
    """The rows that fit, the oldest first."""
    with engine.connect() as connection:
        return [Action(**row._mapping) for row in connection.execute(_query().where(*where))]


def _query() -> Select[Any]:
    seen = and_(comment.c.account == _c.account, comment.c.comment_id == _c.comment_id)
    beside = (
        comment.c.text,
        comment.c.url.label("comment_url"),
        comment.c.remote_id.label("post_id"),
        comment.c.created_at,
        func.coalesce(func.md5(comment.c.text) != _c.text_hash, False).label("is_edited"),
        comment.c.gone_at.is_not(None).label("is_gone"),
        comment_case.c.taken_by,
    )
    case = and_(comment_case.c.account == _c.account, comment_case.c.comment_id == _c.comment_id)
    query = select(moderation_action, *beside).join(comment, seen).outerjoin(comment_case, case)
    return query.order_by(_c.action_id)


def of_interest(engine: Engine, *, now: datetime, settled_for: timedelta) -> dict[str, list[Action]]:
    """The proposals that are open, may be undone by a reaction, or ended lately, by their message."""
    lately = or_(_c.settled_at > now - settled_for, _c.undone_at > now - settled_for)
    can_undo = and_(_c.state == "applied", _c.applied_at > now - UNDOABLE_FOR)
    keys = select(_c.message_key).where(or_(_c.state.in_(OPEN), lately, can_undo))
    return by_message(actions(engine, _c.message_key.in_(keys)))


def by_message(rows: Iterable[Action]) -> dict[str, list[Action]]:
    found: dict[str, list[Action]] = {}
    for row in rows:
        found.setdefault(row.message_key, []).append(row)
    return found


def in_states(engine: Engine, *states: str) -> list[Action]:
    return actions(engine, _c.state.in_(states))


def decide(engine: Engine, which: str | int, *, is_yes: bool, by: str, now: datetime) -> int:
    """Answer a proposal (a message's key), or one row of it, while it stands; gives how many rows that decided.

    What the network cannot do is done by hand: the yes says that it was.
    """
    mine = update(moderation_action).where(_of(which), _c.state == "proposed", _c.expires_at > now)
    with engine.begin() as connection:
        decided = {"decided_by": by, "decided_at": now}
        if not is_yes:
            rows = mine.values(state="rejected", settled_at=now, **decided).returning(_c.action_id)
            return len(connection.scalars(rows).all())
        said = f"Done by hand, says {by}."
        done = mine.where(_c.by_hand).values(state="applied", applied_at=now, note=said, **decided)
        going = mine.where(~_c.by_hand).values(state="approved", expires_at=now + STANDS_FOR, **decided)
        found = [connection.scalars(each.returning(_c.action_id)).all() for each in (done, going)]
        return sum(map(len, found))


def _of(which: str | int) -> ColumnElement[bool]:
    return _c.action_id == which if isinstance(which, int) else _c.message_key == which


def reword(engine: Engine, message_key: str, text: str, *, by: str) -> bool:
    """Let a proposed answer say something else. Whether there was one."""
    mine = update(moderation_action).where(_of(message_key), _c.state == "proposed", _c.what == "answer")
    with engine.begin() as connection:
        values = {"after": text, "note": f"Reworded by {by}."}
        return bool(connection.scalars(mine.values(**values).returning(_c.action_id)).all())


def expire(engine: Engine, *, now: datetime) -> None:
    """End what nobody answered or could carry out in time; what was being sent when its process died is unknown."""
    late = update(moderation_action).where(_c.state.in_(("proposed", "approved")), _c.expires_at <= now)
    dead = update(moderation_action).where(_c.state == "sending", _c.lease_until < now)
    words = "Its process went away while it was sent; it is looked up."
    with engine.begin() as connection:
        connection.execute(late.values(state="expired", settled_at=now))
        connection.execute(dead.values(state="unknown", lease_until=None, not_before=None, note=words))


def move(engine: Engine, action: Action, state: State, *, note: str | None = None, **values: Any) -> bool:
    """Take a row a step further, if nobody else has since it was read. Whether it did."""
    here = (_c.action_id == action.action_id, _c.state == action.state, _c.fence == action.fence)
    with engine.begin() as connection:
        said = {} if note is None else {"note": note}
        done = update(moderation_action).where(*here).values(state=state, **said, **values)
        return connection.execute(done.returning(_c.action_id)).one_or_none() is not None


def begin_sending(engine: Engine, action: Action, *, now: datetime) -> Action | None:
    """Claim an approved answer: committed before the call. The row as it then stands; None if it is somebody else's."""
    here = (_c.action_id == action.action_id, _c.state == "approved", _c.fence == action.fence)
    values = {"state": "sending", "fence": _c.fence + 1, "sent_at": now, "lease_until": now + LEASE, "not_before": None}
    with engine.begin() as connection:
        done = update(moderation_action).where(*here).values(**values).returning(_c.action_id)
        if connection.execute(done).one_or_none() is None:
            return None
    return actions(engine, _c.action_id == action.action_id)[0]


def sent(engine: Engine, action: Action, receipt: Receipt, *, now: datetime, note: str | None = None) -> None:
    """The network has it: written down whatever became of the claim meanwhile, for nothing else can be known of it."""
    here = (_c.action_id == action.action_id, _c.fence == action.fence, _c.state.in_(("sending", "unknown")))
    values = {"remote_id": receipt.remote_id, "url": receipt.url, "applied_at": now, "lease_until": None, "note": note}
    with engine.begin() as connection:
        connection.execute(update(moderation_action).where(*here).values(state="applied", **values))


def is_anothers(engine: Engine, action: Action, receipt: Receipt) -> bool:
    """Whether the answer that was found is known to be that of another row: in a flat thread two may say the same."""
    theirs = (_c.account == action.account, _c.remote_id == receipt.remote_id, _c.action_id != action.action_id)
    with engine.connect() as connection:
        return connection.execute(select(_c.action_id).where(*theirs).limit(1)).one_or_none() is not None


def twins(engine: Engine, action: Action) -> list[Action]:
    """Other answers in the same words under the same post that may be out as well, and of which nobody knows where."""
    same = (_c.account == action.account, comment.c.remote_id == action.post_id, _c.after == action.after)
    adrift = (_c.state.in_(("sending", "unknown", "failed")), _c.sent_at.is_not(None), _c.remote_id.is_(None))
    return actions(engine, _c.what == "answer", _c.action_id != action.action_id, *same, *adrift)


def want_undone(engine: Engine, which: str | int, *, by: str, now: datetime) -> int:
    """Have taken back what was done; gives how many rows that is about. The next run does it."""
    mine = update(moderation_action).where(_of(which), _c.state == "applied", _c.undone_by.is_(None))
    with engine.begin() as connection:
        values = {"state": "undoing", "undone_by": by, "undone_at": now}
        return len(connection.scalars(mine.values(**values).returning(_c.action_id)).all())


def note_hidden(engine: Engine, action: Action, *, is_hidden: bool) -> None:
    """What the network shows now; the next time that the comment is heard, the network's own word replaces it."""
    here = (comment.c.account == action.account, comment.c.comment_id == action.comment_id)
    with engine.begin() as connection:
        connection.execute(update(comment).where(*here).values(hidden=is_hidden))
