"""A run of calendar days, both ends included."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The days `first` to `last`, both included, in the account's own calendar."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A window ends before it begins: {self.first} to {self.last}.")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(len(self))]

    def split(self, most_days: int) -> "Iterator[Window]":
        """The same days in as few windows as possible, none longer than `most_days`."""
        first = self.first
        while first <= self.last:
            last = min(first + timedelta(days=most_days - 1), self.last)
            yield Window(first, last)
            first = last + timedelta(days=1)

    @classmethod
    def covering(cls, days: Iterable[date], most_days: int) -> "list[Window]":
        """The fewest windows of at most `most_days` that hold every one of `days`.

        Days between two wanted ones may be covered too: one call for a span is cheaper than two for its ends.
        Greedy from the left, which is optimal for intervals on a line.
        """
        windows: list[Window] = []
        for day in sorted(set(days)):
            if windows and (day - windows[-1].first).days < most_days:
                windows[-1] = cls(windows[-1].first, day)
            else:
                windows.append(cls(day, day))
        return windows
