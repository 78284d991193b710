"""Every try to do something to a post on its platform, kept for good: begun is written before the call, its end after.

A try without an end is one whose process was killed. What is kept of an answer is its HTTP status and the sentence
made of it, in which no secret is; of what was asked, only a hash, which tells whether it was the same as before.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, insert, update

from include.warehouse.tables import publication_attempt

Step = Literal["prepare", "publish", "find", "delete", "edit"]


class Concerned(Protocol):
    """What an attempt is about: a claim, or a row of `publication`."""

    @property
    def post_id(self) -> str: ...
    @property
    def part(self) -> int: ...
    @property
    def account(self) -> str: ...
    @property
    def fence(self) -> int: ...


def digest(*asked: Any) -> str:
    """The sha256 of what is asked for, in 64 hex digits."""
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def begin(
    connection: Connection, about: Concerned, step: Step, *, at: datetime, by: str, asked: Sequence[Any] = ()
) -> int:
    """Write down that it is about to be tried. Counts once the transaction is committed: do that before the call."""
    values = {"post_id": about.post_id, "part": about.part, "account": about.account, "fence": about.fence}
    values |= {"step": step, "begun_at": at, "by": by, "request_digest": digest(step, *asked)}
    begun = insert(publication_attempt).values(values).returning(publication_attempt.c.attempt_id)
    return int(connection.execute(begun).scalar_one())


def end(
    connection: Connection, attempt: int, outcome: str, *, at: datetime, words: str | None, status: int | None = None
) -> None:
    """Write down how it ended: the state that it led to, and what happened, in a sentence."""
    _end(connection, [publication_attempt.c.attempt_id == attempt], outcome, at, words, status)


def end_of(
    connection: Connection, about: Concerned, outcome: str, *, at: datetime, words: str | None, status: int | None
) -> None:
    """End whatever was begun under this very claim and has no end yet."""
    table = publication_attempt.c
    here = [table.post_id == about.post_id, table.part == about.part, table.fence == about.fence]
    _end(connection, [*here, table.step.in_(("prepare", "publish"))], outcome, at, words, status)


def _end(
    connection: Connection, which: Sequence[Any], outcome: str, at: datetime, words: str | None, status: int | None
) -> None:
    ended = update(publication_attempt).where(*which, publication_attempt.c.ended_at.is_(None))
    connection.execute(ended.values(outcome=outcome, ended_at=at, words=words, status=status))
