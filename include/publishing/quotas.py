"""How many posts an account may still send: its network's caps over a sliding span, counted in our own ledger.

A thread waits until all of it fits, for half of one helps nobody; one that is longer than the cap goes out in pieces.
What was taken down again has had its place. What waits for a place is not late; it is once it had one and did not go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from include.publishing import journal
from include.publishing.states import OUT, State
from include.warehouse.tables import post, publication


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` posts within `per`. A first comment takes a place too where `comments` says so."""

    most: int
    per: timedelta
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Full:
    """An account whose places are taken: when enough of them are free again, and why, in words."""

    until: datetime
    words: str


Caps = Mapping[str, Sequence[Cap]]
"""The caps of each account, by its key."""


def full(connection: Connection, row: Row[Any], caps: Sequence[Cap], now: datetime) -> Full | None:
    """Whether one of the account's caps keeps this publication back; the one that does so longest."""
    found = [kept for cap in caps if (kept := _kept_by(cap, connection, row, now))]
    return max(found, key=lambda each: each.until, default=None)


def kept_until(row: Row[Any]) -> datetime | None:
    """Since when, or from when on, a publication that a cap kept back may go; None for one that none kept."""
    return row.not_before if (row.reason or "").startswith(_used(row.account)) else None


def _used(account: str) -> str:
    """How the reason begins of whatever a cap keeps back, and of nothing else."""
    return f"{account} has used "


def _kept_by(cap: Cap, connection: Connection, row: Row[Any], now: datetime) -> Full | None:
    needed = min(_needed(cap, connection, row), max(cap.most, 1))
    taken = _taken(cap, connection, row.account, now) if needed else []
    too_many = len(taken) + needed - cap.most
    if too_many <= 0 or not needed:
        return None
    # Where no post is allowed at all, that is looked at again after the span.
    until = taken[too_many - 1] + cap.per if cap.most and taken else now + cap.per
    hours = cap.per.total_seconds() / 3600
    words = (
        f"{_used(row.account)}{len(taken)} of the {cap.most} posts that its network takes in {hours:g} hours;"
        f" it goes out from {until:%d %b %H:%M} UTC on."
    )
    return Full(until, words)


def _needed(cap: Cap, connection: Connection, row: Row[Any]) -> int:
    """How many places the publication takes: a post with what follows it, a part that follows only its own."""
    text = journal.text_of(connection, row.post_id)
    places = 1 + len(text.thread) + int(bool(text.first_comment) and cap.comments)
    return int(row.part < places) if row.part else places


def _taken(cap: Cap, connection: Connection, account: str, now: datetime) -> list[datetime]:
    """When each place of the span was taken, the oldest first."""
    when = func.coalesce(publication.c.live_at, publication.c.sent_at)
    sent = publication.c.state.in_(OUT | {State.SENDING, State.UNKNOWN})
    query = select(when).where(publication.c.account == account, sent, when > now - cap.per)
    if not cap.comments:
        query = query.join(post, post.c.post_id == publication.c.post_id)
        query = query.where(publication.c.part <= func.jsonb_array_length(post.c.thread))
    return list(connection.scalars(query.order_by(when)))
