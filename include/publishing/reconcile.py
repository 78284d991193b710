"""Find out what became of the publications whose outcome is unknown.

Found on the platform, a post is live. Absent, it is due again, but an absence proves something only if the platform
was asked later than its own lists may lag behind. What cannot be decided until the deadline is held for a person.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select

from include.domain.capabilities import Follower, Publisher
from include.domain.errors import PlatformError
from include.domain.posts import Post, Receipt
from include.publishing import attempts, journal, ledger
from include.publishing.plan import post_of
from include.publishing.sending import Clock, Outcome, utc_now
from include.publishing.states import State
from include.warehouse.tables import publication

log = logging.getLogger(__name__)

DEADLINE = timedelta(hours=1)
ACCOUNTS_AT_ONCE = 16
ABSENT = "The platform does not have it."


def reconcile(
    engine: Engine,
    publisher_of: Callable[[str], Publisher],
    *,
    find_delay: Callable[[str], timedelta],
    by: str,
    grace: Mapping[str, timedelta] | None = None,
    deadline: timedelta = DEADLINE,
    clock: Clock = utc_now,
) -> list[Outcome]:
    """Look up every unknown publication once, account beside account: neither the failure of one nor a network that
    hangs keeps another waiting. Of one account the earliest comes first.

    `publisher_of` and `find_delay` take an account's key: who to ask, and for how long after a call the platform's
    lists may lack a post that it accepted.
    """
    look_up = _LookUp(engine, publisher_of, find_delay, by, grace or {}, deadline, clock)
    with engine.connect() as connection:
        query = select(publication).where(publication.c.state == State.UNKNOWN).order_by(*journal.ORDER)
        rows = connection.execute(query).all()
    by_account: dict[str, list[journal.PublicationRow]] = defaultdict(list)
    for row in rows:
        by_account[row.account].append(row)
    if not by_account:
        return []
    with ThreadPoolExecutor(min(len(by_account), ACCOUNTS_AT_ONCE), thread_name_prefix="look-up") as lookers:
        found = list(lookers.map(look_up.settle_all, by_account.values()))
    return [outcome for outcomes in found for outcome in outcomes]


class _LookUp:
    def __init__(
        self,
        engine: Engine,
        publisher_of: Callable[[str], Publisher],
        find_delay: Callable[[str], timedelta],
        by: str,
        grace: Mapping[str, timedelta],
        deadline: timedelta,
        clock: Clock,
    ) -> None:
        self.engine, self.publisher_of, self.find_delay, self.by = engine, publisher_of, find_delay, by
        self.grace, self.deadline, self.clock = grace, deadline, clock
        self.loading = threading.Lock()  # threads that import a platform at the same time can meet half-made modules

    def settle_all(self, rows: Iterable[journal.PublicationRow]) -> list[Outcome]:
        return [self.settle(row) for row in rows]

    def settle(self, row: journal.PublicationRow) -> Outcome:
        """Look one up. What the look led to is in the ledger, and in the log of attempts, when this returns."""
        asked_at, status = self.clock(), None
        with self.engine.begin() as connection:
            post, after = post_of(journal.text_of(connection, row.post_id)), ledger.parts_out(connection, row)
            asked = (post.content_hash, row.part, row.prepared, after)
            attempt = attempts.begin(connection, row, "find", at=asked_at, by=self.by, asked=asked)
        try:
            found = self.find(row, post, after)
        except Exception as error:
            outcome, status = self.undecided(row, error), getattr(error, "status", None)
        else:
            outcome = self.judge(row, found, asked_at)
        state = str(outcome.state or "left to others")
        with self.engine.begin() as connection:
            attempts.end(connection, attempt, state, at=self.clock(), words=outcome.words, status=status)
        return outcome

    def find(self, row: journal.PublicationRow, post: Post, after: tuple[str, ...]) -> Receipt | None:
        with self.loading:
            publisher = self.publisher_of(row.account)
        key = ledger.key_of(post.post_id, row.part, post.content_hash)
        if not row.part:
            found = publisher.find(post, key=key, prepared=row.prepared, since=row.sent_at)
        elif isinstance(publisher, Follower):
            found = publisher.find_part(post, post.parts[row.part], key=key, after=after, since=row.sent_at)
        else:
            raise LookupError(f"The network of {row.account} can no longer look up what follows a post.")
        if found and (other := self.owner(row, found)):
            raise LookupError(f"The post there, {found.url}, is {other}'s, which says the same.")
        return found

    def owner(self, row: journal.PublicationRow, found: Receipt) -> str | None:
        with self.engine.connect() as connection:
            return ledger.owner(connection, row, found)

    def judge(self, row: journal.PublicationRow, found: Receipt | None, asked_at: datetime) -> Outcome:
        # It became unknown later than the call can have begun, so that no late acceptance slips in behind the look.
        if found is None and asked_at - row.updated_at < self.find_delay(row.account):
            return _outcome(row, State.UNKNOWN, "Not there yet; the platform's lists may lag. It is looked up again.")
        with self.engine.begin() as connection:
            current = self.current(connection, row)
            return (
                self.decide(connection, current, found) if current else _outcome(row, None, "It was settled meanwhile.")
            )

    def current(self, connection: Connection, row: journal.PublicationRow) -> journal.PublicationRow | None:
        """The row, locked, if it is still the unknown one that was looked up."""
        rows = journal.lock(connection, journal.of_post(row.post_id))
        (now,) = (each for each in rows if each.part == row.part)
        return now if (now.state, now.fence) == (State.UNKNOWN, row.fence) else None

    def decide(self, connection: Connection, row: journal.PublicationRow, found: Receipt | None) -> Outcome:
        now = self.clock()
        if found is not None:
            ledger.set_live(connection, row, found, now=now, by=self.by)
            return _outcome(row, State.LIVE, f"It was out: {found.url}", found)
        if journal.text_of(connection, row.post_id).removed_at is not None:
            words = f"{ABSENT} The calendar no longer wants this text."
            return self.absent(connection, row, State.CANCELLED, words)
        if ledger.is_late(connection, row, now, self.grace):
            return self.absent(connection, row, State.HELD, f"{ABSENT} {ledger.late_words(row, now)}")
        return self.absent(connection, row, State.DUE, f"{ABSENT} It is sent again.")

    def absent(self, connection: Connection, row: journal.PublicationRow, state: State, words: str) -> Outcome:
        changes = {**journal.afresh(row), "sent_at": None}
        journal.enter(connection, row, state, at=self.clock(), by=self.by, note=words, **changes)
        return _outcome(row, state, words)

    def undecided(self, row: journal.PublicationRow, error: Exception) -> Outcome:
        why = str(error)
        if not isinstance(error, PlatformError) and type(error) is not LookupError:
            log.exception("Looking up post %s failed.", row.post_id, exc_info=error)
            why = f"{type(error).__name__}; the log says more."
        now = self.clock()
        if now - row.updated_at < self.deadline:
            return _outcome(row, State.UNKNOWN, f"It could not be looked up: {why} It is tried again.")
        words = f"It may be out or not, and could not be looked up: {why} Look for it on the platform, then decide."
        with self.engine.begin() as connection:
            current = self.current(connection, row)
            if current is None:
                return _outcome(row, None, "It was settled meanwhile.")
            journal.enter(connection, current, State.HELD, at=now, by=self.by, note=words)
        return _outcome(row, State.HELD, words)


def _outcome(row: journal.PublicationRow, state: State | None, words: str, receipt: Receipt | None = None) -> Outcome:
    return Outcome(row.post_id, row.account, state, words, receipt)
