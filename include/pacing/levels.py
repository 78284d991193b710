"""At which level money is being spent now, when the level may have changed at any time without notice.

A day's spend (rid of its weights) is taken as a level, plus what lingers of yesterday's deviation, plus noise. The
level holds until it changes, on any day with the same small chance. How much lingers and how large the noise is are
not known: a grid of both is carried along, and what foresaw each day well gains weight. So is, within each, every day
on which the present level may have begun (Adams and MacKay, Bayesian online changepoint detection, 2007). A single
odd day, such as an outage, is neither a level nor noise: it is believed less the odder it is.

A mean of everything is what comes out of a steady campaign, a mean of the days since of one that was changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CHANGES = 1 / 60  # the chance of a new level on a day: campaigns are touched every month or two
_ODD = 0.1  # the share of days that are odd
_SPREAD = 0.5  # how far a new level lies from the mean of all, in parts of it
_TRUST = 0.8  # below 1: the noise of real days is less regular than the model's
_LINGERS = np.array([0.0, 0.4, 0.75])
_NOISE = np.array([0.7, 1.0, 1.5])  # in parts of what the days suggest


@dataclass(frozen=True, slots=True)
class Levels:
    """What may be the case after the last day, each with its `chance` (together 1).

    `level` and `variance` are what is known of the level, `has_changed` whether it is another than at the beginning,
    `deviation` by how much the last day differed from it, `lingers` which part of that is left a day later.
    `surprises` are the days' own, one for each.
    """

    chance: Array
    level: Array
    variance: Array
    has_changed: NDArray[np.bool_]
    deviation: Array
    lingers: Array
    surprises: Array


def levels_of(days: Array, back: int = 0) -> list[Levels]:
    """The levels that a history of daily spend leaves possible after its last day, and after the `back` days before.

    The newest comes last. Two days must have passed in each case.
    """
    mean = float(days.mean())
    scale = max(1.4826 * float(np.median(np.abs(np.diff(days)))) / 1.2, 0.02 * abs(mean) + 1e-9)
    lingers, noise = (each.reshape(-1, 1) for each in np.meshgrid(_LINGERS, _NOISE * scale, indexing="ij"))
    watch = _Watch(
        lingers, noise**2, mean, (_SPREAD * mean) ** 2 + scale**2, _SPREAD * abs(mean) + 3 * scale, len(days)
    )
    surprises: list[float] = []
    found = []
    for place, surprise in enumerate(watch.follow(days)):
        surprises.append(surprise)
        if place >= len(days) - 1 - back:
            found.append(watch.levels(float(days[place]), np.array(surprises)))
    return found


class _Watch:
    """One row for each pair of lingering and noise, one column for each day on which the level may have begun."""

    def __init__(self, lingers: Array, noise: Array, mean: float, unsure: float, odd: float, days: int) -> None:
        shape = (len(lingers), days + 1)
        self.lingers, self.noise, self.first_noise = lingers, noise, noise / (1 - lingers**2)
        self.mean, self.odd, self.seen = mean, odd, 0
        # What begins on a day is not known before it: every column starts as if its level were about to begin.
        self.level, self.variance = np.full(shape, mean), np.full(shape, unsure)
        self.chance, self.known = np.ones(shape), np.zeros(shape)
        self.evidence = np.zeros((len(lingers), 1))

    def trust(self) -> Array:
        trust = np.exp(self.evidence - self.evidence.max())
        return np.asarray(trust / trust.sum(), dtype=float)

    def levels(self, last: float, surprises: Array) -> Levels:
        """What may be the case after a day that cost `last`."""
        begun = slice(0, self.seen)  # the level that begins tomorrow is left out: nothing is known of it
        weight = self.chance[:, begun] * self.trust()
        return Levels(
            chance=(weight / weight.sum()).ravel(),
            level=self.level[:, begun].ravel(),
            variance=self.variance[:, begun].ravel(),
            has_changed=np.broadcast_to(np.arange(self.seen) > 0, weight.shape).ravel(),
            deviation=(self.known[:, begun] * (last - self.level[:, begun])).ravel(),
            lingers=np.broadcast_to(self.lingers, weight.shape).ravel(),
            surprises=surprises,
        )

    def follow(self, days: Array) -> Iterator[float]:
        """Takes the days in, one by one; gives by how much each differed from what was expected of it."""
        before = self.mean
        for day in days.tolist():
            surprise = self._take(day, before)
            before = day
            yield surprise

    def _take(self, day: float, before: float) -> float:
        begun = slice(0, self.seen + 1)
        level, variance, known = self.level[:, begun], self.variance[:, begun], self.known[:, begun]
        held = self.lingers * known
        weight = 1 - held
        foreseen = held * before + weight * level
        # The first day of a level has yesterday's deviation in it, unknown as that is.
        spread = np.where(known > 0, self.noise, self.first_noise) + weight * weight * variance
        off = day - foreseen
        regular = (1 - _ODD) * np.exp(-0.5 * off * off / spread) / np.sqrt(spread)
        likely = regular + _ODD * 0.3 / self.odd
        expected = float((self.trust() * self.chance[:, begun] * foreseen).sum())
        believed = regular / likely
        gain = believed * weight * variance / spread
        level += gain * off
        variance *= 1 - gain * weight
        known[:] = believed
        self._weigh(likely**_TRUST)
        return day - expected

    def _weigh(self, likely: Array) -> None:
        self.seen += 1
        chance = self.chance[:, : self.seen]
        chance *= likely
        total = chance.sum(axis=1, keepdims=True)
        chance *= (1 - CHANGES) / total
        self.chance[:, self.seen : self.seen + 1] = CHANGES
        self.evidence += np.log(total)
