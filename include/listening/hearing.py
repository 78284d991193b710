"""One account's comments, asked for: what to ask, what came, and how it ended. Nothing is written here.

The first time it goes back 28 days, for a spike is told by what is usual. Then from the last reading on, less a grace,
for lists lag behind what is written. Once a day it looks back three days: for what came later than the grace, and for
what is gone. A reading that is interrupted goes back half as far the next time, so that one comes to its end.

What was heard in the same go is not gone, whatever the platform says then; and where most of an account's recent
comments would be gone at once, none is noted, for that is how a lost permission looks.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from include.domain.comments import Comment, CommentSource
from include.domain.errors import CredentialsDead, PlatformError, TryLater
from include.listening.ledger import Read

FIRST = timedelta(days=28)
GRACE = timedelta(minutes=30)
LOOK_BACK = timedelta(days=3)
ONCE_A_DAY = timedelta(hours=23)
DEAD_AGAIN = timedelta(hours=1)
"""How long an account whose credentials are dead is left alone before it is tried again."""

MOST_HALVED = 11
"""So often halved, 28 days are less than the grace."""
FEWEST_HELD_BACK = 5
"""So many comments that are gone at once, and more than half of the recent ones, are not believed."""

SERVERS_OWN = 500
"""Where a source lists all before it gives any, a limit that was met below this status is an interruption too; an
outage is not."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one account, and what is to be noted of it. `why` is empty where it went well."""

    account: str
    comments: tuple[Comment, ...] = ()
    gone: frozenset[str] = frozenset()
    change: dict[str, Any] = field(default_factory=dict)
    why: str = ""


def is_due(read: Read, now: datetime) -> bool:
    """Whether the account may be asked: nothing bids it wait, and a dead token was not tried just now."""
    if read.not_before is not None and read.not_before > now:
        return False
    return not (read.credentials_dead and read.tried_at is not None and read.tried_at > now - DEAD_AGAIN)


def looks_back(read: Read, now: datetime) -> bool:
    """Whether the daily look back is due."""
    return read.gone_read_at is None or read.gone_read_at <= now - ONCE_A_DAY


def since(read: Read, now: datetime, keep_from: datetime) -> datetime:
    """From when on to ask: never later than what is known, however often it was interrupted."""
    shorter = 1 << min(read.interrupted, MOST_HALVED)
    if read.heard_through is None:
        return max(now - max(FIRST / shorter, GRACE), keep_from)
    back = max(LOOK_BACK / shorter, GRACE) if looks_back(read, now) else GRACE
    return max(min(read.heard_through - GRACE, now - back), keep_from)


def hear(
    connect: Callable[[str], CommentSource], read: Read, known: list[str], *, now: datetime, keep_from: datetime
) -> Heard:
    """Ask for one account's comments. No trouble is raised; it is told in words.

    `known` are the ids of its recent comments, of which the daily look back asks which are gone. What came before
    trouble is kept; what is known then reaches no further than before.
    """
    start, came = since(read, now, keep_from), list[Comment]()
    back = looks_back(read, now)
    try:
        source = connect(read.account)
        came.extend(source.comments(start))
        gone = frozenset(source.gone(known)) if back and known else frozenset()
    except TryLater as later:
        cut = {"interrupted": read.interrupted + 1} if later.status and later.status < SERVERS_OWN else {}
        return _ended(read, came, now, str(later), not_before=now + timedelta(seconds=later.wait_s), **cut)
    except CredentialsDead as dead:
        return _ended(read, came, now, str(dead), credentials_dead=True)
    except PlatformError as refused:
        return _ended(read, came, now, str(refused))
    except Exception as surprise:
        log.exception("%s", read.account)
        return _ended(read, came, now, f"The desk itself failed ({type(surprise).__name__}); the run's log says where.")
    gone -= {comment.comment_id for comment in came}
    why = _too_many(gone, known)
    change = {"heard_from": start, "heard_through": now, "read_at": now, **_tried(read, now), "reason": why or None}
    change["interrupted"] = 0
    gone_read = {"gone_read_at": now} if back else {}
    return Heard(read.account, tuple(came), frozenset() if why else gone, {**change, **gone_read}, why)


def _too_many(gone: Collection[str], known: Collection[str]) -> str:
    """Why what is said to be gone is not believed; empty where it is."""
    if len(gone) < FEWEST_HELD_BACK or len(gone) * 2 <= len(known):
        return ""
    return (
        f"The platform says that {len(gone)} of the {len(known)} comments of the last days are gone at once. None was "
        "marked as deleted: look whether the token may still see them; tomorrow it is asked again."
    )


def _ended(read: Read, came: list[Comment], now: datetime, why: str, **more: Any) -> Heard:
    cut = {"interrupted": read.interrupted + 1} if came else {}
    return Heard(read.account, tuple(came), change={**_tried(read, now), "reason": why, **cut, **more}, why=why)


def _tried(read: Read, now: datetime) -> dict[str, Any]:
    return {
        "account": read.account,
        "tried_at": now,
        "reason": None,
        "not_before": None,
        "credentials_dead": False,
    }
