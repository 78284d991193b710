"""What each weekday costs beside the others, learnt from a flight's own history.

Where a plan states no weights, this is what a straight line cannot know: the days to come hold another mix of weekdays
than the days that were. Each day is set against the seven around it, and the seven effects are estimated together, as
one normal model, from days whose deviations linger (generalised least squares). How much weekdays differ at all is not
known: a few answers are tried, and each counts by how well it explains the history (empirical Bayes, a ridge). So
effects that may be chance are drawn towards none, and a few weeks of a clear pattern are believed.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_WEEK = 7
_LINGERS = 0.5
_DIFFER = np.array([[0.1], [0.2], [0.35], [0.8]])  # standard deviations of the effects that are tried
_LEAST = 0.05  # a weekday that never costs anything must not be divided by nothing


def worth_of(days: Array, dates: Sequence[date]) -> Array:
    """What Monday to Sunday cost beside the mean weekday; all 1 with less than a week of days."""
    if len(days) < _WEEK:
        return np.ones(_WEEK)
    here = np.zeros((len(days), _WEEK))
    here[np.arange(len(days)), [day.weekday() for day in dates]] = 1
    worth = np.maximum(1 + _effects(_fresh(here - 1 / _WEEK), _fresh(_beside(days))), _LEAST)
    return np.asarray(worth / worth.mean(), dtype=float)


def _beside(days: Array) -> Array:
    """By which part each day differs from the mean of the week around it."""
    sums = np.concatenate([[0.0], np.cumsum(days)])
    begins = np.clip(np.arange(len(days)) - _WEEK // 2, 0, len(days) - _WEEK)
    around = (sums[begins + _WEEK] - sums[begins]) / _WEEK
    return np.asarray(np.divide(days, around, out=np.ones(len(days)), where=around > 0) - 1, dtype=float)


def _fresh(rows: Array) -> Array:
    """Each row without what lingers of the one before."""
    return np.concatenate([rows[:1] * np.sqrt(1 - _LINGERS**2), rows[1:] - _LINGERS * rows[:-1]])


def _effects(places: Array, values: Array) -> Array:
    strength, axes = np.linalg.eigh(places.T @ places)
    along, count = axes.T @ (places.T @ values), len(values)
    strength, squares = np.maximum(strength, 0), float(values @ values)
    noise = np.full(_DIFFER.shape, max(squares / count, 1e-6))
    for _ in range(3):  # each noise follows from the effects and they from it; three rounds settle both
        drawn = strength + noise / _DIFFER**2
        noise = np.maximum(squares - (along**2 / drawn).sum(axis=1, keepdims=True), 1e-6 * count) / count
    shrunk = np.log1p(strength * _DIFFER**2 / noise).sum(axis=1, keepdims=True)
    evidence = -0.5 * (count * np.log(noise) + shrunk)
    trust = np.exp(evidence - evidence.max())
    effects = axes @ ((trust * along / drawn).sum(axis=0) / trust.sum())
    return np.asarray(effects - effects.mean(), dtype=float)
