"""All budgets of a file, looked at together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from multiprocessing import get_context
from zoneinfo import ZoneInfo

from include.desk.flights import NONE, Budget, parents_of
from include.desk.rates import Rates
from include.desk.spend import SpendRow
from include.pacing.counting import Tally, count
from include.pacing.look import Look, look
from include.pacing.states import CALLS, State


def check(
    budgets: Sequence[Budget],
    rows: Iterable[SpendRow],
    today: Callable[[Budget], date],
    *,
    rates: Rates | None = None,
    processes: int = 1,
) -> list[Look]:
    """A look at each of `budgets`, in their order, on the day that it is for it.

    Raises DeskProblems for rows of spend that cannot be counted once and in the budget's currency.
    """
    return looks(budgets, count(budgets, rows, rates or Rates()).tallies, today, processes=processes)


def looks(
    budgets: Sequence[Budget],
    tallies: Mapping[str, Tally],
    today: Callable[[Budget], date],
    *,
    hour: int | Callable[[Budget], int] | None = None,
    processes: int = 1,
) -> list[Look]:
    """The same with spend that is counted already; `hour` is the hour on each ad account's clock.

    With several `processes`, thousands of budgets are divided among them.
    """
    carried = _carried(budgets, tallies, today)
    weights = _weights(budgets)
    asked = [
        _Asked(
            budget,
            tallies[budget.key],
            today(budget),
            weights[budget.key],
            carried[budget.key],
            hour(budget) if callable(hour) else hour,
        )
        for budget in budgets
    ]
    if processes == 1 or len(asked) < _WORTH_DIVIDING:
        return [each.look() for each in asked]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [*pool.map(_Asked.look, asked, chunksize=_WORTH_DIVIDING // 4)]


_WORTH_DIVIDING = 1000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one look needs, so that another process can take it."""

    budget: Budget
    tally: Tally
    today: date
    weights: Mapping[date, Decimal]
    carried: Decimal
    hour: int | None

    def look(self) -> Look:
        return look(self.budget, self.tally, self.today, weights=self.weights, carried=self.carried, hour=self.hour)


def on_the_clock_of(moment: datetime) -> Callable[[Budget], date]:
    """The day that it is for each budget's ad account at an aware moment."""
    return lambda budget: moment.astimezone(ZoneInfo(budget.timezone)).date()


def hour_on_the_clock_of(moment: datetime) -> Callable[[Budget], int]:
    """The hour that it is for each budget's ad account at an aware moment."""
    return lambda budget: moment.astimezone(ZoneInfo(budget.timezone)).hour


def needing(looks: Sequence[Look]) -> list[Look]:
    """Those that somebody should hear of. A parent is left out while one of its parts says it better."""
    calling = [look for look in looks if look.state in CALLS]
    wholes = parents_of([look.budget for look in looks])
    told = {wholes[look.budget.key].key for look in calling if look.budget.key in wholes}
    return [look for look in calling if look.budget.key not in told or look.state in (State.EXHAUSTED, State.OVER_CAP)]


def _weights(budgets: Sequence[Budget]) -> dict[str, dict[date, Decimal]]:
    """The days' weights of each flight. A parent's plan is that of its parts, and its own for what they leave."""
    weights = {budget.key: {day: budget.weight(day) for day in budget.days()} for budget in budgets}
    parts: dict[str, list[Budget]] = defaultdict(list)
    wholes = parents_of(budgets)
    for part in budgets:
        if part.key in wholes and part.currency == wholes[part.key].currency:
            parts[wholes[part.key].key].append(part)

    def shape(budget: Budget) -> dict[date, Decimal]:
        if parts[budget.key]:
            rest = (
                budget.amount - budget.reserve - sum((each.amount - each.reserve for each in parts[budget.key]), NONE)
            )
            planned = _in_money(weights[budget.key], max(rest, NONE))
            for part in parts.pop(budget.key):
                for day, amount in _in_money(shape(part), part.amount - part.reserve).items():
                    planned[day] += amount
            weights[budget.key] = planned
        return weights[budget.key]

    for budget in budgets:
        shape(budget)
    return weights


def _in_money(weights: Mapping[date, Decimal], money: Decimal) -> dict[date, Decimal]:
    together = sum(weights.values(), NONE)
    return {day: money * weight / together for day, weight in weights.items()}


def _carried(
    budgets: Sequence[Budget], tallies: Mapping[str, Tally], today: Callable[[Budget], date]
) -> dict[str, Decimal]:
    """What each flight gets from the one before it: less than nothing where that spent too much.

    Spend that is not known raises nothing, and a flight that is not over yet has left nothing.
    """
    carried: dict[str, Decimal] = {}
    before: dict[str, Budget] = {}
    for budget in sorted(budgets, key=lambda each: each.first):
        earlier = before.get(budget.title)
        carried[budget.key] = budget.carry_over if budget.carry_over is not None else NONE
        if budget.carry_over is None and earlier is not None and earlier.last < today(budget):
            tally = tallies[earlier.key]
            left = earlier.amount - earlier.reserve + carried[earlier.key] - tally.spent(earlier.last)
            is_known = tally.known and not tally.missing(earlier.first, earlier.last)
            carried[budget.key] = left if is_known else min(left, NONE)
        before[budget.title] = budget
    return carried
