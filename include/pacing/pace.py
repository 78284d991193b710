"""The arithmetic of a budget: what should be spent by now, and what to set for each day that is left.

    E(t)  expected share    sum of the weights to day t / sum of all weights
    PI    pacing index      S(t) / (B · E(t)): 1 is on plan
          variance          S(t) - B · E(t)

`B` is what may be spent, `S(t)` what was spent by the end of day t, both exact and in one currency. Ratios are
fractions, so that a spend equal to the plan has the index 1 under any weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from math import floor

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """`money` over days by their `weights`; a day that weighs anything gets from `least` to `most`.

    `decimals` is how fine the currency is.
    """

    money: Decimal
    weights: Mapping[date, Decimal]
    least: Decimal = NONE
    most: Decimal | None = None
    decimals: int = 2

    def expected_share(self, through: date) -> Fraction:
        whole = sum(self.weights.values(), NONE)
        passed = sum((weight for day, weight in self.weights.items() if day <= through), NONE)
        return Fraction(passed) / Fraction(whole) if whole else Fraction(0)

    def expected(self, through: date) -> Decimal:
        """What should have been spent by the end of that day."""
        return rounded_down(Fraction(self.money) * self.expected_share(through), self.decimals)

    def index(self, spent: Decimal, through: date) -> Fraction | None:
        """The pacing index; None as long as nothing should have been spent."""
        due = Fraction(self.money) * self.expected_share(through)
        return Fraction(spent) / due if due > 0 else None

    def variance(self, spent: Decimal, through: date) -> Decimal:
        return spent - self.expected(through)

    def schedule(self, spent: Decimal, today: date) -> dict[date, Decimal]:
        """What each day from `today` on should get so that all the money is spent, and never more than it."""
        days = [day for day in sorted(self.weights) if day >= today]
        weights = [self.weights[day] for day in days]
        amounts = spread(self.money - spent, weights, self.least, self.most, self.decimals)
        return dict(zip(days, amounts, strict=True))


def spread(
    left: Decimal, weights: Sequence[Decimal], least: Decimal = NONE, most: Decimal | None = None, decimals: int = 2
) -> list[Decimal]:
    """`left` over days in proportion to their weights, in whole units of the currency, together exactly `left`.

    Where `most` cannot hold it all, each day gets that; where `least` asks for more than there is, it is let go.
    """
    unit = Decimal(1).scaleb(-decimals)
    units = max(int((left / unit).to_integral_value(ROUND_DOWN)), 0)
    working = [place for place, weight in enumerate(weights) if weight > 0]
    low = int(least / unit)
    low = low if low * len(working) <= units else 0
    high = units if most is None else int(most / unit)
    exact = _within(min(units, high * len(working)), [Fraction(weights[place]) for place in working], low, high)
    amounts, total, given = [NONE] * len(weights), Fraction(0), 0
    for place, share in zip(working, exact, strict=True):
        total += share  # rounding the sums, not the days: what one day loses the next one gets
        amounts[place] = (floor(total) - given) * unit
        given = floor(total)
    return amounts


def _within(units: int, weights: Sequence[Fraction], low: int, high: int) -> list[Fraction]:
    """Shares in proportion to the weights, but none below `low` or above `high`; together `units`."""
    shares: dict[int, Fraction] = {}
    free = set(range(len(weights)))
    while free:
        level = (units - sum(shares.values(), Fraction(0))) / sum((weights[place] for place in free), Fraction(0))
        below = {place for place in free if level * weights[place] < low}
        above = {place for place in free if level * weights[place] > high}
        if not below and not above:
            shares |= {place: level * weights[place] for place in free}
            break
        # The side that is further off is settled first: settling both could leave too much or too little.
        lacking = sum(low - level * weights[place] for place in below)
        beyond = sum(level * weights[place] - high for place in above)
        settled, bound = (below, low) if lacking >= beyond else (above, high)
        shares |= dict.fromkeys(settled, Fraction(bound))
        free -= settled
    return [shares[place] for place in range(len(weights))]


def raised_no_further(wanted: Decimal, now: Decimal | None, step: Decimal, heavier: Decimal = Decimal(1)) -> Decimal:
    """`wanted`, or as much of it as one step above `now` allows; lowering is free.

    `heavier` is how many times more today weighs than yesterday: a planned rise is no leap.
    """
    if now is None or now <= 0:
        return wanted
    return min(wanted, (now * (1 + step) * max(heavier, Decimal(1))).quantize(wanted, ROUND_DOWN))


def allocate(amount: Decimal, shares: Mapping[str, Decimal], decimals: int = 2) -> dict[str, Decimal]:
    """`amount` among members by their shares, in whole units, together exactly `amount`.

    The members' order does not matter: what rounding leaves goes where most was lost, then by name.
    """
    unit = Decimal(1).scaleb(-decimals)
    whole = sum(shares.values(), NONE)
    if not whole:
        return dict.fromkeys(shares, NONE)
    exact = {
        name: Fraction(amount) / Fraction(unit) * Fraction(share) / Fraction(whole) for name, share in shares.items()
    }
    units = {name: floor(share) for name, share in exact.items()}
    spare = floor(Fraction(amount) / Fraction(unit)) - sum(units.values())
    for name in sorted(exact, key=lambda each: (units[each] - exact[each], each))[:spare]:
        units[name] += 1
    return {name: units[name] * unit for name in shares}


def hours_share(curve: Mapping[int, Decimal], hours_of_day: Sequence[int], passed: int) -> Fraction:
    """The share of a day that should be spent after its first `passed` hours.

    `curve` is what an hour on the clock usually costs, `hours_of_day` the hours that the clock shows on that day: 23
    or 25 of them where it jumps.
    """
    costs = [Fraction(curve.get(hour, NONE)) for hour in hours_of_day]
    whole = sum(costs)
    return sum(costs[:passed]) / whole if whole else Fraction(passed, len(hours_of_day))


def rounded_down(value: Fraction, decimals: int) -> Decimal:
    return Decimal(floor(value * 10**decimals)).scaleb(-decimals)
