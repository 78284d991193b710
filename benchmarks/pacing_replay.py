"""A whole flight, day by day: how often a phone rings. `python -m benchmarks.pacing_replay` prints what it says.

November at a bakery: 3,000 EUR, Fridays twice, Black Friday four times. The campaign follows its plan for eleven days,
is raised by 60 % on the 12th without a word, two days of spend arrive late (15th and 16th), on the 19th somebody sets
what the message says, and on the 25th the platform takes back 40 EUR of the 20th.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from benchmarks.measurement import Measurement
from include.desk.calendar_weights import Event
from include.desk.flights import Budget, Member
from include.desk.spend import SpendRow
from include.domain.alerts import Alert
from include.pacing.check import check
from include.pacing.episodes import RINGS, News, replay
from include.pacing.look import Look
from include.pacing.sentences import alert_of

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
FRIDAYS = tuple(Decimal(2 if day == 4 else 1) for day in range(7))
BUDGET = Budget(
    "Aurora",
    "Natale",
    Decimal(3000),
    "EUR",
    FIRST,
    LAST,
    members=(Member("meta_ads_aurora", "Natale*"),),
    weekdays=FRIDAYS,
    events=(Event(date(2026, 11, 27), date(2026, 11, 27), Decimal(2)),),
    tolerance_money=Decimal(50),
)
LATE = {date(2026, 11, day): date(2026, 11, 17) for day in (14, 15)}
RAISED, OBEYED, RESTATED = date(2026, 11, 12), date(2026, 11, 19), date(2026, 11, 25)


def measure(size: float = 1.0) -> list[Measurement]:
    days = max(round(31 * size), 5)
    rings = sum(what in RINGS for _, what, _ in replay(_alerts(days)))
    return [Measurement(f"pacing: a troubled flight, {days} days: how often a phone rings", rings, "times", goal=6)]


def _alerts(days: int) -> Iterator[tuple[date, Alert | None]]:
    for look in play(days):
        yield look.today, alert_of(look, brand="Bottega Aurora")


def play(days: int = 31) -> Iterator[Look]:
    """The look of each morning, with what was known on it. From the day of obedience the plan is followed."""
    noise = np.random.default_rng(7).normal(1, 0.08, 31)
    costs: dict[date, Decimal] = {}
    set_now = Decimal(83)
    for after in range(days):
        today = FIRST + timedelta(days=after)
        (look,) = check([BUDGET], _known(costs, today, set_now), lambda budget: today)  # noqa: B023  # used at once
        yield look
        if today >= OBEYED and look.today_amount is not None:
            set_now = look.today_amount
        plan = Decimal(3000) / 36 * BUDGET.weight(today)
        asked = set_now if today >= OBEYED else plan * (Decimal("1.6") if today >= RAISED else 1)
        costs[today] = (asked * Decimal(str(noise[after]))).quantize(Decimal("0.01"))


def _known(costs: dict[date, Decimal], today: date, set_now: Decimal) -> list[SpendRow]:
    rows = []
    for day, cost in costs.items():
        restated = cost - 40 if day == date(2026, 11, 20) and today >= RESTATED else cost
        if LATE.get(day, day) <= today:
            rows.append(SpendRow(day, "meta_ads_aurora", restated, "EUR", "Natale reel", daily_budget=set_now))
    return rows


def main() -> None:
    before = ""
    for day, what, alert in replay(_alerts(31)):
        if what == News.SILENT or (what == News.UPDATED and alert is None):
            continue
        mark = "🔔" if what in RINGS else "  "
        print(f"{mark} {day:%a %d} {what:8} {alert.headline if alert else before}")
        before = alert.headline if alert else ""
        if alert and what in RINGS:
            print(*(f"            {line}" for line in [*alert.because.splitlines(), f"→ {alert.next_step}"]), sep="\n")


if __name__ == "__main__":
    main()
