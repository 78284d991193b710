"""From looks to episodes: told once when it begins, once when it gets worse, once when it is over.

opened      a spike, and none was going on
escalated   a higher severity than was told, at once; or twice the negatives that were told, once the cool-down is over
goes on     still a spike: the message is updated in place, nobody is called
closed      no spike for 24 hours; it ended with the last one

`step` is for one subject; `step_all` for all of a tick, where an account's posts are silent while the account itself
has an episode, and a brand has one episode, whichever of its accounts and posts are in it. All of it is pure: the same
looks give the same episodes, in one go or tick by tick, and it makes no difference whether calm ticks are shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from include.comments.spikes import Look, Looks, Severity

RANK: Mapping[Severity | None, int] = {None: 0, "notice": 1, "high": 2, "critical": 3}


class News(StrEnum):
    """What becomes of the one message of an episode. Only what is in `RINGS` calls anybody."""

    OPENED = "opened"
    ESCALATED = "escalated"
    GOES_ON = "goes on"
    CLOSED = "closed"


RINGS = frozenset({News.OPENED, News.ESCALATED, News.CLOSED})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long no spike ends an episode, and how soon more of the same may be told again."""

    quiet: timedelta = timedelta(hours=24)
    cool_down: timedelta = timedelta(hours=24)
    doubled: float = 2.0


PATIENCE = Patience()


class Subject(NamedTuple):
    """What a spike is about: a post if `post` is given, else an account if `account` is, else a whole brand."""

    brand: str = ""
    account: str = ""
    post: str = ""

    @property
    def kind(self) -> str:
        return "post" if self.post else "account" if self.account else "brand"


NOBODY = Subject()


@dataclass(frozen=True, slots=True)
class Episode:
    """Also the state between two ticks. Times in seconds since 1970; `worst` is the look with the highest z.

    `last` is the last spike so far, `told_at` and `told` when somebody was last called, and over how many negatives.
    `members` are the accounts and posts of a brand's episode, in the order in which they joined.
    """

    subject: Subject
    opened: float
    last: float
    severity: Severity
    worst: Look
    told_at: float
    told: int
    learning: bool
    closed: float | None = None
    members: tuple[Subject, ...] = ()

    @property
    def lasted(self) -> timedelta:
        return timedelta(seconds=self.last - self.opened)

    def is_open(self, at: float, patience: Patience = PATIENCE) -> bool:
        return at < self.last + patience.quiet.total_seconds()


class Event(NamedTuple):
    """What happened at a tick (to a closed one: when its quiet had lasted long enough)."""

    news: News
    at: float
    episode: Episode


def step(
    state: Episode | None, look: Look, subject: Subject = NOBODY, patience: Patience = PATIENCE
) -> tuple[Episode | None, list[Event]]:
    """What a look does to a subject's episode, if it has one; looks come in the order of time."""
    events: list[Event] = []
    if state is not None and not state.is_open(look.at, patience):
        events.append(_closed(state, patience))
        state = None
    if not look.is_spike or look.severity is None:
        return state, events
    if state is None:
        state = Episode(subject, look.at, look.at, look.severity, look, look.at, look.negatives, look.learning)
        return state, [*events, Event(News.OPENED, look.at, state)]
    worse = _is_worse(state, look, patience)
    severity = max(state.severity, look.severity, key=RANK.__getitem__)
    worst = max(state.worst, look, key=lambda each: each.z)
    state = replace(state, last=look.at, severity=severity, worst=worst)
    if worse:
        state = replace(state, told_at=look.at, told=look.negatives)
    return state, [*events, Event(News.ESCALATED if worse else News.GOES_ON, look.at, state)]


def _is_worse(state: Episode, look: Look, patience: Patience) -> bool:
    is_cool = look.at >= state.told_at + patience.cool_down.total_seconds()
    return RANK[look.severity] > RANK[state.severity] or (is_cool and look.negatives >= patience.doubled * state.told)


def _closed(state: Episode, patience: Patience) -> Event:
    ended = replace(state, closed=state.last + patience.quiet.total_seconds())
    return Event(News.CLOSED, ended.last + patience.quiet.total_seconds(), ended)


def step_all(
    states: Mapping[Subject, Episode], looks: Mapping[Subject, Look], patience: Patience = PATIENCE
) -> tuple[dict[Subject, Episode], list[Event]]:
    """One tick of many subjects: looks of accounts and posts, all of the same time; brands follow from them."""
    states, events = dict(states), []

    def take(subject: Subject, look: Look) -> None:
        state, found = step(states.pop(subject, None), look, subject, patience)
        if state is not None:
            states[subject] = state
        events.extend(found)

    for subject in sorted(looks, key=lambda each: (each.kind != "account", each)):
        look = looks[subject]
        account = states.get(subject._replace(post=""))
        if subject.post and account is not None and account.is_open(look.at, patience):
            look = calm(look)
        take(subject, look)
    for brand in sorted({subject.brand for subject in looks if subject.brand}):
        here = {subject: look for subject, look in looks.items() if subject.brand == brand}
        spiking = [subject for subject in here if here[subject].is_spike and _is_new(subject, here)]
        whole = Subject(brand)
        take(whole, _together([here[subject] for subject in spiking]) or calm(next(iter(here.values()))))
        if whole in states:
            states[whole] = _joined(states[whole], spiking)
    return states, [_current(event, states) for event in events]


def calm(look: Look) -> Look:
    """The same look, calling nobody."""
    return replace(look, verdict="calm", severity=None)


def _is_new(subject: Subject, here: Mapping[Subject, Look]) -> bool:
    """Not a post whose account is a spike itself."""
    account = here.get(subject._replace(post=""))
    return not subject.post or account is None or not account.is_spike


def _together(looks: Collection[Look]) -> Look | None:
    """The look that speaks for a brand: that of its worst account or post."""
    return max(looks, key=lambda look: (look.z, look.negatives), default=None)


def _joined(state: Episode, subjects: Iterable[Subject]) -> Episode:
    return replace(state, members=tuple(dict.fromkeys([*state.members, *sorted(subjects)])))


def _current(event: Event, states: Mapping[Subject, Episode]) -> Event:
    return event if event.news is News.CLOSED else event._replace(episode=states[event.episode.subject])


def finish(states: Mapping[Subject, Episode], at: float, patience: Patience = PATIENCE) -> list[Event]:
    """The endings that were due by `at`."""
    return [_closed(state, patience) for state in states.values() if not state.is_open(at, patience)]


def replay(looks: Mapping[Subject, Looks], until: float, patience: Patience = PATIENCE) -> Iterator[Event]:
    """What would have been told, tick by tick. Ticks that are nobody's spike change nothing and are passed over."""
    ticks: dict[float, dict[Subject, Look]] = {}
    for subject, several in looks.items():
        for place in several.spikes:
            ticks.setdefault(float(several.at[place]), {})[subject] = several[int(place)]
    states: dict[Subject, Episode] = {}
    for at in sorted(ticks):
        states, events = step_all(states, ticks[at], patience)
        yield from events
    yield from finish(states, until, patience)
