"""Whether the forecast of a budget's end can be trusted, and how long ten thousand budgets take.

Flights of 28 to 60 days are simulated whole and looked at when 35 to 80 % of their days have passed; the error is that
of the total, in per cent of the true one. Two baselines that people use are measured on the same flights: a straight
line through everything spent, and the mean of the last seven days. None of the families is drawn by the forecaster's
own way of drawing futures. Half of the budgets know their weekdays (to a quarter) and their event, the others nothing.

Read the goals with this in mind. The constants of `include/pacing/` were chosen on flights of the seeds 100 to 199;
here are others, which nobody has looked at to choose by (`docs/forecast.md`). Events and known weights are where the
plan helps and the baselines cannot follow, so the plain family has neither. Even who knows how it is made beats the
straight line there by only 3 % of its error, so the gain is also told in standard errors. The goals of the interval are
for each steady family and for all that shift together, as one width must serve all who cannot be told apart before
their first shift: of `one shift` too few are inside, of `outages` too many. The interval score (its width, and ten
times what lies outside; less is better) shows what a coverage costs: a band as wide as the budget covers, too.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from benchmarks.measurement import Measurement, seconds
from include.desk.flights import Budget, Member
from include.desk.spend import SpendRow
from include.pacing.check import check
from include.pacing.forecast import courses
from include.pacing.look import LOOKS_BACK

FIRST = date(2026, 1, 5)
_HELD_OUT = 2000  # the first seed
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flight:
    """The true spend of each day, the weights that its budget states, and how many days have passed."""

    spend: Array
    weights: Array
    passed: int


def weekdays_and_lingering(rng: np.random.Generator, days: int) -> tuple[Array, Array]:
    """A weekly pattern, deviations that linger, an event of up to three days; and what of that is known."""
    pattern = np.exp(rng.normal(0, 0.25, 7))
    week = np.resize(pattern / pattern.mean(), days)
    deviation = _lingering(rng, days)
    event = np.ones(days)
    begins, factor = rng.integers(0, days), rng.uniform(1.5, 3)
    event[begins : begins + rng.integers(1, 4)] = factor
    followed = np.where(event > 1, event * np.exp(rng.normal(0, 0.15)), 1)
    weights = np.maximum(np.round(week * 4) / 4, 0.25) * np.round(event * 2) / 2
    return 100 * week * followed * np.maximum(1 + deviation, 0), weights


def plain(rng: np.random.Generator, days: int) -> tuple[Array, Array]:
    """The same without an event, and with nothing known: all that is left is what the past shows."""
    week = np.exp(rng.normal(0, 0.25, 7))
    deviation = _lingering(rng, days)
    return 100 * np.resize(week / week.mean(), days) * np.maximum(1 + deviation, 0), np.ones(days)


def _lingering(rng: np.random.Generator, days: int) -> Array:
    lingers, spread = rng.uniform(0.3, 0.8), rng.uniform(0.05, 0.3)
    deviation = np.empty(days)
    deviation[0] = rng.normal(0, spread)
    for day in range(1, days):
        deviation[day] = lingers * deviation[day - 1] + rng.normal(0, spread * np.sqrt(1 - lingers**2))
    return deviation


def one_shift(rng: np.random.Generator, days: int) -> tuple[Array, Array]:
    spend, weights = weekdays_and_lingering(rng, days)
    spend[rng.integers(1, days) :] *= rng.choice([0.5, 0.7, 1.4, 1.8])
    return spend, weights


def drift(rng: np.random.Generator, days: int) -> tuple[Array, Array]:
    spend, weights = weekdays_and_lingering(rng, days)
    return spend * np.exp(np.cumsum(rng.normal(0, 0.05, days))), weights


def two_shifts(rng: np.random.Generator, days: int) -> tuple[Array, Array]:
    spend, weights = weekdays_and_lingering(rng, days)
    for day in rng.integers(1, days, 2):
        spend[day:] *= np.exp(rng.normal(0, 0.35))
    return spend, weights


def outages(rng: np.random.Generator, days: int) -> tuple[Array, Array]:
    """Noise with a heavy tail, and days on which nothing runs."""
    spend, weights = weekdays_and_lingering(rng, days)
    spend *= np.exp(rng.normal(0, 0.3, days))
    spend[rng.random(days) < 0.06] = 0
    return spend, weights


Family = Callable[[np.random.Generator, int], tuple[Array, Array]]
STEADY: dict[str, Family] = {
    "weekdays, lingering deviations, events": weekdays_and_lingering,
    "weekdays, lingering deviations, plain": plain,
}
SHIFTING: dict[str, Family] = {
    "one shift": one_shift,
    "two shifts": two_shifts,
    "drift": drift,
    "outages, heavy tail": outages,
}


def measure(size: float = 1.0) -> list[Measurement]:
    runs = max(round(2000 * size), 4)
    return [*_steady(runs), *_shifting(runs), *_many(max(round(10_000 * size), 10))]


def _steady(runs: int) -> Iterator[Measurement]:
    for seed, (name, family) in enumerate(STEADY.items(), start=_HELD_OUT):
        trials = _trials(family, runs, seed=seed)
        yield from _errors(f"pacing, {name}", trials)
        yield _coverage(f"pacing, {name}", trials)


def _shifting(runs: int) -> Iterator[Measurement]:
    together = []
    for place, (name, family) in enumerate(SHIFTING.items(), start=_HELD_OUT + len(STEADY)):
        trials = _trials(family, runs, seed=place)
        together += trials
        yield from _errors(f"pacing, {name}", trials)
        covered = 100 * statistics.mean(trial.is_covered for trial in trials)
        yield Measurement(f"pacing, {name}: inside the 80 % interval", covered, "%")
    yield _coverage("pacing, all families that shift", together)


@dataclass(frozen=True, slots=True)
class Trial:
    """Errors in per cent of the true total."""

    ours: float
    line: float
    last_seven: float
    is_covered: bool
    score: float


def _errors(name: str, trials: list[Trial]) -> Iterator[Measurement]:
    line = statistics.mean(trial.line for trial in trials)
    last_seven = statistics.mean(trial.last_seven for trial in trials)
    ours = statistics.mean(trial.ours for trial in trials)
    yield Measurement(f"{name}: error of our forecast", ours, "%", goal=min(line, last_seven))
    yield Measurement(f"{name}: error of a straight line", line, "%")
    yield Measurement(f"{name}: error of the last seven days", last_seven, "%")
    gains = [(trial.line if line < last_seven else trial.last_seven) - trial.ours for trial in trials]
    sure = statistics.mean(gains) / (statistics.stdev(gains) / len(gains) ** 0.5)
    yield Measurement(f"{name}: gain over the better of both", sure, "standard errors")
    yield Measurement(f"{name}: interval score", statistics.mean(trial.score for trial in trials), "%")


def _coverage(name: str, trials: list[Trial]) -> Measurement:
    covered = 100 * statistics.mean(trial.is_covered for trial in trials)
    return Measurement(f"{name}: {covered:.1f} % inside the 80 % interval, off by", abs(covered - 80), "points", goal=5)


def _trials(family: Family, runs: int, seed: int) -> list[Trial]:
    rng = np.random.default_rng(seed)
    return [_trial(flight) for flight in (_flight(family, rng, run) for run in range(runs))]


def _flight(family: Family, rng: np.random.Generator, run: int) -> Flight:
    days = int(rng.integers(28, 61))
    passed = int(days * rng.uniform(0.35, 0.8))
    spend, weights = family(rng, days)
    return Flight(spend, weights if run % 2 else np.ones(days), passed)


def _trial(flight: Flight) -> Trial:
    days = [FIRST + timedelta(days=after) for after in range(len(flight.spend))]
    history = {day: Decimal(f"{cost:.2f}") for day, cost in zip(days, flight.spend[: flight.passed], strict=False)}
    weights = {day: Decimal(str(weight)) for day, weight in zip(days, flight.weights, strict=True)}
    spent, true, left = sum(history.values()), float(flight.spend.sum()), len(days) - flight.passed
    ours = courses(history, weights, back=LOOKS_BACK)[-1].forecast(Decimal(spent), Decimal(1))
    line = float(spent) / flight.passed * len(days)
    last_seven = float(spent) + left * float(flight.spend[flight.passed - 7 : flight.passed].mean())
    off = [100 * abs(total - true) / true for total in (ours.total, line, last_seven)]
    score = 100 * (ours.high - ours.low + 10 * max(ours.low - true, true - ours.high, 0)) / true
    return Trial(*off, is_covered=ours.low <= true <= ours.high, score=score)


def _many(count: int) -> Iterator[Measurement]:
    last, today = FIRST + timedelta(days=29), FIRST + timedelta(days=20)
    budgets = [
        Budget("brand", str(each), Decimal(3000), "EUR", FIRST, last, members=(Member(f"meta_ads_{each}"),))
        for each in range(count)
    ]
    rng = np.random.default_rng(7)
    spend = rng.gamma(9, 11, (count, 20))
    rows = [
        SpendRow(FIRST + timedelta(days=day), f"meta_ads_{each}", Decimal(f"{spend[each, day]:.2f}"), "EUR", "campaign")
        for each in range(count)
        for day in range(20)
    ]
    took = seconds(lambda: check(budgets, rows, lambda budget: today, processes=2))
    yield Measurement(
        f"pacing: {count:,} budgets with {len(rows):,} rows of spend checked by 2 processes", took, "s", goal=30
    )
