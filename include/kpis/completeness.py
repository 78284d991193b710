"""Whether the days behind a number are all there, and the words for it when they are not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from include.kpis.facts import DayRead

MAY_CHANGE = "may still change"
NOT_READ = "not read"
NOT_OVER = "the week is not over"

_NEVER_READ = DayRead("missing", was_read=False, reason=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """`is_final`: no reading to come will change it. `notes` say what is missing. `days_read` of those looked at."""

    is_final: bool = True
    notes: tuple[str, ...] = ()
    days_read: int = 0

    def and_(self, other: "Standing") -> "Standing":
        notes = tuple(dict.fromkeys(self.notes + other.notes))
        return Standing(self.is_final and other.is_final, notes, self.days_read + other.days_read)


def standing(ledger: Mapping[date, DayRead], days: Sequence[date]) -> Standing:
    """How the reading of `days` stands."""
    read = {day: ledger.get(day, _NEVER_READ) for day in days}
    lost = [day for day, known in read.items() if known.status == "lost"]
    unread = [day for day, known in read.items() if not known.was_read and known.status != "lost"]
    moving = [day for day, known in read.items() if known.was_read and known.status not in ("final", "lost")]
    why = sorted({read[day].reason or "" for day in unread} - {""})
    notes = [
        *([f"{_spoken(unread)} {NOT_READ}{': ' if why else ''}{' '.join(why)}"] if unread else []),
        *([f"{_spoken(lost)} can no longer be read"] if lost else []),
        *([MAY_CHANGE] if moving else []),
    ]
    return Standing(not unread and not moving, tuple(notes), len(days) - len(unread) - len(lost))


def is_complete(*, is_final: bool, note: str | None) -> bool:
    """Whether nothing is missing behind a number that was kept with `note`, though it may still change."""
    return is_final or not any(missing in (note or "") for missing in (NOT_READ, NOT_OVER))


def spoken(day: date) -> str:
    """`22 November`."""
    return f"{day.day} {day:%B}"


def _spoken(days: Sequence[date]) -> str:
    """`18, 19 and 20 November`, or how many and the ends of a longer list."""
    if len(days) == 1:
        return spoken(days[0])
    months = len({day.month for day in days})
    words = [str(day.day) if months == 1 else spoken(day) for day in days[:-1]]
    if len(days) > 3:
        return f"{len(days)} days from {words[0]} to {spoken(days[-1])}"
    return f"{', '.join(words)} and {spoken(days[-1])}"
