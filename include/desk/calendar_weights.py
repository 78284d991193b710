"""How much more or less one day is worth than another: the columns `weekdays` and `events` of `budgets.csv`.

weekdays    fri 2; sun 0                             all other weekdays weigh 1
events      2026-11-27 3; 2026-12-24..2026-12-26 0   multiplies the weekday's weight; 0 is a day without ads
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from include.desk.local_time import read_day
from include.desk.money import read_amount
from include.desk.problems import Unfit, instead

EVEN: tuple[Decimal, ...] = (Decimal(1),) * 7
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GIORNI = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Event:
    """Days from `first` to `last`, both included, that weigh `factor` times what their weekdays do."""

    first: date
    last: date
    factor: Decimal


def parts_of(text: str) -> Iterator[str]:
    """The entries of a cell, separated by semicolons or line breaks (a campaign's name may hold any other sign)."""
    return (part.strip() for part in re.split(r"[;\n]", text) if part.strip())


def read_weekdays(text: str) -> tuple[Decimal, ...]:
    """Seven weights, Monday first; raises Unfit."""
    weights = dict.fromkeys(range(7), Decimal(1))
    for part in parts_of(text):
        name, _, factor = part.partition(" ")
        weights[_place(name)] = _factor(factor, part)
    if not any(weights.values()):
        raise Unfit("every weekday weighs 0, so nothing could ever be spent.")
    return tuple(weights.values())


def _place(name: str) -> int:
    """0 for `mon`, `Monday`, `lun` or `lunedì`."""
    for names in (_DAYS, _GIORNI):
        for place, whole in enumerate(names):
            if len(name) >= 3 and whole.startswith(name.lower()):
                return place
    raise Unfit(f'"{name}" is no weekday; {instead(name, [day[:3] for day in _DAYS])}')


def read_events(text: str) -> tuple[Event, ...]:
    """The days that weigh more or less; raises Unfit."""
    return tuple(_event(part) for part in parts_of(text))


def _event(part: str) -> Event:
    days, _, factor = part.rpartition(" ")
    first, _, last = days.partition("..")
    begins = read_day(first.strip())
    ends = read_day(last.strip()) if last else begins
    if ends < begins:
        raise Unfit(f'"{part}" ends before it begins.')
    return Event(begins, ends, _factor(factor, part))


def _factor(text: str, part: str) -> Decimal:
    try:
        factor = read_amount(text.strip().lower().lstrip("x×"))
    except Unfit:
        factor = Decimal(-1)
    if not 0 <= factor <= _MOST:
        such = f"{part.split(' ', maxsplit=1)[0]} 2"
        raise Unfit(f'"{part}" needs a factor from 0 to {_MOST} at its end, such as {such}; part several by ; signs.')
    return factor
