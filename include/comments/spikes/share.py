"""Whether the share of negatives rose: a harmless viral post brings many comments, and some of them look negative."""

from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_NORMAL = NormalDist()
_SMALLEST, _LARGEST = 1e-300, 1 - 1e-16


def tail(successes: int, trials: int, chance: float) -> float:
    """P[Binomial(trials, chance) >= successes], for a chance in (0, 1); added up from its biggest term."""
    if successes <= 0:
        return 1.0
    if successes > trials:
        return 0.0
    odds = chance / (1 - chance)
    if successes > trials * chance:
        more = np.arange(successes, trials)
        return min(_term(successes, trials, chance) * (1 + _added(odds * (trials - more) / (more + 1))), 1.0)
    fewer = np.arange(successes - 1, 0, -1)
    below = _term(successes - 1, trials, chance) * (1 + _added(fewer / (trials - fewer + 1) / odds))
    return max(1.0 - below, 0.0)


def _added(ratios: NDArray[np.float64]) -> float:
    """The terms that follow, each by its ratio to the one before, in units of the first."""
    return float(np.cumprod(ratios).sum())


def _term(successes: int, trials: int, chance: float) -> float:
    chosen = lgamma(trials + 1) - lgamma(successes + 1) - lgamma(trials - successes + 1)
    return exp(chosen + successes * log(chance) + (trials - successes) * log1p(-chance))


def surprise(p: float, trials: int, kinship: float) -> float:
    """What a tail of `p` is worth in standard deviations, where comments of one window are alike.

    Comments come in moods: `kinship` is the correlation of two comments of the same window (0: none). It widens what
    `trials` comments can show by chance by sqrt(1 + (trials - 1) * kinship), as in a survey that asks whole households.
    """
    deviations = -_NORMAL.inv_cdf(min(max(p, _SMALLEST), _LARGEST))
    return deviations / sqrt(1 + max(trials - 1, 0) * kinship)
