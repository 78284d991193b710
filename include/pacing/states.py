"""How a budget stands, and when that is said.

    not_started, ended      today is outside the flight
    no_data                 nothing is known that could be judged: no spend, or none of late
    learning                fewer than three days are complete
    on_track
    under, over             off the plan by more than the tolerance, in share and in money
    will_exhaust_early      on this course the money ends before the flight does
    exhausted               the money is spent before the last day
    over_cap                more is spent than may ever be

A state counts once it (or another kind of too much) has been seen twice running, for a single odd day is no news; only
`exhausted` and `over_cap` count at once, and so do an end of the money within two days and what the calendar decides.
Spend that is not up to date never makes a budget `under` (what is not known may have been spent): what was too much
already is still told, all else is `no_data`.

Nothing is remembered between two looks: the looks of the past days are judged again from the spend as it is known now.
So a restated day corrects the past in silence, and a run that is repeated says the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

LEARNING_DAYS = 3


class State(StrEnum):
    NOT_STARTED = "not_started"
    NO_DATA = "no_data"
    LEARNING = "learning"
    ON_TRACK = "on_track"
    UNDER = "under"
    OVER = "over"
    WILL_EXHAUST_EARLY = "will_exhaust_early"
    EXHAUSTED = "exhausted"
    OVER_CAP = "over_cap"
    ENDED = "ended"


S = State
AT_ONCE = frozenset({S.NOT_STARTED, S.EXHAUSTED, S.OVER_CAP, S.ENDED})
TOO_MUCH = frozenset({S.OVER, S.WILL_EXHAUST_EARLY, S.EXHAUSTED, S.OVER_CAP})
CALLS = TOO_MUCH | {S.UNDER, S.NO_DATA}
"""With one of these, somebody should look."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the state follows from: figures through the last complete day, `spent_now` with what today has cost."""

    today: date
    first: date
    last: date
    money: Decimal
    cap: Decimal
    spent_now: Decimal
    variance: Decimal
    index: Fraction | None
    complete_days: int
    is_known: bool
    is_fresh: bool
    tolerance: Decimal
    tolerance_money: Decimal
    dark: Fraction
    """The share of the plan that is left without money; 0 where it lasts."""


def judge(seen: Measured) -> State:
    """The state as one look shows it."""
    if seen.today < seen.first:
        return S.NOT_STARTED
    if seen.spent_now > seen.cap:
        return S.OVER_CAP
    if seen.today > seen.last:
        return S.ENDED
    if seen.spent_now >= seen.money and seen.today < seen.last:
        return S.EXHAUSTED
    if not seen.is_known:
        return S.NO_DATA if seen.today > seen.first else S.LEARNING
    state = _by_pace(seen)
    return state if seen.is_fresh or state in TOO_MUCH else S.NO_DATA


def _by_pace(seen: Measured) -> State:
    if seen.complete_days < min(LEARNING_DAYS, (seen.last - seen.first).days):
        return S.LEARNING
    is_off = abs(seen.variance) > seen.tolerance_money and (
        seen.index is None or abs(seen.index - 1) > Fraction(seen.tolerance)
    )
    if is_off and seen.variance < 0:
        return S.UNDER
    if seen.dark > Fraction(seen.tolerance) / 2:
        return S.WILL_EXHAUST_EARLY
    return S.OVER if is_off else S.ON_TRACK


def settle(states: Iterable[State], *, urgent: bool = False) -> State | None:
    """The state that counts after these looks, the oldest first; None if there was none.

    With `urgent` the newest counts at once: the money ends before it could be seen again.
    """
    counts: State | None = None
    before: State | None = None
    for state in states:
        again = state == before or (state in TOO_MUCH and before in TOO_MUCH)
        if counts in (None, S.NOT_STARTED) or state in AT_ONCE or again:
            counts = state
        before = state
    return before if urgent else counts
