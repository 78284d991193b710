"""Counts of windows and of their baselines, by differences of cumulative sums; whole numbers, so that nothing rounds.

Ticks that stand at the same second of their hour share one grid of hourly steps: a month of ticks every ten minutes
needs six grids, a single tick one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from include.comments.spikes.looks import Floats, Ints
from include.comments.spikes.sensitivity import Sensitivity

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Counts:
    """For each tick: its windows, its baseline of `windows` window sums, and the comments of the baseline's hours.

    `sum_ny` is the sum over the baseline's windows of (scored x negatives), and so on.
    """

    negatives: Ints
    scored: Ints
    early_negatives: Ints
    early_scored: Ints
    windows: Ints
    sum_y: Ints
    sum_yy: Ints
    sum_early: Ints
    sum_early2: Ints
    sum_n: Ints
    sum_nn: Ints
    sum_ny: Ints
    base_negatives: Ints
    base_scored: Ints


def count(
    negatives: Floats,
    scored: Floats,
    ticks: Floats,
    sensitivity: Sensitivity,
    since: float,
    excluded: Sequence[tuple[float, float]],
) -> Counts:
    """`negatives` and `scored` are sorted times; what lies before `since` or within `excluded` is no baseline."""
    columns = np.zeros((len(fields(Counts)), len(ticks)), dtype=np.int64)
    phases, phase_of = np.unique(np.mod(ticks, HOUR), return_inverse=True)
    for number, phase in enumerate(phases):
        chosen = np.flatnonzero(phase_of == number)
        hours = np.rint((ticks[chosen] - phase) / HOUR).astype(np.int64)
        columns[:, chosen] = _on_grid(negatives, scored, phase, hours, sensitivity, since, excluded)
    return Counts(*columns)


def _on_grid(
    negatives: Floats,
    scored: Floats,
    phase: float,
    hours: Ints,
    sensitivity: Sensitivity,
    since: float,
    excluded: Sequence[tuple[float, float]],
) -> list[Ints]:
    window, early, back = (_hours(span) for span in (sensitivity.window, sensitivity.early, sensitivity.baseline))
    first = int(hours.min()) - window - back
    ends = phase + HOUR * np.arange(first, int(hours.max()) + 1, dtype=np.float64)
    here = hours - first
    y = np.searchsorted(negatives, ends, side="right").astype(np.int64)
    n = np.searchsorted(scored, ends, side="right").astype(np.int64)
    usable = _usable(ends, HOUR, since, excluded)
    hour_y, hour_n = np.where(usable, np.diff(y, prepend=y[:1]), 0), np.where(usable, np.diff(n, prepend=n[:1]), 0)
    whole = _usable(ends, HOUR * window, since, excluded).astype(np.int64)
    of_early = whole * _last(y, early)
    of_y, of_n = whole * _last(y, window), whole * _last(n, window)
    last, steps = here - window, back - window + 1
    sums = [whole, of_y, of_y * of_y, of_early, of_early * of_early, of_n, of_n * of_n, of_n * of_y]
    return [
        (y[here] - y[here - window]),
        (n[here] - n[here - window]),
        (y[here] - y[here - early]),
        (n[here] - n[here - early]),
        *(_trailing(each, last, steps) for each in sums),
        *(_trailing(each, last, back) for each in (hour_y, hour_n)),
    ]


def _hours(span: timedelta) -> int:
    return round(span.total_seconds() / HOUR)


def _last(totals: Ints, steps: int) -> Ints:
    """The sum of the last `steps` hours, at each hour; the first ones are not complete, and nobody asks for them."""
    sums: Ints = totals - np.concatenate([np.repeat(totals[:1], steps), totals[:-steps]])
    return sums


def _trailing(values: Ints, last: Ints, steps: int) -> Ints:
    """The sum of `steps` values that end with the one at `last`."""
    totals = np.concatenate([[0], np.cumsum(values)])
    sums: Ints = totals[last + 1] - totals[last + 1 - steps]
    return sums


def _usable(ends: Floats, length: float, since: float, excluded: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    """Whether (end - length, end] is known and clear of what is excluded."""
    begins = ends - length
    usable = begins >= since
    for start, stop in excluded:
        usable &= (ends < start) | (begins >= stop)
    return usable
