"""Who sends what: claims, and the steps that a claim may take. This, not Airflow, is what makes a post go out once.

A claim has a lease, after which others may take the post over, and a fence, a number that rises with every claim and
every edit. Each step compares the fence, so whoever was overtaken can do nothing more. `begin_sending` is committed
before the platform is called; from then on `sent_at` is set until it is *known* that nothing was published, and no
publication with a `sent_at` is ever sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, exists, or_, tuple_

from include.domain.posts import Receipt
from include.publishing import approval, journal
from include.publishing.states import AHEAD, IN_FLIGHT, LEASED, State
from include.warehouse.tables import publication

HORIZON = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
SENDING_LEASE = timedelta(minutes=5)
GRACE = timedelta(minutes=60)

_UNANSWERED = frozenset({State.SENDING, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one publication, until `lease_until` or until somebody overtakes it."""

    post_id: str
    part: int
    account: str
    fence: int
    by: str
    content_hash: str
    publish_at: datetime
    lease_until: datetime

    @property
    def key(self) -> str:
        return key_of(self.post_id, self.part, self.content_hash)


def key_of(post_id: str, part: int, content_hash: str) -> str:
    """The idempotency key of a publication: the same for every attempt at this text."""
    return f"{post_id}/{part}/{content_hash[:16]}"


def claim(
    engine: Engine,
    *,
    now: datetime,
    by: str,
    grace: Mapping[str, timedelta] | None = None,
    horizon: timedelta = HORIZON,
    lease: timedelta = LEASE,
    most: int = 50,
) -> list[Claim]:
    """Take what falls due until `now + horizon`: of each account the earliest, and none while one is under way.

    `grace` says by account how late a post may still go out; what is later is held. Two processes may claim at once.
    """
    with engine.connect() as connection:
        with connection.begin():
            _end_leases(connection, now, by)
        with connection.begin():
            _fall_due(connection, now, horizon, grace or {}, by)
        with connection.begin():
            rows = journal.lock(connection, *_claimable(now, horizon), skip_locked=True, most=most)
            return [_take(connection, row, now, by, lease) for row in rows]


def media_ready(engine: Engine, claim: Claim, prepared: Mapping[str, Any] | None, *, now: datetime) -> bool:
    """The platform holds ready what the post needs. False where the claim was overtaken: stop."""
    return _step(engine, claim, LEASED, State.MEDIA_READY, now, prepared=dict(prepared or {}))


def begin_sending(engine: Engine, claim: Claim, *, now: datetime) -> bool:
    """The last look before the irreversible call, committed when this returns. False: do not send.

    True for one claim only, whose text is still the calendar's and approved, and whose lease still runs.
    """
    with engine.begin() as connection:
        row = _mine(connection, claim, {State.MEDIA_READY})
        if row is None or row.sent_at is not None or row.lease_until < now or not _is_wanted(connection, claim):
            return False
        counted = row.attempts + 1
        until = now + SENDING_LEASE
        journal.enter(
            connection, row, State.SENDING, at=now, by=claim.by, sent_at=now, lease_until=until, attempts=counted
        )
        return True


def live(engine: Engine, claim: Claim, receipt: Receipt, *, now: datetime) -> bool:
    """The platform has it. False where the publication moved on without us: then the receipt is in its events only,
    and two copies may be out."""
    with engine.begin() as connection:
        row = _mine(connection, claim, _UNANSWERED | {State.HELD})
        if row is not None and row.sent_at is not None:
            set_live(connection, row, receipt, now=now, by=claim.by)
            return True
        (row,) = journal.lock(connection, *_here(claim))
        if row.remote_id == receipt.remote_id:
            return True
        journal.remark(connection, row, now, claim.by, f"A receipt came late: {receipt.remote_id} {receipt.url}")
        return False


def set_live(connection: Connection, row: journal.PublicationRow, receipt: Receipt, *, now: datetime, by: str) -> None:
    """Keep the receipt of a locked publication."""
    kept: dict[str, Any] = {"remote_id": receipt.remote_id, "url": receipt.url, "live_at": receipt.accepted_at}
    journal.enter(connection, row, State.LIVE, at=now, by=by, lease_until=None, **kept)


def refuse(engine: Engine, claim: Claim, reason: str, *, now: datetime) -> bool:
    """The platform said no; nothing was published."""
    return _step(engine, claim, LEASED | _UNANSWERED, State.REFUSED, now, note=reason, sent_at=None)


def hold(engine: Engine, claim: Claim, reason: str, *, now: datetime) -> bool:
    """Nothing was published, and a person has to do something first."""
    return _step(engine, claim, LEASED | _UNANSWERED, State.HELD, now, note=reason, sent_at=None)


def release(engine: Engine, claim: Claim, reason: str, *, now: datetime, not_before: datetime) -> bool:
    """Nothing was published; it is due again, but not before `not_before`."""
    changes = {"sent_at": None, "claimed_by": None, "not_before": not_before}
    return _step(engine, claim, LEASED | _UNANSWERED, State.DUE, now, note=reason, **changes)


def unknown(engine: Engine, claim: Claim, reason: str, *, now: datetime) -> bool:
    """It was sent and no answer came: only the platform's own lists tell what became of it."""
    return _step(engine, claim, {State.SENDING}, State.UNKNOWN, now, note=reason)


def is_late(row: journal.PublicationRow, now: datetime, grace: Mapping[str, timedelta]) -> bool:
    """Whether its time is so long past that nobody counts on it any more."""
    late: bool = row.publish_at + grace.get(row.account, GRACE) < now
    return late


def late_words(row: journal.PublicationRow, now: datetime) -> str:
    """Why a late post is held."""
    minutes = int((now - row.publish_at).total_seconds() // 60)
    was = f" Before: {row.reason}" if row.reason else ""
    return f"Due {row.publish_at:%d %b %H:%M} UTC, {minutes} minutes ago: too late to go out unasked.{was}"


def _step(
    engine: Engine,
    claim: Claim,
    before: frozenset[State] | set[State],
    after: State,
    now: datetime,
    *,
    note: str | None = None,
    **changes: object,
) -> bool:
    with engine.begin() as connection:
        row = _mine(connection, claim, before)
        if row is None:
            return False
        if row.state != after:
            journal.enter(connection, row, after, at=now, by=claim.by, note=note, **changes)
        return True


def _mine(connection: Connection, claim: Claim, states: frozenset[State] | set[State]) -> journal.PublicationRow | None:
    """The claim's publication, locked, if nobody has overtaken it."""
    rows = journal.lock(connection, *_here(claim))
    return next((row for row in rows if row.fence == claim.fence and row.state in states), None)


def _here(claim: Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return publication.c.post_id == claim.post_id, publication.c.part == claim.part


def _is_wanted(connection: Connection, claim: Claim) -> bool:
    text = journal.text_of(connection, claim.post_id)
    if text.removed_at is not None or text.content_hash != claim.content_hash:
        return False
    return approval.is_approved(connection, claim.post_id, claim.content_hash)


def _end_leases(connection: Connection, now: datetime, by: str) -> None:
    over = publication.c.lease_until < now
    for row in journal.lock(connection, publication.c.state.in_(LEASED), over, skip_locked=True):
        note = f"{row.claimed_by} did not finish in time."
        journal.enter(connection, row, State.DUE, at=now, by=by, note=note, claimed_by=None, lease_until=None)
    for row in journal.lock(connection, publication.c.state == State.SENDING, over, skip_locked=True):
        note = f"{row.claimed_by} went away while sending; whether it is out has to be looked up."
        journal.enter(connection, row, State.UNKNOWN, at=now, by=by, note=note, lease_until=None)


def _fall_due(
    connection: Connection, now: datetime, horizon: timedelta, grace: Mapping[str, timedelta], by: str
) -> None:
    its_time = publication.c.publish_at <= now + horizon
    for row in journal.lock(connection, publication.c.state.in_(AHEAD), its_time, skip_locked=True):
        if is_late(row, now, grace):
            journal.enter(connection, row, State.HELD, at=now, by=by, note=late_words(row, now))
        elif row.state == State.APPROVED:
            journal.enter(connection, row, State.DUE, at=now, by=by)


def _claimable(now: datetime, horizon: timedelta) -> tuple[ColumnElement[bool], ...]:
    other = publication.alias("other")
    before = tuple_(other.c.publish_at, other.c.post_id, other.c.part) < tuple_(*journal.ORDER)
    in_the_way = or_(other.c.state.in_(IN_FLIGHT), other.c.state.in_(AHEAD) & before)
    return (
        publication.c.state == State.DUE,
        publication.c.sent_at.is_(None),
        publication.c.publish_at <= now + horizon,
        or_(publication.c.not_before.is_(None), publication.c.not_before <= now),
        ~exists().where(other.c.account == publication.c.account, in_the_way),
    )


def _take(connection: Connection, row: journal.PublicationRow, now: datetime, by: str, lease: timedelta) -> Claim:
    fence, until = row.fence + 1, max(now, row.publish_at) + lease
    changes = {"fence": fence, "claimed_by": by, "lease_until": until, "not_before": None, "prepared": None}
    journal.enter(connection, row, State.CLAIMED, at=now, by=by, **changes)
    text = journal.text_of(connection, row.post_id)
    return Claim(row.post_id, row.part, row.account, fence, by, text.content_hash, row.publish_at, until)
