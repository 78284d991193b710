"""One day of a budget: how far it may go, whose part is which, and how it runs by the hour."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from include.desk.flights import NONE, Budget
from include.desk.money import decimals
from include.pacing.counting import Tally
from include.pacing.delivery import Delivery, rule_of
from include.pacing.pace import allocate, hours_share, rounded_down

CURVE_DAYS = 28
"""The usual course of a day is that of the four weeks before."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Today by the hour: what it has cost by `hour`, and what it should have by the usual course of a day."""

    hour: int
    spent: Decimal
    expected: Decimal


def worst_today(tally: Tally, today: date | None = None, amount: Decimal | None = None) -> Decimal | None:
    """The most that `today` may cost by each platform's own rules, as set now, else with `amount` set; any day without.

    The rule of the week (or month) is used where the setting is known to have stood since that began: another setting
    begins its count anew. None where a rule or a setting is not known.
    """
    if not tally.is_told:
        return None
    rules = [(rule_of(spender[-3]), spender, daily) for spender, daily in tally.settings().items()]
    if rules:
        worst = [_worst(tally, rule, spender, daily, today) for rule, spender, daily in rules if rule is not None]
        return sum(worst, NONE) if len(worst) == len(rules) else None
    if amount is None:
        return None
    # Nobody says how it is divided: the platform that may go furthest beyond is taken for all of it.
    several = [rule_of(account.rpartition(":")[2]) for account in tally.known]
    known = [rule for rule in several if rule is not None]
    is_known = known and len(known) == len(several)
    return max(rule.worst_day(amount) for rule in known) if is_known else None


def _worst(tally: Tally, rule: Delivery, spender: tuple[str, ...], daily: Decimal, today: date | None) -> Decimal:
    if today is None:
        return rule.worst_day(daily)
    before = tally.spent_as_told(spender, rule.begins(today), today - timedelta(days=1))
    return rule.worst_day(daily, before)


def shares_of(budget: Budget, tally: Tally, amount: Decimal | None, through: date) -> dict[str, Decimal] | None:
    """`amount` among the members: as the file says, else as they spent in two weeks. None where there is one only."""
    members = [str(each) for each in budget.members] or [*tally.by_member]
    if amount is None or len(members) < 2:
        return None
    fixed = {str(each): each.share for each in budget.members if each.share is not None}
    lately = {name: max(_two_weeks(tally.by_member.get(name, {}), through), NONE) for name in members}
    shares = fixed or (lately if any(lately.values()) else dict.fromkeys(members, Decimal(1)))
    return allocate(amount, shares, decimals(budget.currency))


def _two_weeks(history: Mapping[date, Decimal], through: date) -> Decimal:
    return sum((history.get(through - timedelta(days=back), NONE) for back in range(14)), NONE)


def hours_today(tally: Tally, today: date, hour: int, planned: Decimal, budget: Budget) -> Hours | None:
    """Today against the usual course of a day that costs `planned`; None where spend is not known by the hour."""
    curve: dict[int, Decimal] = defaultdict(Decimal)
    for day, costs in tally.hourly.items():
        if 0 < (today - day).days <= CURVE_DAYS:
            for each, cost in costs.items():
                curve[each] += cost
    if not curve:
        return None
    clock = hours_of(today, budget.timezone)
    share = hours_share(curve, clock, sum(1 for each in clock if each < hour))
    spent = sum((cost for each, cost in tally.hourly.get(today, {}).items() if each < hour), NONE)
    return Hours(hour, spent, rounded_down(Fraction(planned) * share, decimals(budget.currency)))


def hours_of(day: date, zone: str) -> list[int]:
    """The hours that the clock of `zone` shows on `day`: 24, or 23 or 25 of them where it jumps."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()
    moments = (datetime.fromtimestamp(start + 3600 * after, ZoneInfo(zone)) for after in range(26))
    return [moment.hour for moment in moments if moment.date() == day]
