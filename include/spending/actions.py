"""The ledger of changes of ad budgets: proposed, decided, applied, checked. A row is never deleted, and ends once.

proposed -> approved | rejected | expired
approved -> applied | moved | failed | expired (also where it is no longer needed)
applied  -> verified | moved | failed
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, Integer, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from include.spending.proposing import NEAR, Change, What
from include.warehouse.tables import ad_entity_history, pacing_action

OPEN = ("proposed", "approved", "applied")
_LOCK = 6142  # of ours alone among PostgreSQL's advisory locks
KEPT_FOR = timedelta(days=3)
"""After somebody said to keep things as they are, nothing is proposed about that budget for so long."""

_c = pacing_action.c


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the ledger."""

    action_id: int
    message_key: str
    brand: str
    budget: str
    title: str
    account: str
    entity_id: str
    entity_name: str
    what: What
    before: str
    after: str
    currency: str
    state: str
    why: str
    deciders: Sequence[str]
    proposed_at: datetime
    expires_at: datetime
    asked_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    applied_at: datetime | None
    settled_at: datetime | None
    note: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_raise(self) -> bool:
        return self.what == "budget" and Decimal(self.after) > Decimal(self.before)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that are asked about together, and by whom they may be decided until when."""

    brand: str
    budget: str
    title: str
    changes: Sequence[Change]
    why: str
    deciders: Sequence[str]
    expires_at: datetime


def propose(engine: Engine, proposal: Proposal, *, now: datetime, agreed_by: str = "") -> str:
    """Write a proposal down; its key, or nothing where a campaign of it has an open one already.

    `agreed_by`: who has agreed to it beforehand.
    """
    key = f"adchange:{proposal.budget}:{now:%Y%m%d%H%M%S}"
    decided = {"state": "approved", "decided_by": agreed_by, "decided_at": now, "note": "agreed beforehand"}
    about = {
        "message_key": key,
        "brand": proposal.brand,
        "budget": proposal.budget,
        "title": proposal.title,
        "why": proposal.why,
        "deciders": list(proposal.deciders),
        "proposed_at": now,
        "expires_at": proposal.expires_at,
        **(decided if agreed_by else {}),
    }
    rows = [about | _row(change) for change in proposal.changes]
    with engine.begin() as connection:
        statement = insert(pacing_action).on_conflict_do_nothing().returning(_c.action_id)
        written = connection.scalars(statement, rows).all() if rows else []
        if len(written) < len(rows):
            connection.rollback()
            return ""
    return key if rows else ""


def _row(change: Change) -> dict[str, Any]:
    return {
        "account": change.account,
        "entity_id": change.entity_id,
        "entity_name": change.name,
        "what": change.what,
        "before": change.before,
        "after": change.after,
        "currency": change.currency,
    }


def actions(engine: Engine, *, since: datetime, states: Sequence[str] = ()) -> list[Action]:
    """The rows in these states (in any), those that were proposed or ended after `since`; the oldest first."""
    wanted = or_(_c.proposed_at > since, _c.settled_at > since, _c.state.in_(OPEN))
    query = select(pacing_action).where(wanted, *([_c.state.in_(states)] if states else []))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(_c.action_id))
        return [Action(**row._mapping) for row in rows]


def by_message(rows: Sequence[Action]) -> dict[str, list[Action]]:
    found: dict[str, list[Action]] = {}
    for row in rows:
        found.setdefault(row.message_key, []).append(row)
    return found


def unasked(engine: Engine, *, now: datetime, by: str | None = None) -> dict[str, list[Action]]:
    """The open proposals that no run has put in Airflow yet (or that the run `by` has), by their message."""
    free = _c.asked_by.is_(None) if by is None else or_(_c.asked_by.is_(None), _c.asked_by == by)
    query = select(pacing_action).where(_c.state == "proposed", _c.expires_at > now, free)
    with engine.connect() as connection:
        return by_message([Action(**row._mapping) for row in connection.execute(query.order_by(_c.action_id))])


def ask(engine: Engine, message_key: str, *, by: str) -> bool:
    """Let the run `by` put the question; whether it is that run's to put."""
    free = or_(_c.asked_by.is_(None), _c.asked_by == by)
    mine = update(pacing_action).where(_c.message_key == message_key, _c.state == "proposed", free)
    with engine.begin() as connection:
        return bool(connection.scalars(mine.values(asked_by=by).returning(_c.action_id)).all())


def decide(engine: Engine, message_key: str, state: str, *, by: str, now: datetime, note: str | None = None) -> int:
    """Answer a proposal while it stands; gives how many rows that decided. `expired` by a person is a "not today"."""
    ended = {} if state == "approved" else {"settled_at": now}
    mine = update(pacing_action).where(_c.message_key == message_key, _c.state == "proposed", _c.expires_at > now)
    with engine.begin() as connection:
        values = {"state": state, "decided_by": by, "decided_at": now, "note": note, **ended}
        return len(connection.scalars(mine.values(**values).returning(_c.action_id)).all())


def expire(engine: Engine, *, now: datetime) -> None:
    """End what nobody answered, or nobody carried out, in time."""
    late = update(pacing_action).where(_c.state.in_(("proposed", "approved")), _c.expires_at <= now)
    with engine.begin() as connection:
        connection.execute(late.values(state="expired", settled_at=now))


def withdraw(engine: Engine, message_key: str, *, now: datetime) -> None:
    """End a proposal that is no longer needed, and what was approved of it; not what is just being sent."""
    mine = update(pacing_action).where(_c.message_key == message_key, _c.state.in_(("proposed", "approved")))
    with engine.begin() as connection:
        free = mine.where(func.pg_try_advisory_xact_lock(_LOCK, cast(_c.action_id, Integer)))
        connection.execute(free.values(state="expired", settled_at=now, note="no longer needed"))


@contextmanager
def alone(engine: Engine, action: Action) -> Iterator[bool]:
    """Send one change at a time: whether it is this process's to send, and still stands as it was read.

    Two runs may want to at once. No transaction is open meanwhile; a process that dies lets go.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = (_LOCK, cast(action.action_id, Integer))
        if not connection.scalar(select(func.pg_try_advisory_lock(*name))):
            yield False
            return
        try:
            yield connection.scalar(select(_c.state).where(_c.action_id == action.action_id)) == action.state
        finally:
            connection.execute(select(func.pg_advisory_unlock(*name)))


def move(engine: Engine, action: Action, state: str, *, now: datetime, note: str | None = None) -> bool:
    """Take one row a step further, if it still stands where it was read. Whether it did."""
    stamp = {"applied_at": now} if state == "applied" else {"settled_at": now}
    mine = update(pacing_action).where(_c.action_id == action.action_id, _c.state == action.state)
    with engine.begin() as connection:
        done = mine.values(state=state, note=note, **stamp).returning(_c.action_id)
        return connection.execute(done).one_or_none() is not None


def remark(engine: Engine, action: Action, note: str) -> None:
    """Why a row stays where it is, for now."""
    with engine.begin() as connection:
        connection.execute(update(pacing_action).where(_c.action_id == action.action_id).values(note=note))


def paused_by_us(engine: Engine) -> dict[str, Action]:
    """The campaigns whose last change of status is a pause of ours, by id.

    Where somebody let one run again since, its pause is nobody's business of ours any more.
    """
    latest = select(func.max(_c.action_id)).where(_c.what.in_(("pause", "resume")), _c.state == "verified")
    query = select(pacing_action).where(_c.action_id.in_(latest.group_by(_c.account, _c.entity_id)), _c.what == "pause")
    with engine.connect() as connection:
        found = [Action(**row._mapping) for row in connection.execute(query)]
        return {each.entity_id: each for each in found if not connection.execute(_woken(each)).first()}


def _woken(action: Action) -> Any:
    """Whether it was seen paused and then otherwise, after our pause."""
    h = ad_entity_history.c
    was_paused = h.before["status"].astext == "PAUSED"
    mine = (h.account == action.account, h.entity_id == action.entity_id, h.replaced_at > action.applied_at)
    return select(h.history_id).where(*mine, was_paused)


def may_propose(
    rows: Sequence[Action], change: Change, *, now: datetime, same_day: Any, is_agreed: bool = False
) -> bool:
    """Whether a budget whose `rows` these are may be proposed about: not after a "keep" for days, and not twice a day.

    `same_day(moment)` says whether a moment is of today, on the clock of the ad account. What was agreed beforehand
    is held back by one thing only: that it has been done today to the same campaign, which somebody let run again.
    """
    what = change.what
    for row in rows:
        if is_agreed and row.entity_id != change.entity_id:
            continue
        at = row.settled_at or row.applied_at or row.decided_at
        if row.state == "rejected" and not is_agreed and at and now - at < KEPT_FOR:
            return False
        is_settled = row.state in ("verified", "failed", "moved", "applied") and row.what == what
        is_put_off = row.state == "expired" and row.note == "later" and not is_agreed
        if at and (is_settled or is_put_off) and same_day(at):
            return False
    return True


def same_changes(rows: Sequence[Action], changes: Sequence[Change]) -> bool:
    """Whether an open proposal asks for the same of the same campaigns: from what they are set to now, and to an amount
    that is about the same still (a new day may need another one)."""
    asked = {(row.entity_id, row.what): row for row in rows}
    wanted = {(each.entity_id, each.what): each for each in changes}
    return asked.keys() == wanted.keys() and all(_is_same(row, wanted[key]) for key, row in asked.items())


def _is_same(row: Action, change: Change) -> bool:
    if row.what != "budget":
        return True
    before, after, newer = Decimal(row.before), Decimal(row.after), Decimal(change.after)
    return before == Decimal(change.before) and abs(after - newer) * NEAR <= after


def kept(engine: Engine, *, since: datetime) -> Mapping[str, list[Action]]:
    """All lately proposed, by budget."""
    found: dict[str, list[Action]] = {}
    for row in actions(engine, since=since):
        found.setdefault(row.budget, []).append(row)
    return found
