"""Which comes first in 03/11/2026, the day or the month: found out for a whole column, never guessed for one row.

A number above 12 can only be a day, so one such date tells how the column is written. Where the column tells nothing,
a CSV file's semicolons do: Excel writes them in languages that put the day first (in English it writes commas). Where
nothing tells, or two rows tell opposite things, each date that could be read both ways is refused. `2026-11-03` and
`3.11.2026` can be read one way only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from include.desk.problems import Unfit

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class DateStyle:
    """What a column tells: the numbers of a row that has the day first and of one that has the month first, 0 for
    none; whether the file's delimiter speaks for the day; and what the numbers count."""

    day_row: int = 0
    month_row: int = 0
    day_by_delimiter: bool = False
    word: str = "row"

    @property
    def is_by_delimiter(self) -> bool:
        """Whether only the file's semicolons speak for the day."""
        return self.day_by_delimiter and not (self.day_row or self.month_row)

    def iso(self, text: str) -> str:
        """`text` with its date as `2026-11-03`, if it begins with one that is slashed; raises Unfit if that could be
        one or the other."""
        match = _SLASHED.match(text)
        if match is None:
            return text
        day, month, year = (int(number) for number in match.groups())
        if day <= 12 < month or (day <= 12 and month <= 12 and not self._day_first(day, month, year)):
            day, month = month, day
        return f"{year}-{month:02}-{day:02}{text[match.end() :]}"

    def is_doubtful(self, text: str) -> bool:
        """Whether it takes the rest of the column to read the date."""
        match = _SLASHED.match(text)
        return match is not None and int(match[1]) != int(match[2]) and int(match[1]) <= 12 and int(match[2]) <= 12

    def _day_first(self, first: int, second: int, year: int) -> bool:
        if first == second or (self.day_row and not self.month_row) or self.is_by_delimiter:
            return True
        if self.month_row and not self.day_row:
            return False
        one, other = (_in_words(year, month, day) for month, day in ((second, first), (first, second)))
        why = "No other date of the file tells"
        if self.day_row:
            why = f"{self.word.title()} {self.day_row} puts the day first, {self.word} {self.month_row} the month"
        raise Unfit(f"{one} or {other}? {why}; write it like {year}-{second:02}-{first:02} 09:30.")


def style_of(cells: Iterable[tuple[int, str]], delimiter: str = "", word: str = "row") -> DateStyle:
    """How the dates of a column are written; `cells` by row number, `word` what those numbers count."""
    day_row = month_row = 0
    for number, text in cells:
        if match := _SLASHED.match(text):
            first, second = int(match[1]), int(match[2])
            day_row = day_row or (number if second <= 12 < first else 0)
            month_row = month_row or (number if first <= 12 < second else 0)
    return DateStyle(day_row, month_row, delimiter == ";", word)


def _in_words(year: int, month: int, day: int) -> str:
    try:
        return f"{day} {date(year, month, day):%B}"
    except ValueError:  # 30/02
        return f"day {day} of month {month}"
