"""Who sends what: claims, and the steps that a claim may take. This, not Airflow, is what makes a post go out once.

A claim has a lease, after which others may take the post over, and a fence, a number that rises with every claim and
every edit. Each step compares the fence, so whoever was overtaken can do nothing more. `begin_sending` is committed
before the platform is called; from then on `sent_at` is set until it is *known* that nothing was published, and no
publication with a `sent_at` is ever sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, exists, func, or_, select, tuple_

from include.domain.posts import Receipt
from include.publishing import approval, attempts, journal, quotas
from include.publishing.claimable import claimable, has_its_turn
from include.publishing.quotas import Caps
from include.publishing.states import AHEAD, LEASED, ON_SHOW, State
from include.warehouse.on_hold import is_on_hold
from include.warehouse.tables import publication

HORIZON = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
SENDING_LEASE = timedelta(minutes=5)
GRACE = timedelta(minutes=60)

_UNANSWERED = frozenset({State.SENDING, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one publication, until `lease_until` or until somebody overtakes it. `after` are the remote
    ids of the parts before it, which are out; `earlier` is what an attempt before this one had prepared."""

    post_id: str
    part: int
    account: str
    fence: int
    by: str
    content_hash: str
    publish_at: datetime
    lease_until: datetime
    after: tuple[str, ...] = ()
    earlier: Mapping[str, Any] | None = None

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
    caps: Caps | None = None,
    horizon: timedelta = HORIZON,
    lease: timedelta | None = None,
    most: int = 50,
) -> list[Claim]:
    """Take what falls due until `now + horizon`: of each account the earliest, and none while one is under way.

    `grace` says by account how late a post may still go out; what is later is held. `caps` says how many posts its
    network takes; what goes beyond them waits until a place is free. Two processes may claim at once.
    """
    with engine.connect() as connection:
        with connection.begin():
            _end_leases(connection, now, by)
        with connection.begin():
            _fall_due(connection, now, horizon, grace or {}, by)
        with connection.begin():
            claims: list[Claim] = []
            for row in _free(connection, *claimable(now, horizon)):
                if not _is_full(connection, row, caps or {}, now, by):
                    claims.append(_take(connection, row, now, by, lease or LEASE))
                if len(claims) == most:
                    break
            return claims


def media_ready(engine: Engine, claim: Claim, prepared: Mapping[str, Any] | None, *, now: datetime) -> bool:
    """The platform holds ready what the post needs. False where the claim was overtaken: stop."""
    return _step(engine, claim, LEASED, State.MEDIA_READY, now, prepared=dict(prepared or {}))


def renew(engine: Engine, claim: Claim, *, now: datetime) -> bool:
    """Whoever prepares is still at it: the lease begins anew. False where the claim was overtaken."""
    with engine.begin() as connection:
        row = _mine(connection, claim, LEASED)
        if row is not None:
            journal.prolong(connection, row, max(row.lease_until, now + LEASE))
        return row is not None


def begin_sending(engine: Engine, claim: Claim, *, now: datetime, asked: Sequence[Any] = ()) -> bool:
    """The last look before the irreversible call, committed when this returns. False: do not send.

    True for one claim only, whose text is still the calendar's and approved, whose parts before are out, which nobody
    holds, and whose lease still runs. `asked` is what will be asked of the platform, for the log of attempts.
    """
    with engine.begin() as connection:
        row = _mine(connection, claim, {State.MEDIA_READY})
        if row is None or row.sent_at is not None or row.lease_until < now or not _is_wanted(connection, claim):
            return False
        if not _may_go(connection, claim):
            note = f"{claim.account} is held, or the part before is no longer out; nothing was sent."
            journal.enter(connection, row, State.DUE, at=now, by=claim.by, note=note, **journal.afresh(row))
            return False
        attempts.begin(connection, claim, "publish", at=now, by=claim.by, asked=asked)
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
        attempts.end_of(connection, claim, State.LIVE, at=now, words=f"Live at {receipt.url}", status=None)
        row = _mine(connection, claim, _UNANSWERED | {State.HELD})
        if row is not None and row.sent_at is not None:
            set_live(connection, row, receipt, now=now, by=claim.by)
            return True
        row = _row_of(connection, claim)
        if row.remote_id == receipt.remote_id:
            return True
        journal.remark(connection, row, now, claim.by, f"A receipt came late: {receipt.remote_id} {receipt.url}")
        return False


def set_live(connection: Connection, row: journal.PublicationRow, receipt: Receipt, *, now: datetime, by: str) -> None:
    """Keep the receipt of a locked publication. One that a person put out was sent too, and is never sent again."""
    kept: dict[str, Any] = {"remote_id": receipt.remote_id or None, "url": receipt.url, "live_at": receipt.accepted_at}
    kept["sent_at"] = row.sent_at or receipt.accepted_at
    journal.enter(connection, row, State.LIVE, at=now, by=by, lease_until=None, **kept)


def owner(connection: Connection, about: attempts.Concerned, receipt: Receipt) -> str | None:
    """The post of ours that is known to be what the receipt names, where that is another than the one it is for."""
    same = (publication.c.account == about.account, publication.c.remote_id == receipt.remote_id)
    another = tuple_(publication.c.post_id, publication.c.part) != tuple_(about.post_id, about.part)
    return connection.scalar(select(publication.c.post_id).where(*same, another))


def owner_of(engine: Engine, claim: Claim, receipt: Receipt) -> str | None:
    """Whose receipt it is that came for a claim; None where it is the claim's own."""
    with engine.connect() as connection:
        return owner(connection, claim, receipt)


def doubt(engine: Engine, claim: Claim, reason: str, *, now: datetime, status: int | None = None) -> bool:
    """It was sent, and only a person can tell whether it is out."""
    return _step(engine, claim, _UNANSWERED, State.HELD, now, note=reason, status=status, lease_until=None)


def refuse(engine: Engine, claim: Claim, reason: str, *, now: datetime, status: int | None = None) -> bool:
    """The platform said no; nothing was published."""
    return _step(engine, claim, LEASED | _UNANSWERED, State.REFUSED, now, note=reason, status=status, sent_at=None)


def hold(engine: Engine, claim: Claim, reason: str, *, now: datetime, status: int | None = None) -> bool:
    """Nothing was published, and a person has to do something first."""
    return _step(engine, claim, LEASED | _UNANSWERED, State.HELD, now, note=reason, status=status, sent_at=None)


def release(
    engine: Engine,
    claim: Claim,
    reason: str,
    *,
    now: datetime,
    not_before: datetime,
    status: int | None = None,
    made: Mapping[str, Any] | None = None,
) -> bool:
    """Nothing was published; it is due again, but not before `not_before`. `made` is what the next `prepare` can go
    on from; without it, that begins anew: what was prepared before may be what failed."""
    kept = dict(made) if made is not None else None
    changes: dict[str, Any] = {"sent_at": None, "claimed_by": None, "not_before": not_before, "prepared": kept}
    return _step(engine, claim, LEASED | _UNANSWERED, State.DUE, now, note=reason, status=status, **changes)


def unknown(engine: Engine, claim: Claim, reason: str, *, now: datetime, status: int | None = None) -> bool:
    """It was sent and no answer came: only the platform's own lists tell what became of it."""
    return _step(engine, claim, {State.SENDING}, State.UNKNOWN, now, note=reason, status=status)


def parts_out(connection: Connection, row: journal.PublicationRow) -> tuple[str, ...]:
    """The remote ids of the parts of its post that come before it and are out, in order."""
    before = (journal.of_post(row.post_id), publication.c.part < row.part, publication.c.state.in_(ON_SHOW))
    return tuple(connection.scalars(select(publication.c.remote_id).where(*before).order_by(publication.c.part)))


def is_late(connection: Connection, row: journal.PublicationRow, now: datetime, grace: Mapping[str, timedelta]) -> bool:
    """Whether its time is so long past that nobody counts on it any more. The time of a part that follows has come
    when the part before it was out, that of one that a cap kept back when there was a place again. What somebody holds
    is not late; it is when the hold is lifted."""
    latest = now - grace.get(row.account, GRACE)
    its_time = max(row.publish_at, quotas.kept_until(row) or row.publish_at)
    if its_time >= latest or (row.part and _came_out(connection, row) >= latest):
        return False
    return not connection.scalar(select(exists().where(*_here(row), is_on_hold(publication))))


def _came_out(connection: Connection, row: journal.PublicationRow) -> datetime:
    """When the last of the parts before it came out; its own time where none has."""
    before = (journal.of_post(row.post_id), publication.c.part < row.part, publication.c.live_at.is_not(None))
    moments: list[datetime] = [row.publish_at, *connection.scalars(select(publication.c.live_at).where(*before))]
    return max(moments)


def late_words(row: journal.PublicationRow, now: datetime) -> str:
    """Why a late post is held. Its time stands beside it wherever this is told, on the clock of its brand."""
    was = f" Before: {row.reason}" if row.reason else ""
    return f"It is {_long(now - row.publish_at)} past its time: too late to go out unasked.{was}"


def _long(span: timedelta) -> str:
    """`1 minute`, `61 minutes`, `5 hours`, `3 days`."""
    minutes = int(span.total_seconds() // 60)
    count, unit = (minutes, "minute") if minutes < 120 else (minutes // 60, "hour")
    count, unit = (count // 24, "day") if unit == "hour" and count >= 48 else (count, unit)
    return f"{count} {unit}{'s' * (count != 1)}"


def _step(
    engine: Engine,
    claim: Claim,
    before: frozenset[State] | set[State],
    after: State,
    now: datetime,
    *,
    note: str | None = None,
    status: int | None = None,
    **changes: object,
) -> bool:
    with engine.begin() as connection:
        attempts.end_of(connection, claim, after, at=now, words=note, status=status)
        row = _mine(connection, claim, before)
        if row is None:
            return False
        if row.state != after:
            journal.enter(connection, row, after, at=now, by=claim.by, note=note, **changes)
        return True


def _mine(connection: Connection, claim: Claim, states: frozenset[State] | set[State]) -> journal.PublicationRow | None:
    """The claim's publication, locked, if nobody has overtaken it."""
    row = _row_of(connection, claim)
    return row if row.fence == claim.fence and row.state in states else None


def _row_of(connection: Connection, claim: Claim) -> journal.PublicationRow:
    return next(row for row in journal.lock(connection, journal.of_post(claim.post_id)) if row.part == claim.part)


def _here(about: attempts.Concerned) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return journal.of_post(about.post_id), publication.c.part == about.part


def _may_go(connection: Connection, claim: Claim) -> bool:
    free = (*_here(claim), has_its_turn(publication), ~is_on_hold(publication))
    return bool(connection.scalar(select(exists().where(*free))))


def _is_wanted(connection: Connection, claim: Claim) -> bool:
    text = journal.text_of(connection, claim.post_id)
    if text.removed_at is not None or text.content_hash != claim.content_hash:
        return False
    return approval.is_approved(connection, claim.post_id, claim.content_hash)


def _end_leases(connection: Connection, now: datetime, by: str) -> None:
    over = publication.c.lease_until < now
    for row in _free(connection, publication.c.state.in_(LEASED), over):
        note = f"{row.claimed_by} did not finish in time."
        journal.enter(connection, row, State.DUE, at=now, by=by, note=note, claimed_by=None, lease_until=None)
    for row in _free(connection, publication.c.state == State.SENDING, over):
        note = f"{row.claimed_by} went away while sending; whether it is out has to be looked up."
        journal.enter(connection, row, State.UNKNOWN, at=now, by=by, note=note, lease_until=None)


def _free(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[journal.PublicationRow]:
    """The publications that fit `wanted` and whose post nobody else is at, the earliest first. All parts of the post
    are locked, for a step of one changes the first row too; so no two processes wait for each other."""
    here = select(publication.c.post_id, publication.c.part).where(*wanted).order_by(*journal.ORDER)
    for found in connection.execute(here).all():
        parts = select(func.count()).where(journal.of_post(found.post_id))
        rows = journal.lock(connection, journal.of_post(found.post_id), skip_locked=True)
        if len(rows) == connection.scalar(parts):
            its_row = (journal.of_post(found.post_id), publication.c.part == found.part)
            yield from connection.execute(select(publication).where(*its_row, *wanted))


def _fall_due(
    connection: Connection, now: datetime, horizon: timedelta, grace: Mapping[str, timedelta], by: str
) -> None:
    # What is due and not late stays as it is: to lock all of a rush, again and again, would cost more than the rest.
    changes = or_(publication.c.state == State.APPROVED, publication.c.publish_at < now - min([GRACE, *grace.values()]))
    its_time = (publication.c.state.in_(AHEAD), publication.c.publish_at <= now + horizon, changes)
    for row in journal.lock(connection, *its_time, publication.c.part == 0, skip_locked=True):
        _let_fall_due(connection, row, now, grace, by)
    for row in _free(connection, *its_time, publication.c.part > 0, has_its_turn(publication)):
        _let_fall_due(connection, row, now, grace, by)


def _let_fall_due(
    connection: Connection, row: journal.PublicationRow, now: datetime, grace: Mapping[str, timedelta], by: str
) -> None:
    if is_late(connection, row, now, grace):
        journal.enter(connection, row, State.HELD, at=now, by=by, note=late_words(row, now))
    elif row.state == State.APPROVED:
        journal.enter(connection, row, State.DUE, at=now, by=by)


def _is_full(connection: Connection, row: journal.PublicationRow, caps: Caps, now: datetime, by: str) -> bool:
    """Whether the account's network takes no more for now; then the publication waits until it does."""
    kept = quotas.full(connection, row, caps.get(row.account, ()), now)
    if kept is None:
        return False
    journal.amend(connection, row, at=now, by=by, note=kept.words, not_before=kept.until)
    return True


def _take(connection: Connection, row: journal.PublicationRow, now: datetime, by: str, lease: timedelta) -> Claim:
    fence, until = row.fence + 1, max(now, row.publish_at) + lease
    changes = {"fence": fence, "claimed_by": by, "lease_until": until, "not_before": None}
    journal.enter(connection, row, State.CLAIMED, at=now, by=by, **changes)
    text = journal.text_of(connection, row.post_id)
    after, seen = parts_out(connection, row) if row.part else (), text.content_hash
    claim = Claim(row.post_id, row.part, row.account, fence, by, seen, row.publish_at, until, after, row.prepared)
    if not row.part:  # what follows a post needs nothing prepared; a post is prepared as soon as it is claimed
        attempts.begin(connection, claim, "prepare", at=now, by=by, asked=[seen])
    return claim
