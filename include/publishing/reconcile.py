"""Find out what became of the publications whose outcome is unknown.

Found on the platform, a post is live. Absent, it is due again, but an absence proves something only if the platform
was asked later than its own lists may lag behind. What cannot be decided until the deadline is held for a person.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import Connection, Engine, select

from include.domain.capabilities import Publisher
from include.domain.errors import PlatformError
from include.domain.posts import Receipt
from include.publishing import journal, ledger
from include.publishing.plan import post_of
from include.publishing.sending import Clock, Outcome, utc_now
from include.publishing.states import State
from include.warehouse.tables import publication

log = logging.getLogger(__name__)

DEADLINE = timedelta(hours=1)
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
    """Look up every unknown publication once. One account's failure never fails another's.

    `publisher_of` and `find_delay` take an account's key: who to ask, and for how long after a call the platform's
    lists may lack a post that it accepted.
    """
    look_up = _LookUp(engine, publisher_of, find_delay, by, grace or {}, deadline, clock)
    with engine.connect() as connection:
        query = select(publication).where(publication.c.state == State.UNKNOWN).order_by(*journal.ORDER)
        rows = connection.execute(query).all()
    return [look_up.settle(row) for row in rows]


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

    def settle(self, row: journal.PublicationRow) -> Outcome:
        with self.engine.connect() as connection:
            post = post_of(journal.text_of(connection, row.post_id))
        asked_at = self.clock()
        try:
            publisher = self.publisher_of(row.account)
            key = ledger.key_of(post.post_id, row.part, post.content_hash)
            found = publisher.find(post, key=key, prepared=row.prepared)
        except Exception as error:
            return self.undecided(row, error)
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
        here = (journal.of_post(row.post_id), publication.c.part == row.part, publication.c.fence == row.fence)
        rows = journal.lock(connection, *here, publication.c.state == State.UNKNOWN)
        return next(iter(rows), None)

    def decide(self, connection: Connection, row: journal.PublicationRow, found: Receipt | None) -> Outcome:
        now = self.clock()
        if found is not None:
            ledger.set_live(connection, row, found, now=now, by=self.by)
            return _outcome(row, State.LIVE, f"It was out: {found.url}", found)
        if journal.text_of(connection, row.post_id).removed_at is not None:
            return self.absent(connection, row, State.CANCELLED, f"{ABSENT} The calendar no longer wants this text.")
        if ledger.is_late(row, now, self.grace):
            return self.absent(connection, row, State.HELD, f"{ABSENT} {ledger.late_words(row, now)}")
        return self.absent(connection, row, State.DUE, f"{ABSENT} It is sent again.")

    def absent(self, connection: Connection, row: journal.PublicationRow, state: State, words: str) -> Outcome:
        changes = {**journal.afresh(row), "sent_at": None}
        journal.enter(connection, row, state, at=self.clock(), by=self.by, note=words, **changes)
        return _outcome(row, state, words)

    def undecided(self, row: journal.PublicationRow, error: Exception) -> Outcome:
        if not isinstance(error, PlatformError):
            log.exception("Looking up post %s failed.", row.post_id, exc_info=error)
        now = self.clock()
        if now - row.updated_at < self.deadline:
            return _outcome(row, State.UNKNOWN, f"It could not be looked up: {error} It is tried again.")
        words = f"It may be out or not, and could not be looked up: {error} Look for it on the platform, then decide."
        with self.engine.begin() as connection:
            current = self.current(connection, row)
            if current is None:
                return _outcome(row, None, "It was settled meanwhile.")
            journal.enter(connection, current, State.HELD, at=now, by=self.by, note=words)
        return _outcome(row, State.HELD, words)


def _outcome(row: journal.PublicationRow, state: State | None, words: str, receipt: Receipt | None = None) -> Outcome:
    return Outcome(row.post_id, row.account, state, words, receipt)
