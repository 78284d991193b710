"""Carrying out what was decided about comments: hide, label, assign, answer; look up what is unknown; take back.

One account's failure stops that account for this run and no other. What was approved is about a text: a comment that
was edited or deleted since is left alone.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from include.domain.capabilities import Remover
from include.domain.comments import Moderator
from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.posts import Receipt
from include.listening import actions, attending
from include.listening.actions import Action

DEADLINE = timedelta(hours=1)
"""For so long an answer that may be out is looked up; then a person looks."""
AGAIN = timedelta(minutes=10)

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class _Unclear(TryLater):
    """What was found may be the answer to another comment."""


@dataclass
class Applying:
    """One pass over the ledger. `moderator_of` and `remover_of` take an account's key; the latter gives None where the
    network takes nothing down. `find_delay`: for how long after a call its lists may lack an answer that it took.

    While a brand or an account is `on_hold` (by key), what a rule decided to answer there waits; what a person said
    goes out.
    """

    engine: Engine
    moderator_of: Callable[[str], Moderator]
    remover_of: Callable[[str], Remover | None]
    find_delay: Callable[[str], timedelta]
    clock: Clock = lambda: datetime.now(UTC)
    on_hold: frozenset[str] = frozenset()
    stopped: set[str] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)

    def run(self, message_key: str = "") -> dict[str, int]:
        """Everything that is to be done, or what of one proposal is; gives how many rows came to which end."""
        actions.expire(self.engine, now=self.clock())
        for state, step in (("unknown", self._look_up), ("approved", self._apply), ("undoing", self._undo)):
            for row in actions.in_states(self.engine, state):
                if message_key in ("", row.message_key):
                    self._one(row, step)
        return dict(self.done)

    def _one(self, row: Action, step: Callable[[Action], str]) -> None:
        must_wait = row.state == "approved" and row.not_before is not None and row.not_before > self.clock()
        if must_wait or row.account in self.stopped or self._is_held(row):
            return
        try:
            self.done[step(row)] += 1
        except _Unclear as unclear:
            self.done["waits"] += 1
            actions.move(self.engine, row, row.state, note=str(unclear))
        except TryLater as later:
            self._wait(row, str(later), timedelta(seconds=later.wait_s))
        except (CredentialsDead, OutcomeUnknown) as error:
            self._wait(row, str(error), AGAIN)
        except PlatformError as error:
            self._wait(row, str(error), AGAIN)
            log.warning("%s", error)
        except Exception as error:
            log.exception("Comment %s of %s: %s failed.", row.comment_id, row.account, row.what)
            self._wait(row, f"{type(error).__name__}; the log says more.", AGAIN)

    def _is_held(self, row: Action) -> bool:
        by_rule = (
            row.what == "answer" and row.state == "approved" and (row.decided_by or "").startswith(actions.BY_RULE)
        )
        return by_rule and not self.on_hold.isdisjoint((row.brand, row.account))

    def _wait(self, row: Action, why: str, wait: timedelta) -> None:
        """It stays as it is; the account is asked nothing more in this run."""
        self.stopped.add(row.account)
        self.done["waits"] += 1
        later = {} if row.state == "unknown" else {"not_before": self.clock() + wait}
        actions.move(self.engine, row, row.state, note=why, **later)

    def _apply(self, row: Action) -> str:
        if row.is_edited or row.is_gone:
            why = "is gone" if row.is_gone else "was edited since; its new text is judged anew"
            return self._fail(row, f"Nothing was done: the comment {why}.")
        try:
            if row.what == "answer":
                return self._answer(row)
            self._set(row)
        except Refused as refused:
            return self._fail(row, str(refused))
        actions.move(self.engine, row, "applied", applied_at=self.clock(), note="")
        return "applied"

    def _set(self, row: Action, *, back: bool = False) -> None:
        now = self.clock()
        if row.what == "hide":
            moderator = self.moderator_of(row.account)
            (moderator.show if back else moderator.hide)(row.comment_id)
            actions.note_hidden(self.engine, row, is_hidden=not back)
        elif row.what == "label":
            given, had = ({word for word in words.split(", ") if word} for words in (row.after, row.before))
            added, removed = (set[str](), given - had) if back else (given, set[str]())
            attending.label(self.engine, row.account, row.comment_id, row.brand, added, removed, now=now)
        else:
            person = row.before if back else row.after
            attending.assign(self.engine, row.account, row.comment_id, row.brand, person, now=now)

    def _answer(self, row: Action) -> str:
        """The one irreversible call. Only the network's clear word says that nothing was sent."""
        moderator = self.moderator_of(row.account)  # a connection that is no use is found out before anything is begun
        mine = actions.begin_sending(self.engine, row, now=self.clock())
        if mine is None:
            return "taken by others"
        try:
            receipt = moderator.answer(mine.comment_id, mine.after, key=mine.key)
        except (TryLater, CredentialsDead) as nothing_happened:
            wait = timedelta(seconds=getattr(nothing_happened, "wait_s", AGAIN.total_seconds()))
            again = {"sent_at": None, "lease_until": None, "not_before": self.clock() + wait}
            actions.move(self.engine, mine, "approved", note=str(nothing_happened), **again)
            self.stopped.add(row.account)
            return "waits"
        except Refused as refused:
            return self._fail(mine, str(refused), sent_at=None)
        except Exception as error:
            known = isinstance(error, PlatformError)
            if not known:
                log.exception("Answering comment %s of %s failed.", row.comment_id, row.account)
            why = str(error) if known else f"{type(error).__name__}; the log says more."
            actions.move(self.engine, mine, "unknown", note=f"It may be out: {why}", lease_until=None)
            self.stopped.add(row.account)  # where one answer is lost, the next would be lost as well
            return "unknown"
        actions.sent(self.engine, mine, receipt, now=self.clock())
        self._close(mine)
        return "applied"

    def _look_up(self, row: Action) -> str:
        """Found, it was sent. Absent counts as proof only later than the network's own lists may lag behind."""
        asked_at, moderator = self.clock(), self.moderator_of(row.account)
        try:
            found = moderator.find_answer(row.comment_id, row.after, key=row.key, since=row.sent_at or asked_at)
            if found is not None and self._is_anothers(row, found, moderator):
                raise _Unclear(f"What is there, {found.url}, answers another comment.", wait_s=0)
        except PlatformError as error:
            if row.sent_at is None or asked_at - row.sent_at < DEADLINE:
                raise
            return self._fail(row, f"It may be out or not, and could not be found out: {error} Look there.")
        if found is not None:
            actions.sent(self.engine, row, found, now=self.clock(), note="It was out; its answer had been lost.")
            self._close(row)
            return "applied"
        if row.not_before is None:
            after = self.clock() + self.find_delay(row.account)
            actions.move(self.engine, row, "unknown", not_before=after)
            return "unknown"
        if asked_at < row.not_before:
            return "unknown"
        again = {"sent_at": None, "lease_until": None, "not_before": None}
        actions.move(self.engine, row, "approved", note="The network does not have it; it is sent again.", **again)
        return "absent"

    def _is_anothers(self, row: Action, found: Receipt, moderator: Moderator) -> bool:
        """Whether what was found is, or may as well be, the answer to another comment. Where a network's threads are
        flat, it is given for each comment that was to be answered in these words."""
        if actions.is_anothers(self.engine, row, found):
            return True
        for twin in actions.twins(self.engine, row):
            its = moderator.find_answer(twin.comment_id, twin.after, key=twin.key, since=twin.sent_at or self.clock())
            if its is not None and its.remote_id == found.remote_id:
                return True
        return False

    def _undo(self, row: Action) -> str:
        """Take back what was done. What cannot be is said, and stays done."""
        now = self.clock()
        try:
            words = self._taken_back(row, now)
        except Refused as refused:
            actions.move(self.engine, row, "applied", note=f"It cannot be taken back from here: {refused}")
            return "cannot be undone"
        actions.move(self.engine, row, "undone", note=words, undone_at=now, settled_at=now)
        return "undone"

    def _taken_back(self, row: Action, now: datetime) -> str:
        if row.by_hand:
            return f"It was done by hand, so take it back by hand: {row.comment_url}"
        if row.what != "answer":
            self._set(row, back=True)
            return ""
        remover = self.remover_of(row.account)
        if remover is None or not row.remote_id:
            raise Refused(f"do it on the network. {row.url or row.comment_url}")
        remover.delete(row.remote_id)
        attending.reopen(self.engine, row.account, row.comment_id, row.brand, now=now)
        return ""

    def _close(self, row: Action) -> None:
        by = row.decided_by or row.rule
        attending.close(self.engine, row.account, row.comment_id, row.brand, by=by, now=self.clock())

    def _fail(self, row: Action, why: str, **values: Any) -> str:
        actions.move(self.engine, row, "failed", note=why, settled_at=self.clock(), lease_until=None, **values)
        return "failed"
