"""A brand looked at, tick by tick: its accounts, their posts, all of it together. Pure; the DAG and a replay share it.

A look depends on when comments were written and on the episodes before it, on nothing else: whoever has the table can
say again what was seen at any tick.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from include.comments.episodes import Event, State, step
from include.comments.spikes import BALANCED, Look, Sensitivity, look
from include.comments.spikes.share import tail
from include.desk.silences import Silence
from include.listening.series import Series, joined

TICK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What is watched: a brand as a whole, one of its accounts, or a post of one."""

    brand: str
    account: str = ""
    post: str = ""

    @property
    def key(self) -> str:
        """`brand/mekong`, `account/mekong/x_mekong`, `post/mekong/x_mekong/123`."""
        level = "post" if self.post else "account" if self.account else "brand"
        return "/".join([level, *(part for part in (self.brand, self.account, self.post) if part)])

    @classmethod
    def of(cls, key: str) -> "Subject":
        _, _, rest = key.partition("/")
        return cls(*rest.split("/", 2))


@dataclass
class Standing:
    """Where a subject's episodes stand, and the spans (epoch seconds) of those it had: they are not what is usual."""

    state: State = field(default_factory=State)
    had: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """A look that is worth a word: what it saw, and what that did to the subject's episode."""

    subject: Subject
    look: Look
    events: Sequence[Event]


def ticks(after: datetime, until: datetime) -> list[datetime]:
    """Every full ten minutes after `after` until `until`."""
    first = floor(after) + TICK
    return [first + TICK * n for n in range((floor(until) - first) // TICK + 1)]


def floor(at: datetime) -> datetime:
    seconds = TICK.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


@dataclass
class BrandWatch:
    """One brand's comments and standings. `tick` is to be called in the order of time."""

    brand: str
    accounts: Mapping[str, Series]
    standings: dict[Subject, Standing]
    silences: Sequence[Silence] = ()
    sensitivity: Sensitivity = BALANCED
    _heard: dict[frozenset[int], dict[str, Series]] = field(default_factory=dict)

    def tick(self, at: datetime) -> list[Seen]:
        """Look at everything that is not at rest."""
        heard = self._at(at)
        moment = at.timestamp()
        seen = []
        for account, of_account in heard.items():
            found = self._look(Subject(self.brand, account), of_account, moment)
            seen += [found] if found else []
            seen += self._posts(account, of_account, moment)
        if len(heard) > 1:
            whole = Subject(self.brand)
            if self._is_awake(whole, list(heard.values()), moment):
                found = self._look(whole, joined(list(heard.values()), self.brand), moment)
                seen += [found] if found else []
        return seen

    @property
    def _window(self) -> float:
        return self.sensitivity.window.total_seconds()

    def _at(self, at: datetime) -> dict[str, Series]:
        """What counts at that moment: without comments that a silence is about."""
        active = [n for n, each in enumerate(self.silences) if each.holds(at) and not each.is_of_all]
        which = frozenset(active)
        if which not in self._heard:
            of_silence = [self.silences[n] for n in active]
            self._heard[which] = {name: series.without(of_silence) for name, series in self.accounts.items()}
        return self._heard[which]

    def _is_awake(self, subject: Subject, several: Iterable[Series], at: float) -> bool:
        """Whether anything can come of a look: an episode is open, or there are negatives enough."""
        if subject in self.standings and self.standings[subject].state.opened is not None:
            return True
        return sum(each.bad_between(at - self._window, at) for each in several) >= self.sensitivity.least

    def _look(self, subject: Subject, series: Series, at: float, *, usual_share: float | None = None) -> Seen | None:
        if not self._is_awake(subject, [series], at):
            return None
        standing = self.standings.setdefault(subject, Standing())
        parts = (series.times, series.negative, series.scored)
        found = look(*parts, at, self.sensitivity, since=series.since, excluded=standing.had)
        if usual_share is not None and found.verdict == "spike":
            found = self._gated(found, usual_share)
        standing.state, events = step(standing.state, found)
        if found.verdict == "spike":
            standing.had = _with(standing.had, at - self._window, at)
        return Seen(subject, found, events) if events or found.verdict == "surge" else None

    def _gated(self, found: Look, usual_share: float) -> Look:
        """A post that is new has no usual share of its own: its account's counts too."""
        share_p = tail(found.negatives, found.scored, usual_share)
        is_risen = share_p < self.sensitivity.share_p
        return found if is_risen else replace(found, verdict="surge", severity=None, share_p=share_p)

    def _posts(self, account: str, series: Series, at: float) -> Iterator[Seen]:
        """The account's posts with negatives enough, and those whose episode is open."""
        first, last = np.searchsorted(series.times, [at - self._window, at], side="right")
        bad = series.posts[first:last][series.negative[first:last]]
        names, counts = np.unique(bad, return_counts=True)
        wanted = {str(name) for name, count in zip(names, counts, strict=True) if count >= self.sensitivity.least}
        wanted |= {
            each.post
            for each, standing in self.standings.items()
            if each.account == account and each.post and standing.state.opened is not None
        }
        if not wanted:
            return
        usual_share = look(
            series.times, series.negative, series.scored, at, self.sensitivity, since=series.since
        ).usual_share
        for post in sorted(wanted):
            of_post = series.only(series.posts == post)
            found = self._look(Subject(self.brand, account, post), of_post, at, usual_share=usual_share)
            if found:
                yield found


def _with(had: list[tuple[float, float]], first: float, last: float) -> list[tuple[float, float]]:
    """The spans, with one more that may touch the last of them."""
    if had and had[-1][1] >= first:
        return [*had[:-1], (had[-1][0], last)]
    return [*had, (first, last)]
