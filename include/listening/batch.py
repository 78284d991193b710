"""Many accounts at once: their requests overlap, what came is stored together, one's failure stops it alone."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from include.domain.comments import CommentSource
from include.listening import ledger
from include.listening.hearing import LOOK_BACK, Heard, hear, is_due, looks_back
from include.listening.store import mark_gone, store
from include.warehouse.tables import comment

THREADS = 16
MOST_TOGETHER = 5_000
"""So many comments are stored in one go: memory stays flat, and what was heard early is not lost to a late crash."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a batch. `why` has a sentence for each account that could not be read."""

    accounts: int = 0
    waiting: int = 0
    heard: int = 0
    new: int = 0
    edited: int = 0
    gone: int = 0
    why: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.accounts + other.accounts,
            self.waiting + other.waiting,
            self.heard + other.heard,
            self.new + other.new,
            self.edited + other.edited,
            self.gone + other.gone,
            self.why + other.why,
        )


def listen(
    engine: Engine,
    accounts: Sequence[str],
    connect: Callable[[str], CommentSource],
    *,
    now: datetime,
    salt: bytes,
    keep_from: datetime,
    threads: int = THREADS,
) -> Told:
    """Hear what is new under the posts of `accounts`, and keep it. `connect` gives one's platform."""
    with engine.connect() as connection:
        reads = ledger.reads(connection, accounts)
        due = [read for read in reads.values() if is_due(read, now)]
        known = _known(connection, [read.account for read in due if looks_back(read, now)], now - LOOK_BACK)
    told = Told(waiting=len(accounts) - len(due))
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="hear") as pool:
        # Nobody but `_together` holds what is under way, so that what is kept can be let go of.
        asked = (
            pool.submit(hear, connect, read, known.get(read.account, []), now=now, keep_from=keep_from) for read in due
        )
        for together in _together(asked):
            told += _keep(engine, together, now=now, salt=salt, keep_from=keep_from)
    return told


def _known(connection: Connection, accounts: Sequence[str], since: datetime) -> Mapping[str, list[str]]:
    """The ids of recent comments that were still shown when last heard of, by account."""
    which = (comment.c.account.in_(accounts), comment.c.created_at >= since, comment.c.gone_at.is_(None))
    known: dict[str, list[str]] = {}
    for account, comment_id in connection.execute(select(comment.c.account, comment.c.comment_id).where(*which)):
        known.setdefault(account, []).append(comment_id)
    return known


def _together(asked: Iterable[Future[Heard]]) -> Iterator[list[Heard]]:
    """What came, in portions as it comes."""
    portion: list[Heard] = []
    for done in as_completed(asked):
        portion.append(done.result())
        if sum(len(each.comments) for each in portion) >= MOST_TOGETHER:
            yield portion
            portion = []
    if portion:
        yield portion


def _keep(engine: Engine, portion: Sequence[Heard], *, now: datetime, salt: bytes, keep_from: datetime) -> Told:
    """Store a portion; where something in it cannot be stored, account by account, so that it stops one alone."""
    try:
        return _stored(engine, portion, now=now, salt=salt, keep_from=keep_from)
    except Exception as surprise:
        if len(portion) > 1:
            told = (_keep(engine, [each], now=now, salt=salt, keep_from=keep_from) for each in portion)
            return sum(told, Told())
        account = portion[0].account
        log.exception("%s", account)
        why = f"What came of it could not be kept ({type(surprise).__name__}); the run's log says why."
        with engine.begin() as connection:
            ledger.note(connection, [{"account": account, "tried_at": now, "reason": why}])
        return Told(accounts=1, why=((account, why),))


def _stored(engine: Engine, portion: Sequence[Heard], *, now: datetime, salt: bytes, keep_from: datetime) -> Told:
    comments = [each for heard in portion for each in heard.comments]
    with engine.begin() as connection:
        loaded = store(connection, comments, salt=salt, keep_from=keep_from)
        gone = sum(mark_gone(connection, each.account, each.gone, now) for each in portion if each.gone)
        ledger.note(connection, [each.change for each in portion])
    why = tuple((each.account, each.why) for each in portion if each.why)
    return Told(len(portion), 0, len(comments), loaded.written, loaded.restated, gone, why)
