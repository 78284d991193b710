"""Which publications may be claimed now, as SQL: whose turn it is on an account, and who is held back.

A part that follows has its turn once the part before it is out; until then it keeps nobody waiting. From then on the
account's other posts wait for it, so that a thread is not broken by another post.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_, tuple_

from include.publishing.states import AHEAD, IN_FLIGHT, ON_SHOW, State
from include.warehouse.on_hold import is_on_hold
from include.warehouse.tables import publication


def claimable(now: datetime, horizon: timedelta) -> tuple[ColumnElement[bool], ...]:
    """What is due, has its turn, and is not held back."""
    return (
        publication.c.state == State.DUE,
        publication.c.sent_at.is_(None),
        publication.c.publish_at <= now + horizon,
        or_(publication.c.not_before.is_(None), publication.c.not_before <= now),
        has_its_turn(publication),
        ~is_on_hold(publication),
        ~_waits_for_another(),
    )


def has_its_turn(row: FromClause) -> ColumnElement[bool]:
    """The post itself, or a part whose part before is out."""
    before = publication.alias("before")
    is_next = and_(before.c.post_id == row.c.post_id, before.c.part == row.c.part - 1)
    return or_(row.c.part == 0, exists().where(is_next, before.c.state.in_(ON_SHOW)))


def _waits_for_another() -> ColumnElement[bool]:
    """Another post of the account is under way, or goes before it."""
    other = publication.alias("other")
    earlier = tuple_(*_place(other)) < tuple_(*_place(publication))
    # A part that follows goes before every other post; of two such, and of two posts, the earlier one.
    follows, is_follower = other.c.part > 0, publication.c.part > 0
    goes_first = or_(and_(follows, ~is_follower), and_(follows == is_follower, earlier))
    ahead = and_(other.c.state.in_(AHEAD), goes_first, has_its_turn(other))
    return exists().where(other.c.account == publication.c.account, or_(other.c.state.in_(IN_FLIGHT), ahead))


def _place(row: FromClause) -> tuple[ColumnElement[Any], ...]:
    return row.c.publish_at, row.c.post_id, row.c.part
