"""From counts to a verdict (`__init__.py` has the formulas)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from include.comments.spikes.counting import Counts, count
from include.comments.spikes.looks import VERDICTS, Floats, Ints, Look, Looks
from include.comments.spikes.sensitivity import BALANCED, Sensitivity
from include.comments.spikes.share import surprise, tail

_UNKNOWN_PAIRS = 8  # a window's worth: so many pairs of unrelated comments are believed before any was seen


def look(
    times: Floats,
    negative: NDArray[np.bool_],
    scored: NDArray[np.bool_],
    at: float,
    sensitivity: Sensitivity = BALANCED,
    *,
    since: float | None = None,
    excluded: Sequence[tuple[float, float]] = (),
) -> Look:
    """What one tick shows. `times` are sorted seconds since 1970; see `looks`."""
    return looks(times, negative, scored, np.array([at]), sensitivity, since=since, excluded=excluded)[0]


def looks(
    times: Floats,
    negative: NDArray[np.bool_],
    scored: NDArray[np.bool_],
    ticks: Floats,
    sensitivity: Sensitivity = BALANCED,
    *,
    since: float | None = None,
    excluded: Sequence[tuple[float, float]] = (),
) -> Looks:
    """What many ticks show, in any order, each as if the comments after it had not been written.

    `since` is when listening began (the first comment if it is not known): what is older was not heard. `excluded` are
    spans that are no example for others: a campaign, an episode that somebody confirmed.
    """
    ticks = np.asarray(ticks, dtype=np.float64)
    if not len(times) and since is None:
        since = float(ticks.max(initial=0.0))
    since = float(times[0]) if since is None else since
    counts = count(times[scored & negative], times[scored], ticks, sensitivity, since, excluded)
    return _judged(counts, ticks, ticks - since, sensitivity)


def _judged(counts: Counts, ticks: Floats, history: Floats, sensitivity: Sensitivity) -> Looks:
    windows = np.maximum(counts.windows, 1)
    usual, sd = _usual(counts.sum_y, counts.sum_yy, windows)
    z = (counts.negatives - usual) / np.maximum(sd, 1.0)
    early, early_sd = _usual(counts.sum_early, counts.sum_early2, windows)
    rise = np.maximum(z, (counts.early_negatives - early) / np.maximum(early_sd, sensitivity.early_sd))
    usual_share = (counts.base_negatives + 2) / (counts.base_scored + 10)
    enough = (counts.negatives >= sensitivity.least) & (counts.negatives >= sensitivity.times * usual)
    asked = enough & (z >= sensitivity.z - sensitivity.slack)
    share_p, surprised = _shares(counts, usual_share, np.flatnonzero(asked))
    needed = np.maximum(sensitivity.surprise - sensitivity.trade * (rise - sensitivity.z), sensitivity.least_surprise)
    spike = (share_p < sensitivity.share_p) & (surprised >= needed)  # False where it was not asked: NaN
    verdict = np.select([spike, z >= sensitivity.z], [VERDICTS.index("spike"), VERDICTS.index("surge")], 0)
    verdict[history < sensitivity.settle.total_seconds()] = VERDICTS.index("learning")
    learning = history < sensitivity.learning.total_seconds()
    y, n = counts.negatives, counts.scored
    return Looks(sensitivity, ticks, y, usual, sd, z, n, rise, usual_share, share_p, surprised, verdict, learning)


def _usual(total: Ints, squares: Ints, windows: Ints) -> tuple[Floats, Floats]:
    """Mean and standard deviation."""
    return total / windows, np.sqrt(windows * squares - total**2) / windows


def _shares(counts: Counts, usual_share: Floats, asked: Ints) -> tuple[Floats, Floats]:
    """The share gate and its surprise where they are asked for, NaN elsewhere."""
    share_p, surprised = np.full((2, len(usual_share)), np.nan)
    kinship = _kinship(counts)
    for place in asked:
        chance, alike = float(usual_share[place]), float(kinship[place])
        trials, early_trials = int(counts.scored[place]), int(counts.early_scored[place])
        share_p[place] = p = tail(int(counts.negatives[place]), trials, chance)
        early_p = tail(int(counts.early_negatives[place]), early_trials, chance)
        surprised[place] = max(surprise(p, trials, alike), surprise(early_p, early_trials, alike))
    return share_p, surprised


def _kinship(counts: Counts) -> Floats:
    """How alike comments of one window are: by how much more the windows' negatives vary than independent ones would.

    A beta-binomial's correlation by the method of moments, drawn towards none where there are few pairs to see it in.
    """
    share = np.clip(counts.sum_y / np.maximum(counts.sum_n, 1), 1e-6, 1 - 1e-6)
    spread = counts.sum_yy - 2 * share * counts.sum_ny + share**2 * counts.sum_nn
    pairs = counts.sum_nn - counts.sum_n + _UNKNOWN_PAIRS * np.maximum(counts.windows, 1)
    kinship: Floats = np.clip((spread / (share * (1 - share)) - counts.sum_n) / pairs, 0.0, 0.5)
    return kinship
