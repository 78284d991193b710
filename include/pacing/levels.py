"""At which level money is being spent now, when the level may have changed at any time without notice.

A day's spend (rid of its weights) is taken as a level, plus what lingers of yesterday's deviation, plus noise. The
level holds until it changes, on any day with the same small chance. How much lingers and how large the noise is are
not known: a grid of both is carried along, and what foresaw each day well gains weight. So is, within each, every day
on which the present level may have begun (Adams and MacKay, Bayesian online changepoint detection, 2007). A single
odd day, such as an outage, is neither a level nor noise: it is believed less the odder it is.

Whether levels change at all is not known either, so two worlds are carried along: a steady one, in which none ever
does, and a changing one (Bayesian model averaging). A mean of everything is what comes out of a steady campaign, a mean
of the days since of one that was changed.

The two are believed differently for two ends. For what is likely, the steady world is held for the usual one and the
evidence taken as it is. For how far off that may be, a small sign of a change counts for much: a history tells a
changing campaign from a steady one only faintly, and what was overlooked costs more than a band that is too wide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CHANGES = np.array([1e-6, 1 / 40])  # the chance of a new level on a day, in the steady and in the changing world
# Chosen, with the constants of `forecast.py`, on simulated flights (docs/forecast.md): the chance of the changing world
# before anything is seen, and the power to which what is seen counts.
_LIKELY = (0.1, 1.0)
_WARY = (0.7, 10.0)
_ODD = 0.1  # the share of days that are odd
_SPREAD = 0.5  # how far a new level lies from the mean of all, in parts of it
_TRUST = 0.8  # below 1: the noise of real days is less regular than the model's
_LINGERS = np.array([0.0, 0.6])
_NOISE = np.array([0.7, 1.0, 1.5])  # in parts of what the days suggest


@dataclass(frozen=True, slots=True)
class Levels:
    """What may be the case after the last day, each with its `chance`, and its `wary` chance (each together 1).

    `level` and `variance` are what is known of the level, `changes` whether it is one of the changing world,
    `deviation` by how much the last day differed from it, `lingers` which part of that is left a day later.
    `surprises` are the days' own, one for each.
    """

    chance: Array
    wary: Array
    level: Array
    variance: Array
    changes: NDArray[np.bool_]
    deviation: Array
    lingers: Array
    surprises: Array


def levels_of(days: Array, back: int = 0) -> list[Levels]:
    """The levels that a history of daily spend leaves possible after its last day, and after the `back` days before.

    The newest comes last. Two days must have passed in each case.
    """
    mean = float(days.mean())
    scale = max(1.4826 * float(np.median(np.abs(np.diff(days)))) / 1.2, 0.02 * abs(mean) + 1e-9)
    watch = _Watch(mean, scale, len(days))
    surprises: list[float] = []
    found = []
    for place, surprise in enumerate(watch.follow(days)):
        surprises.append(surprise)
        if place >= len(days) - 1 - back:
            found.append(watch.levels(float(days[place]), np.array(surprises)))
    return found


class _Watch:
    """One row for each world, lingering and noise, one column for each day on which the level may have begun."""

    def __init__(self, mean: float, scale: float, days: int) -> None:
        grid = np.meshgrid(_CHANGES, _LINGERS, _NOISE * scale, indexing="ij")
        self.changes, self.lingers, noise = (each.reshape(-1, 1) for each in grid)
        shape = (len(noise), days + 1)
        self.noise, self.first_noise = noise**2, noise**2 / (1 - self.lingers**2)
        self.mean, self.odd, self.seen = mean, _SPREAD * abs(mean) + 3 * scale, 0
        # What begins on a day is not known before it: every column starts as if its level were about to begin.
        self.level, self.variance = np.full(shape, mean), np.full(shape, (_SPREAD * mean) ** 2 + scale**2)
        self.chance, self.known = np.ones(shape), np.zeros(shape)
        self.evidence = np.zeros((len(noise), 1))

    def trust(self) -> Array:
        trust = np.exp(self.evidence - self.evidence.max())
        return np.asarray(trust / trust.sum(), dtype=float)

    def levels(self, last: float, surprises: Array) -> Levels:
        """What may be the case after a day that cost `last`."""
        begun = slice(0, self.seen)  # the level that begins tomorrow is left out: nothing is known of it
        weight = self.chance[:, begun] * self.trust()
        changes = np.broadcast_to(self.changes > _CHANGES[0], weight.shape)
        return Levels(
            chance=_believed(weight, changes, *_LIKELY).ravel(),
            wary=_believed(weight, changes, *_WARY).ravel(),
            level=self.level[:, begun].ravel(),
            variance=self.variance[:, begun].ravel(),
            changes=changes.ravel(),
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
        chance *= (1 - self.changes) / total
        self.chance[:, self.seen : self.seen + 1] = self.changes
        self.evidence += np.log(total)


def _believed(weight: Array, changes: NDArray[np.bool_], before: float, power: float) -> Array:
    """The weights with the changing world at its odds `before`, times what was seen, to that power."""
    changing, steady = float(weight[changes].sum()), float(weight[~changes].sum())
    seen = power * (np.log(max(changing, 1e-300)) - np.log(max(steady, 1e-300)))
    world = 1 / (1 + np.exp(-np.clip(seen + np.log(before / (1 - before)), -30, 30)))
    believed = np.where(changes, weight * world / max(changing, 1e-300), weight * (1 - world) / max(steady, 1e-300))
    return np.asarray(believed / believed.sum(), dtype=float)
