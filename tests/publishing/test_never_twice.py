"""Whatever happens in whatever order: no call is begun while an earlier one may have put the post out.

Hypothesis plays runs that claim, hang, die and come back, an editor who changes her mind, and a clock that jumps.
"""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from include.domain import Receipt
from include.publishing import decisions, holds, ledger
from include.publishing.decisions import NotYours
from include.publishing.holds import NoHold
from include.publishing.ledger import Claim
from include.publishing.reconcile import reconcile
from include.publishing.states import ON_SHOW, State
from include.warehouse.tables import publication

NUMBERS = itertools.count()
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Play:
    """One post's life, with what follows it, under random hands. `doubt` holds the parts of which a call was begun
    and nobody knows that it failed."""

    desk: Any
    number: int = field(default_factory=lambda: next(NUMBERS))
    claims: list[Claim] = field(default_factory=list)
    began: list[Claim] = field(default_factory=list)
    doubt: set[int] = field(default_factory=set)

    @property
    def account(self) -> str:
        return f"x_{self.number}"

    def post(self, text: str) -> Any:
        return self.desk.post(text=text, account=self.account, thread=("E poi",), first_comment="Ecco")

    def calendar(self, text: str | None) -> None:
        self.desk.plan(*([self.post(text)] if text else []))

    def take(self) -> None:
        grace = {self.account: timedelta(days=999)}
        self.claims += [c for c in self.desk.claim(f"run {len(self.claims)}", grace=grace) if c.account == self.account]

    def go_on(self, which: int) -> None:
        if not self.claims:
            return
        claim = self.claims[-1 - which % len(self.claims)]
        ledger.media_ready(self.desk.engine, claim, {}, now=self.desk.now)
        if ledger.begin_sending(self.desk.engine, claim, now=self.desk.now):
            assert claim.part not in self.doubt, "a second call was begun while the first may have succeeded"
            assert self.out() >= set(range(claim.part)), "a part was sent before the one that it follows was out"
            self.doubt.add(claim.part)
            self.began.append(claim)

    def end(self, how: Callable[[Claim], bool], *, is_out: bool) -> None:
        """Only a call that was begun can be answered, and each is answered once."""
        if self.began and how(claim := self.began.pop()) and not is_out:
            self.doubt.discard(claim.part)

    def receipt(self, claim: Claim) -> bool:
        remote_id = f"{self.number}-{claim.part}"
        receipt = Receipt(claim.post_id, remote_id, f"https://wall.example/{remote_id}", self.desk.now)
        return ledger.live(self.desk.engine, claim, receipt, now=self.desk.now)

    def states(self) -> dict[int, str]:
        with self.desk.engine.connect() as connection:
            mine = select(publication.c.part, publication.c.state).where(publication.c.account == self.account)
            return {row.part: row.state for row in connection.execute(mine)}

    def out(self) -> set[int]:
        return {part for part, state in self.states().items() if state in ON_SHOW}

    def look_up(self) -> None:
        delay, now = timedelta(minutes=2), self.desk.now
        ask = {
            "find_delay": lambda _: delay,
            "by": "reconcile",
            "clock": lambda: now,
            "grace": {self.account: delay * 1e6},
        }
        before = self.states()
        for outcome in reconcile(self.desk.engine, lambda _: self.desk.wall, **ask):
            if outcome.account == self.account and outcome.state in (State.DUE, State.CANCELLED):
                self.doubt -= {part for part, state in before.items() if state == State.UNKNOWN}
                self.began.clear()

    def send_anyway(self) -> None:
        before = self.states()
        try:
            decisions.send_anyway(self.desk.engine, self.post("").post_id, by="Ada", now=self.desk.now)
        except NotYours:
            return
        self.doubt -= {part for part, state in self.states().items() if state == State.DUE != before[part]}

    def call_off(self) -> None:
        with suppress(NotYours):
            decisions.cancel(self.desk.engine, self.post("").post_id, by="Ada", now=self.desk.now)

    def seen(self) -> None:
        """Somebody saw it: then it is out, and nobody calls for it again."""
        receipt = Receipt(self.post("").post_id, f"{self.number}-seen", "https://wall.example/seen", self.desk.now)
        with suppress(NotYours):
            decisions.confirm_live(self.desk.engine, receipt, by="Ada", now=self.desk.now)

    def hold(self) -> None:
        holds.place(self.desk.engine, self.account, by="Ada", why="Wait.", now=self.desk.now, is_known=True)

    def lift(self) -> None:
        with suppress(NoHold):
            holds.lift(self.desk.engine, self.account, by="Ada", now=self.desk.now)


def move(play: Play, step: str, which: int) -> None:
    desk, engine, now = play.desk, play.desk.engine, play.desk.now
    match step:
        case "take":
            play.take()
        case "take and go on":
            play.take()
            play.go_on(0)
        case "go on":
            play.go_on(which)
        case "refused":
            play.end(lambda c: ledger.refuse(engine, c, "no", now=now), is_out=False)
        case "try later":
            play.end(lambda c: ledger.release(engine, c, "later", now=now, not_before=now), is_out=False)
        case "no token":
            play.end(lambda c: ledger.hold(engine, c, "no token", now=now), is_out=False)
        case "no answer":
            play.end(lambda c: ledger.unknown(engine, c, "no answer", now=now), is_out=True)
        case "wait":
            desk.wait(minutes=(1, 6, 11)[which % 3])
        case "calendar":
            play.calendar((None, *["Buongiorno", "Buonasera", "Buonanotte"] * 2)[which % 7])
        case _:
            {
                "it is out": lambda: play.end(play.receipt, is_out=True),
                "look up": play.look_up,
                "send anyway": play.send_anyway,
                "call off": play.call_off,
                "seen": play.seen,
                "hold": play.hold,
                "lift": play.lift,
            }[step]()


# What brings a post back on its way comes more often than what ends it, or most plays would be over at once.
STEPS = ["take and go on", "wait"] * 6 + ["calendar", "send anyway", "look up", "go on", "it is out"] * 2
STEPS += ["take", "no answer", "refused", "try later", "no token", "call off", "seen", "hold", "lift", "lift"]


# A play that fails is shown as it was: to look for a shorter one would take minutes of database work.
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=10, max_size=40))
def test_never_two_calls_without_a_proof_between_them(desk: Any, steps: list[tuple[str, int]]) -> None:
    desk.now = START
    play = Play(desk)
    play.calendar("Buongiorno")
    for step, which in steps:
        move(play, step, which)
