"""What will have been spent at the end: a figure, an 80 % interval, and the chance that the money does not last.

Each day's spend is divided by its weight, and by what its weekday turned out to be worth beside that
(`include/pacing/weekdays.py`). What is left shows the level (`include/pacing/levels.py`), which the coming days'
weights turn into money again. The interval comes from drawing many futures: a level from what is possible now, each day
a surprise that the past has shown (a bootstrap), and, where the history looks as if levels changed, a change such as
nobody can foresee.

A first change that is still to come cannot be told from none, so the interval is not made for it: it would be too wide
for all who are steady. The price: a campaign that is changed once is inside in less than 80 of 100 cases, a steady one
in more. `docs/forecast.md` has the figures of each kind, and what else was tried.

With fewer than three days nothing is forecast. The same history always gives the same forecast.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from include.pacing.levels import Array, Levels, levels_of
from include.pacing.weekdays import worth_of

FEWEST_DAYS = 3
LONGEST = 60
"""Days of history that are looked at."""
_DRAWS = 400
_CHANGES = 0.2  # the chance of another level on a day to come, in a campaign whose levels change
_CHANGE = 0.6  # a change of level multiplies it by e to the power of about this


@dataclass(frozen=True, slots=True)
class Forecast:
    """`total` is what will have been spent at the end, with `low` and `high` around it in 80 of 100 cases.

    `overspend` is the chance that the total is above the budget.
    """

    total: float
    low: float
    high: float
    overspend: float


@dataclass(frozen=True, slots=True)
class Course:
    """How things go on after `through`, from what was known then: what each of the days to come will cost."""

    through: date
    levels: Levels
    ahead: Array
    by_day: Mapping[date, float]
    limit: float

    def exhausted_on(self, spent: Decimal, budget: Decimal) -> date | None:
        """The first day by whose end the budget is spent; None if it lasts."""
        total = float(spent)
        for day, amount in self.by_day.items():
            total += amount
            if total >= float(budget):
                return day
        return None

    def forecast(self, spent: Decimal, budget: Decimal) -> Forecast:
        """The end of a flight of which `spent` is known to be spent."""
        base = float(spent)
        if not self.by_day:
            return Forecast(base, base, base, float(spent > budget))
        ends = base + _futures(self.levels, self.ahead, self.limit)
        low, high = np.quantile(ends, [0.1, 0.9])
        total = base + sum(self.by_day.values())
        # What is likely and how far off it may be are believed differently: rarely the one lies outside the other.
        low, high = min(float(low), total), max(float(high), total)
        return Forecast(total, low, high, float((ends > float(budget)).mean()))


def courses(
    history: Mapping[date, Decimal],
    weights: Mapping[date, Decimal],
    *,
    missing: Collection[date] = (),
    back: int = 0,
    most_a_day: Decimal | None = None,
) -> list[Course]:
    """How a flight goes on after its last known day, and how it did from each of the `back` days before; newest last.

    `history` are the complete days that are known, in order, `weights` those of the whole flight. Days that are
    `missing` are foreseen as if they were to come. `most_a_day` is what the platform may spend at most on a day.
    """
    past = [day for day in history if weights.get(day, 0) > 0][-LONGEST:]
    back = min(back, len(past) - FEWEST_DAYS)
    if back < 0:
        return []
    plain = np.array([float(history[day] / weights[day]) for day in past])
    known = len(past) - back  # no course may have learnt from what came after it
    worth = worth_of(plain[:known], past[:known])
    found = levels_of(plain / worth[[day.weekday() for day in past]], back)
    limit = np.inf if most_a_day is None else float(most_a_day)
    return [
        _course(levels, day, missing, weights, worth, limit)
        for levels, day in zip(found, past[len(past) - 1 - back :], strict=True)
    ]


def _course(
    levels: Levels,
    through: date,
    missing: Collection[date],
    weights: Mapping[date, Decimal],
    worth: Array,
    limit: float,
) -> Course:
    coming = [day for day in sorted(weights) if weights[day] > 0 and (day > through or day in missing)]
    ahead = np.array([float(weights[day]) * worth[day.weekday()] for day in coming])
    by_day = np.clip(_expected(levels, len(coming)) * ahead, 0, limit)
    return Course(through, levels, ahead, dict(zip(coming, by_day.tolist(), strict=True)), limit)


def _expected(levels: Levels, days: int) -> Array:
    """The level of each day to come: what lingers of the last one fades."""
    fading = levels.lingers[:, None] ** np.arange(1, days + 1)
    each = levels.level[:, None] + levels.deviation[:, None] * fading
    # Not as a product of matrices: a library that takes every core for it would slow thousands of budgets down.
    return np.asarray((levels.chance[:, None] * each).sum(axis=0), dtype=float)


def _futures(levels: Levels, ahead: Array, limit: float) -> Array:
    """What the coming days cost together, drawn many times. `ahead` are their weights, no day costs above `limit`."""
    days = len(ahead)
    rng = np.random.default_rng(days)  # nothing changes a number but the numbers it is made of
    drawn = rng.choice(len(levels.wary), _DRAWS, p=levels.wary)
    level = levels.level[drawn] + rng.standard_normal(_DRAWS) * np.sqrt(levels.variance[drawn])
    usual = levels.surprises[min(FEWEST_DAYS, len(levels.surprises) - 1) :]
    surprises = rng.choice(usual - usual.mean(), (days, _DRAWS))
    will_change = levels.changes[drawn] & (rng.random(_DRAWS) < 1 - (1 - _CHANGES) ** days)
    changes_on = np.where(will_change, rng.integers(0, days, _DRAWS), days)
    changed = np.exp(rng.normal(0, _CHANGE, _DRAWS))
    total, lingering, lingers = np.zeros(_DRAWS), levels.deviation[drawn], levels.lingers[drawn]
    for day in range(days):
        lingering = lingers * lingering + surprises[day]
        base = np.where(changes_on <= day, level * changed, level)
        total += np.clip(ahead[day] * (base + lingering), 0, limit)
    return total


def last_seven(history: Mapping[date, Decimal], through: date) -> Decimal:
    """The mean of those of the seven days up to `through` that are known; the run rate that people know."""
    week = [history[day] for back in range(7) if (day := through - timedelta(days=back)) in history]
    return sum(week, Decimal(0)) / len(week) if week else Decimal(0)


def run_rate(spent: Decimal, days_left: int, last_week: Decimal) -> Decimal:
    """The end at the pace of the last seven days, which cost `last_week` together."""
    return spent + days_left * last_week / 7
