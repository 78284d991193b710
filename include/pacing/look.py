"""One budget, looked at on one day: every figure that a message, a chart or a decision needs.

`today` is the ad account's own day. Days before it are complete, unless their spend is not known (`missing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from include.desk.flights import NONE, Budget
from include.desk.money import decimals
from include.pacing.counting import Tally
from include.pacing.forecast import Course, Forecast, courses, last_seven
from include.pacing.pace import Plan, raised_no_further, rounded_down
from include.pacing.states import Measured, State, judge, settle
from include.pacing.today import Hours, hours_today, shares_of, worst_today

LOOKS_BACK = 2


@dataclass(frozen=True, slots=True)
class Look:
    """`money` is what may be spent, `spent` what was through the last complete day, `spent_today` since.

    `state` is what counts, `seen` what this look alone shows. `now` is the daily budget that the platforms are told
    (None: not known), `today_amount` what it should be (None: nothing may be concluded), `is_held_back` says that it
    should be more yet, but for the step. `worst` is what today may cost at most, `usual` a day of the last seven,
    `weights` the shape of the plan, `unread` the accounts of which no day is known.
    """

    budget: Budget
    today: date
    through: date
    money: Decimal
    cap: Decimal
    spent: Decimal
    spent_today: Decimal
    expected: Decimal
    variance: Decimal
    index: Fraction | None
    seen: State
    state: State
    usual: Decimal
    schedule: Mapping[date, Decimal]
    weights: Mapping[date, Decimal]
    today_amount: Decimal | None = None
    is_held_back: bool = False
    shares: Mapping[str, Decimal] | None = None
    now: Decimal | None = None
    worst: Decimal | None = None
    forecast: Forecast | None = None
    ends_on: date | None = None
    missing: tuple[date, ...] = ()
    unread: tuple[str, ...] = ()
    hours: Hours | None = None

    @property
    def is_fresh(self) -> bool:
        return not (self.missing or self.unread)


def look(
    budget: Budget,
    tally: Tally,
    today: date,
    *,
    weights: Mapping[date, Decimal] | None = None,
    carried: Decimal = NONE,
    hour: int | None = None,
) -> Look:
    """`budget` as it stands on the morning of `today`, or at `hour` of it.

    `weights` are those of a parent's parts, `carried` comes from the flight before.
    """
    shape = weights if weights is not None else {day: budget.weight(day) for day in budget.days()}
    return _Looking(budget, tally, today, shape, carried).look(hour)


class _Looking:
    """What several figures have in common, worked out once."""

    def __init__(
        self, budget: Budget, tally: Tally, today: date, weights: Mapping[date, Decimal], carried: Decimal
    ) -> None:
        self.budget, self.tally, self.today = budget, tally, today
        money = budget.amount - budget.reserve + carried
        self.cap = budget.hard_cap + carried
        self.plan = Plan(money, weights, budget.min_day, budget.max_day, decimals(budget.currency))
        self.yesterday = min(today - timedelta(days=1), budget.last)
        self.missing = tally.missing(budget.first, self.yesterday)
        self.gone = frozenset(self.missing)
        # On the first morning there is nothing yet to be read.
        self.unread = tally.unread if today > budget.first else ()
        self.now = tally.daily_budget()

    @property
    def is_fresh(self) -> bool:
        return not (self.missing or self.unread)

    def look(self, hour: int | None) -> Look:
        paths = self.paths()
        course = paths[-1] if paths else None
        through = self.known_through(self.yesterday)
        spent = self.tally.spent(through)
        spent_today = self.tally.spent(self.today) - self.tally.spent(self.yesterday)
        seen, state = self.states(paths)
        unknown = sum((course.by_day.get(day, 0.0) for day in self.missing), 0.0) if course else 0.0
        guessed = rounded_down(Fraction(unknown), self.plan.decimals)
        schedule = self.plan.schedule(spent + guessed, max(self.today, self.budget.first))
        amount, held_back = self.set_today(schedule)
        return Look(
            budget=self.budget,
            today=self.today,
            through=through,
            money=self.plan.money,
            cap=self.cap,
            spent=spent,
            spent_today=spent_today,
            expected=self.plan.expected(through),
            variance=self.plan.variance(spent, through),
            index=self.plan.index(spent, through),
            seen=seen,
            state=state,
            usual=last_seven(self.history, through),
            schedule=schedule,
            weights=self.plan.weights,
            today_amount=amount,
            is_held_back=held_back,
            shares=shares_of(self.budget, self.tally, amount, through),
            now=self.now,
            worst=self.worst(amount, spent_today),
            forecast=course.forecast(spent, self.plan.money) if course else None,
            ends_on=course.exhausted_on(spent, self.plan.money) if course else None,
            missing=tuple(self.missing),
            unread=self.unread,
            hours=self.by_hour(hour, amount),
        )

    def worst(self, amount: Decimal | None, spent_today: Decimal) -> Decimal | None:
        most = worst_today(self.tally, self.today, amount)
        return None if most is None else max(rounded_down(Fraction(most), self.plan.decimals), spent_today)

    def known_through(self, last: date) -> date:
        """The newest day up to `last` of which some account is known, or the day before the flight."""
        known = (day for days in self.tally.known.values() for day in days if self.budget.first <= day <= last)
        return max(known, default=self.budget.first - timedelta(days=1))

    @cached_property
    def history(self) -> dict[date, Decimal]:
        """The complete days that are known, from the first that cost anything: before it there is no level yet."""
        days = (day for day in self.budget.days() if day <= self.yesterday and day not in self.gone)
        began = min(self.tally.daily, default=self.today)
        return {day: self.tally.daily.get(day, NONE) for day in days if day >= began}

    def paths(self) -> list[Course]:
        most = worst_today(self.tally)
        return courses(self.history, self.plan.weights, missing=self.gone, back=LOOKS_BACK, most_a_day=most)

    def states(self, paths: Sequence[Course]) -> tuple[State, State]:
        """What this look shows, and what counts after it and the days before."""
        days = [self.today - timedelta(days=back) for back in range(LOOKS_BACK, -1, -1)]
        seen = [judge(self.measured(day, paths)) for day in days]
        course = paths[-1] if paths else None
        ends = course.exhausted_on(self.tally.spent(self.yesterday), self.plan.money) if course else None
        urgent = seen[-1] == State.WILL_EXHAUST_EARLY and ends is not None and (ends - self.today).days < 2
        counts = settle(seen, urgent=urgent) or seen[-1]
        if counts == State.WILL_EXHAUST_EARLY and ends is None:
            counts = State.OVER  # no longer, but one look does not end it
        if counts == State.UNDER and not self.is_fresh:
            counts = State.NO_DATA  # what is missing may have been spent
        return seen[-1], counts

    def measured(self, day: date, paths: Sequence[Course]) -> Measured:
        """The figures on which a look on `day` rests, from the spend as it is known now."""
        budget = self.budget
        through = self.known_through(min(day - timedelta(days=1), budget.last))
        spent = self.tally.spent(through)
        course = next((path for path in reversed(paths) if path.through <= through), None)
        ends = course.exhausted_on(spent, self.plan.money) if course else None
        return Measured(
            today=day,
            first=budget.first,
            last=budget.last,
            money=self.plan.money,
            cap=self.cap,
            spent_now=self.tally.spent(day) if day == self.today else spent,
            variance=self.plan.variance(spent, through),
            index=self.plan.index(spent, through),
            complete_days=(through - budget.first).days + 1,
            is_known=bool(self.tally.known),
            is_fresh=not (self.unread or any(gone < day for gone in self.missing)),
            tolerance=budget.tolerance,
            tolerance_money=budget.tolerance_money,
            dark=1 - self.plan.expected_share(ends) if ends else Fraction(0),
        )

    def set_today(self, schedule: Mapping[date, Decimal]) -> tuple[Decimal | None, bool]:
        """What to set today, and whether the step holds it back. Spend that is not known never raises a budget."""
        wanted = schedule.get(self.today)
        if wanted is None or (not self.tally.known and self.today > self.budget.first):
            return None, False
        if not self.is_fresh:
            return (min(wanted, self.now), False) if self.now is not None else (None, False)
        before = self.plan.weights.get(self.today - timedelta(days=1), NONE)
        heavier = self.plan.weights[self.today] / before if before else Decimal(1)
        amount = raised_no_further(wanted, self.now, self.budget.step, heavier)
        return amount, amount < wanted

    def by_hour(self, hour: int | None, amount: Decimal | None) -> Hours | None:
        planned = self.now if self.now is not None else amount
        if hour is None or planned is None:
            return None
        return hours_today(self.tally, self.today, hour, planned, self.budget)
