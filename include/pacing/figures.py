"""Money, days and shares as a language writes them: €2,550 and Thu 26 Nov; 2.550 € and gio 26 nov."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from include.desk.money import decimals

_SPACE = "\N{NO-BREAK SPACE}"
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "LAK": "₭"}
_WEEKDAYS = {"en": "Mon Tue Wed Thu Fri Sat Sun", "it": "lun mar mer gio ven sab dom"}
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
}

Number = Decimal | Fraction | float


class Words:
    """Writes figures in one language. What is not in the catalogue's languages is written in English."""

    def __init__(self, language: str) -> None:
        self.language = "it" if language.partition("-")[0] == "it" else "en"

    def money(self, amount: Number, currency: str, *, exact: bool = False) -> str:
        """Cents only below 100, where they matter, or where the figure is one to be set."""
        value = Decimal(str(float(amount))) if not isinstance(amount, Decimal) else amount
        places = decimals(currency) if exact or abs(value) < 100 else 0
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = self.number(abs(rounded), 0 if rounded == rounded.to_integral_value() else places)
        minus = "\N{MINUS SIGN}" if rounded < 0 else ""
        sign = _SIGNS.get(currency, currency)
        if self.language == "it":
            return f"{minus}{text}{_SPACE}{sign}"
        return f"{minus}{sign}{text}" if len(sign) == 1 else f"{minus}{sign}{_SPACE}{text}"

    def number(self, value: Number, places: int = 0) -> str:
        text = f"{value:,.{places}f}" if isinstance(value, Decimal) else f"{float(value):,.{places}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "it" else text

    def percent(self, share: Number, *, signed: bool = False) -> str:
        """A share as whole per cents; nothing but certainty is written as 0 or 100."""
        value = round(float(share) * 100)
        if not signed and 0 < share < 1:
            value = min(max(value, 1), 99)
        sign = ("+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "") if signed else ""
        return f"{sign}{self.number(abs(value))}{_SPACE}%"

    def day(self, day: date, *, beside: date | None = None) -> str:
        """`Thu 26 Nov`; without the month where that is the month of `beside`."""
        weekday = _WEEKDAYS[self.language].split()[day.weekday()]
        near = beside is not None and (day.year, day.month) == (beside.year, beside.month)
        return f"{weekday}{_SPACE}{day.day}" + ("" if near else f"{_SPACE}{self.month(day)}")

    def weekday(self, place: int) -> str:
        return _WEEKDAYS[self.language].split()[place]

    def month(self, day: date) -> str:
        return _MONTHS[self.language].split()[day.month - 1]
