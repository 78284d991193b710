"""How figures are written, in one place: 12,345 · 22k · 3.4 % · ▲9 %.

What is not known is a dash, never a nought. English for now; the separators live only here.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from include.kpis.definitions import Unit

Number = int | float | Decimal

UNKNOWN = "—"
UP, DOWN = "▲", "▼"
_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


class Style(StrEnum):
    """What a figure is a measure of, and so how two weeks of it are compared."""

    AMOUNT = "amount"  # as much as this week brought: by how many per cent more or less
    LEVEL = "level"  # how much there is: by how many more or less
    NET = "net"  # a change already: written with its sign


def written(value: Number | None, unit: Unit = Unit.COUNT, style: Style = Style.AMOUNT) -> str:
    """The value in full: `12,345`, `+212` (net), `3.4 %`, `0.52`."""
    if value is None:
        return UNKNOWN
    if style is Style.NET and unit is not Unit.PERCENT:
        return _signed(value, 0)
    if unit is Unit.PERCENT:
        return _percent(_exact(value) * 100, "+" if style is Style.NET else "")
    return _plain(value, 0 if unit is Unit.COUNT else 2)


def brief(value: Number | None, unit: Unit = Unit.COUNT, style: Style = Style.AMOUNT) -> str:
    """The value where there is little room: `940`, `9,870`, `22k`, `1.2M`."""
    if value is None or unit is not Unit.COUNT:
        return written(value, unit, style)
    number = _exact(value)
    size = abs(number)
    if size < 10_000:
        return written(value, unit, style)
    sign = "+" if style is Style.NET and number > 0 else ""
    if size < 999_500:
        return sign + _plain(number / 1000, 0) + "k"
    return sign + _plain(number / 1_000_000, 1 if size < 100_000_000 else 0) + "M"


def change(
    value: Number | None,
    before: Number | None,
    unit: Unit = Unit.COUNT,
    style: Style = Style.AMOUNT,
    *,
    arrow: bool = True,
) -> str:
    """What became of `before`: `▲9 %`, `▼0.3 pt`, `▲212`, `unchanged`; empty where either is unknown.

    Without the arrow it is the bare size of the change, for a sentence that says `rose` or `fell`.
    """
    if value is None or before is None:
        return ""
    size = _size(_exact(value), _exact(before), unit, style)
    if size is None:
        return "unchanged"
    return (UP if value > before else DOWN) * arrow + size


def _size(value: Decimal, before: Decimal, unit: Unit, style: Style) -> str | None:
    step = abs(value - before)
    if unit is Unit.PERCENT:
        return _plain(step * 100, 1) + f"{_SPACE}pt" if _rounded(step * 100, 1) else None
    places = 0 if unit is Unit.COUNT else 2
    if not _rounded(step, places):
        return None
    if style is not Style.AMOUNT or before <= 0:
        return _plain(step, places)
    times = value / before
    if times >= 10:
        return f"{_plain(times, 0)}-fold"
    return _percent(step / before * 100)


def _percent(hundredths: Decimal, plus: str = "") -> str:
    """`3.4 %`, `31 %`: one decimal below ten, none above; `<0.1 %` for what would look like nothing."""
    places = 1 if abs(_rounded(hundredths, 1)) < 10 else 0
    if hundredths and not _rounded(hundredths, 1):
        return f"<0.1{_SPACE}%"
    return (_signed(hundredths, places) if plus else _plain(hundredths, places)) + f"{_SPACE}%"


def _signed(value: Number, places: int) -> str:
    return ("+" if _rounded(value, places) > 0 else "") + _plain(value, places)


def _plain(value: Number, places: int) -> str:
    number = _rounded(value, places)
    text = f"{abs(number):,.{places}f}"
    if places == 1:
        text = text.removesuffix(".0")
    return (_MINUS if number < 0 else "") + text


def _rounded(value: Number, places: int) -> Decimal:
    """Rounded as people do it: a half goes up."""
    return _exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _exact(value: Number) -> Decimal:
    return Decimal(str(value))


def counted(number: int, one: str, many: str = "") -> str:
    """`1 post`, `3 posts`, `2 replies`."""
    return f"{_plain(number, 0)}{_SPACE}{one if number == 1 else many or one + 's'}"


def days_between(first: date, last: date) -> str:
    """`16–22 Nov`, `30 Nov–6 Dec`, `29 Dec 2025–4 Jan 2026`."""
    if first.year != last.year:
        return f"{_day(first)}{_SPACE}{first.year}–{_day(last)}{_SPACE}{last.year}"
    return f"{first.day if first.month == last.month else _day(first)}–{_day(last)}"


def _day(day: date) -> str:
    return f"{day.day}{_SPACE}{day:%b}"


def lasting(time: timedelta) -> str:
    """How long, as one says it: `40 min`, `3 h 20 min`, `2 days 5 h`."""
    minutes = max(1, round(time.total_seconds() / 60))
    if minutes < 60:
        return f"{minutes}{_SPACE}min"
    if minutes < 24 * 60:
        return _two(minutes // 60, "h", minutes % 60, "min")
    hours = round(minutes / 60)
    return _two(hours // 24, "day" if hours // 24 == 1 else "days", hours % 24, "h")


def _two(big: int, its_unit: str, small: int, small_unit: str) -> str:
    return f"{big}{_SPACE}{its_unit}" + (f" {small}{_SPACE}{small_unit}" if small else "")
