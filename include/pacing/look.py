"""One budget, looked at on one day: every figure that a message, a chart or a decision needs.

`today` is the ad account's own day. Days before it are complete, unless their spend is not known (`missing`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from include.desk.flights import NONE, Budget
from include.desk.money import decimals
from include.pacing.counting import Tally
from include.pacing.delivery import rule_of
from include.pacing.forecast import Course, Forecast, courses, last_seven
from include.pacing.pace import Plan, allocate, hours_share, raised_no_further, rounded_down
from include.pacing.states import Measured, State, judge, settle

LOOKS_BACK = 2
CURVE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Hours:
    """Today by the hour: what it has cost by `hour`, and what it should have by the usual course of a day."""

    hour: int
    spent: Decimal
    expected: Decimal


@dataclass(frozen=True, slots=True)
class Look:
    """`money` is what may be spent, `spent` what was through the last complete day, `spent_today` since.

    `state` is what counts, `seen` what this look alone shows. `now` is the daily budget that the platforms are told
    (None: not known), `today_amount` what it should be (None: nothing may be concluded), `is_held_back` says that it
    should be more yet, but for the step. `worst` is what today may cost at most, `usual` a day of the last seven.
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
    today_amount: Decimal | None = None
    is_held_back: bool = False
    shares: Mapping[str, Decimal] | None = None
    now: Decimal | None = None
    worst: Decimal | None = None
    forecast: Forecast | None = None
    ends_on: date | None = None
    missing: tuple[date, ...] = ()
    hours: Hours | None = None

    @property
    def is_fresh(self) -> bool:
        return not self.missing


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
        self.now = tally.daily_budget()

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
        amount, held_back = self.amount_today(schedule)
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
            usual=last_seven(self.tally.daily, through),
            schedule=schedule,
            today_amount=amount,
            is_held_back=held_back,
            shares=self.shares(amount, through),
            now=self.now,
            worst=self.worst(amount),
            forecast=course.forecast(spent, self.plan.money) if course else None,
            ends_on=course.exhausted_on(spent, self.plan.money) if course else None,
            missing=tuple(self.missing),
            hours=self.hours(hour, amount),
        )

    def known_through(self, last: date) -> date:
        """The newest day up to `last` of which some account is known, or the day before the flight."""
        known = (day for days in self.tally.known.values() for day in days if self.budget.first <= day <= last)
        return max(known, default=self.budget.first - timedelta(days=1))

    def paths(self) -> list[Course]:
        days = (day for day in self.budget.days() if day <= self.yesterday and day not in self.gone)
        began = min(self.tally.daily, default=self.today)  # what has not begun to spend has no level yet
        history = {day: self.tally.daily.get(day, NONE) for day in days if day >= began}
        most = self.worst(None) if self.now is not None else None
        return courses(history, self.plan.weights, missing=self.gone, back=LOOKS_BACK, most_a_day=most)

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
        if counts == State.UNDER and self.missing:
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
            is_fresh=not any(gone < day for gone in self.missing),
            tolerance=budget.tolerance,
            tolerance_money=budget.tolerance_money,
            dark=1 - self.plan.expected_share(ends) if ends else Fraction(0),
        )

    def amount_today(self, schedule: Mapping[date, Decimal]) -> tuple[Decimal | None, bool]:
        """What to set today, and whether the step holds it back. Spend that is not known never raises a budget."""
        if self.today not in schedule or not self.tally.known:
            return schedule.get(self.today) if not self.missing and self.today <= self.budget.first else None, False
        wanted = schedule[self.today]
        if self.missing:
            return (min(wanted, self.now), False) if self.now is not None else (None, False)
        before = self.plan.weights.get(self.today - timedelta(days=1), NONE)
        heavier = self.plan.weights[self.today] / before if before else Decimal(1)
        amount = raised_no_further(wanted, self.now, self.budget.step, heavier)
        return amount, amount < wanted

    def shares(self, amount: Decimal | None, through: date) -> dict[str, Decimal] | None:
        """`amount` among the members: as the file says, else as they spent lately."""
        members = [*self.tally.by_member] if not self.budget.members else [str(each) for each in self.budget.members]
        if amount is None or len(members) < 2:
            return None
        fixed = {str(each): each.share for each in self.budget.members if each.share is not None}
        lately = {name: max(14 * last_two_weeks(self.tally.by_member.get(name, {}), through), NONE) for name in members}
        shares = fixed or (lately if any(lately.values()) else dict.fromkeys(members, Decimal(1)))
        return allocate(amount, shares, self.plan.decimals)

    def worst(self, amount: Decimal | None) -> Decimal | None:
        """What today may cost at most, by each platform's own rule; None where a rule or the setting is not known."""
        rules = [(rule_of(spender[-3]), daily) for spender, (_, daily) in self.tally.set_now.items()]
        if self.now is None and amount is not None:
            # Nobody says how it is divided: the platform that may go furthest beyond is taken for all of it.
            several = [rule_of(account.rpartition(":")[2]) for account in self.tally.known]
            known = [rule for rule in several if rule is not None]
            furthest = max(known, key=lambda rule: rule.day) if known and len(known) == len(several) else None
            rules = [(furthest, amount)]
        worst = [rule.worst_day(daily) for rule, daily in rules if rule is not None]
        return sum(worst, NONE) if worst and len(worst) == len(rules) else None

    def hours(self, hour: int | None, amount: Decimal | None) -> Hours | None:
        """Today against the usual course of a day, where spend is known by the hour."""
        curve: dict[int, Decimal] = defaultdict(Decimal)
        for day, costs in self.tally.hourly.items():
            if 0 < (self.today - day).days <= CURVE_DAYS:
                for each, cost in costs.items():
                    curve[each] += cost
        planned = self.now if self.now is not None else amount
        if hour is None or not curve or planned is None:
            return None
        clock = hours_of(self.today, self.budget.timezone)
        share = hours_share(curve, clock, sum(1 for each in clock if each < hour))
        spent = sum((cost for each, cost in self.tally.hourly.get(self.today, {}).items() if each < hour), NONE)
        return Hours(hour, spent, rounded_down(Fraction(planned) * share, self.plan.decimals))


def last_two_weeks(history: Mapping[date, Decimal], through: date) -> Decimal:
    return sum((history.get(through - timedelta(days=back), NONE) for back in range(14)), NONE) / 14


def hours_of(day: date, zone: str) -> list[int]:
    """The hours that the clock of `zone` shows on `day`: 24, or 23 or 25 of them where it jumps."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()
    moments = (datetime.fromtimestamp(start + 3600 * after, ZoneInfo(zone)) for after in range(26))
    return [moment.hour for moment in moments if moment.date() == day]
