"""What a currency was worth on a day: `rates.csv` with `date`, `from`, `to` and `rate` (1 `from` is `rate` `to`).

A day without a rate, such as a Sunday, has the newest one of the seven days before.
"""

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from include.desk.local_time import read_day
from include.desk.money import read_currency, read_positive
from include.desk.problems import Findings
from include.desk.sheets import read_sheet

LONGEST_DAYS = 7
_Pair = tuple[str, str]


class NoRate(LookupError):
    """Nothing says what one currency was worth in another on a day. The message says which, and what to do."""


class Rates:
    """The rates that are known. Two currencies that have a third in common are compared through it."""

    def __init__(self) -> None:
        self._days: dict[_Pair, list[date]] = defaultdict(list)
        self._rates: dict[_Pair, list[Decimal]] = defaultdict(list)

    def add(self, day: date, of: str, to: str, rate: Decimal) -> None:
        for pair, factor in (((of, to), rate), ((to, of), 1 / rate)):
            place = bisect_right(self._days[pair], day)
            self._days[pair].insert(place, day)
            self._rates[pair].insert(place, factor)

    def convert(self, amount: Decimal, of: str, to: str, day: date) -> Decimal:
        """`amount` of one currency in another, at the day's rate. Raises NoRate."""
        return amount if of == to else amount * self._factor(of, to, day)

    def _factor(self, of: str, to: str, day: date) -> Decimal:
        direct = self._on(of, to, day)
        if direct is not None:
            return direct
        for hub in sorted({pair[1] for pair in self._days if pair[0] == of}):
            first, second = self._on(of, hub, day), self._on(hub, to, day)
            if first is not None and second is not None:
                return first * second
        raise NoRate(f"No rate from {of} to {to} on {day} or in the {LONGEST_DAYS} days before; add one to the rates.")

    def _on(self, of: str, to: str, day: date) -> Decimal | None:
        days = self._days.get((of, to), [])
        place = bisect_right(days, day) - 1
        if place < 0 or (day - days[place]).days > LONGEST_DAYS:
            return None
        return self._rates[of, to][place]


def read_rates(path: Path) -> Rates:
    """The rates of `path`. Raises DeskProblems with everything that is wrong in the file."""
    sheet = read_sheet(path, ("date", "from", "to", "rate"))
    findings, rates = Findings(path.name), Rates()
    for row in sheet.rows:
        day = findings.read(row.number, "date", row["date"], read_day)
        of = findings.read(row.number, "from", row["from"], read_currency)
        to = findings.read(row.number, "to", row["to"], read_currency)
        rate = findings.read(row.number, "rate", row["rate"], read_positive)
        if day and of and to and rate:
            rates.add(day, of, to, rate)
    findings.refuse_if_any()
    return rates
