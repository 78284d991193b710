"""A brand looked at, tick by tick: its accounts and their posts. Pure; the DAG and a replay share it.

A look depends on when comments were written and on nothing else: whoever has the table can say again what was seen at
any tick. Episodes, and that those of a brand are one, are `include/comments/episodes.py`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from include.comments.episodes import Episode, Event, Subject, finish, step, step_all
from include.comments.spikes import BALANCED, Look, Sensitivity, look
from include.comments.spikes.share import tail
from include.desk.silences import Silence
from include.listening.series import Series

TICK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a tick showed: what became of episodes, each with the reason of the silence that it falls under (empty where
    there is none), and the accounts with more comments than usual in the usual tone."""

    at: datetime
    events: Sequence[tuple[Event, str]] = ()
    surges: Sequence[tuple[Subject, Look]] = ()


def ticks(after: datetime, until: datetime) -> list[datetime]:
    """Every full ten minutes after `after` until `until`."""
    first = floor(after) + TICK
    return [first + TICK * n for n in range((floor(until) - first) // TICK + 1)]


def floor(at: datetime) -> datetime:
    seconds = TICK.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


@dataclass
class BrandWatch:
    """One brand's comments and the episodes that it has. `tick` is to be called in the order of time."""

    brand: str
    accounts: Mapping[str, Series]
    states: dict[Subject, Episode]
    silences: Sequence[Silence] = ()
    sensitivity: Sensitivity = BALANCED
    _heard: dict[frozenset[int], dict[str, Series]] = field(default_factory=dict)

    def tick(self, at: datetime) -> Seen:
        """Look at everything that has negatives enough, and end what has been quiet for long enough."""
        moment, looks = at.timestamp(), dict[Subject, Look]()
        for account, series in self._at(at).items():
            if series.bad_between(moment - self._window, moment) >= self.sensitivity.least:
                own = self._look(series, moment)
                looks[Subject(self.brand, account)] = own
                looks |= self._posts(account, series, moment, own.usual_share)
        reasons = {subject: reason for subject in looks if (reason := self._silenced(subject, at))}
        events = [*self._step(looks, reasons), *((event, "") for event in self._over(moment))]
        surges = [(s, each) for s, each in looks.items() if each.verdict == "surge" and not s.post]
        return Seen(at, events, surges)

    @property
    def _window(self) -> float:
        return self.sensitivity.window.total_seconds()

    def _at(self, at: datetime) -> dict[str, Series]:
        """What counts at that moment: without comments that a silence is about."""
        which = frozenset(n for n, each in enumerate(self.silences) if each.holds(at) and not each.is_of_all)
        if which not in self._heard:
            of_silence = [self.silences[n] for n in sorted(which)]
            self._heard[which] = {name: series.without(of_silence) for name, series in self.accounts.items()}
        return self._heard[which]

    def _look(self, series: Series, at: float) -> Look:
        return look(series.times, series.negative, series.scored, at, self.sensitivity, since=series.since)

    def _posts(self, account: str, series: Series, at: float, usual_share: float) -> dict[Subject, Look]:
        """The account's posts with negatives enough. A post that is new has no usual share of its own: its account's
        counts too."""
        first, last = np.searchsorted(series.times, [at - self._window, at], side="right")
        bad = series.posts[first:last][series.negative[first:last]]
        names, counts = np.unique(bad, return_counts=True)
        found = {}
        for name, count in zip(names, counts, strict=True):
            if name and count >= self.sensitivity.least:
                seen = self._look(series.only(series.posts == name), at)
                share_p = tail(seen.negatives, seen.scored, usual_share)
                is_usual = seen.is_spike and share_p >= self.sensitivity.share_p
                seen = replace(seen, verdict="surge", severity=None, share_p=share_p) if is_usual else seen
                found[Subject(self.brand, account, str(name))] = seen
        return found

    def _silenced(self, subject: Subject, at: datetime) -> str:
        """The reason not to tell of it, where a silence is about all of its brand or account."""
        for silence in self.silences:
            if silence.is_of_all and silence.holds(at) and silence.account in ("", subject.account):
                return silence.reason
        return ""

    def _step(self, looks: Mapping[Subject, Look], reasons: Mapping[Subject, str]) -> Iterator[tuple[Event, str]]:
        """What is silenced has episodes of its own, and no part in its brand's."""
        told = {subject: each for subject, each in looks.items() if subject not in reasons}
        if told:
            self.states, events = step_all(self.states, told)
            yield from ((event, "") for event in events)
        for subject, reason in reasons.items():
            state, events = step(self.states.pop(subject, None), looks[subject], subject)
            self.states |= {subject: state} if state else {}
            yield from ((event, reason) for event in events)

    def _over(self, at: float) -> list[Event]:
        events = finish(self.states, at)
        for event in events:
            del self.states[event.episode.subject]
        return events


def subject_key(subject: Subject) -> str:
    """`brand/mekong`, `account/mekong/x_mekong`, `post/mekong/x_mekong/123`."""
    return "/".join([subject.kind, *(part for part in subject if part)])


def subject_of(key: str) -> Subject:
    """The subject of a key."""
    _, _, rest = key.partition("/")
    return Subject(*rest.split("/", 2))
