"""A row that comes again: its `recurrence`, a rule of RFC 5545 (iCalendar), on the clock of its brand.

    FREQ=WEEKLY;BYDAY=MO,TH               Mondays and Thursdays, at the time of `when`
    FREQ=MONTHLY;BYDAY=-1FR;COUNT=6       six times, on the last Friday of a month
    weekly                                short for FREQ=WEEKLY; daily, monthly and yearly likewise
    FREQ=DAILY;UNTIL=20261224 EXDATE:20261208,20261213

`when` is the earliest. The local time stays the same through the year: the clock's jumps move a single occurrence at
most, by the rule of `include/desk/local_time.py`. UNTIL and EXDATE are days (the whole of them) or local times; a Z
behind a time means UTC. What EXDATE leaves out is counted by COUNT, as the RFC has it.

Each occurrence is a post of its own, named after the row's key and its day, `aurora-tip-20261130`, or its minute
where the rule names several a day, `aurora-tip-20261130-0930`. Posts are planned for the occurrences of the next five
weeks; those of the past five stay in the plan, so that one that waits or is in doubt is not called off. A row whose
own key is that of an occurrence takes its place: `cancelled` there calls this one off.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from include.desk.local_time import Moment, settled
from include.desk.problems import Unfit, nearest

AHEAD = BEHIND = timedelta(weeks=5)

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"),
    *("BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND"),
)
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_LINE = re.compile(r"(?:(?P<name>[A-Z]+)(?:;VALUE=DATE(?:-TIME)?)?:)?(?P<value>.+)")
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?(Z)?)?")
_EXAMPLE = "FREQ=WEEKLY;BYDAY=MO"
_WRITTEN_LIKE = f"write it like weekly, {_EXAMPLE} (on Mondays) or FREQ=MONTHLY;BYDAY=1TU (on the first Tuesday)."
_MOST = 500
_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn of a row: how its key ends, its local time and the moment that this is."""

    ending: str
    wall: datetime
    moment: Moment


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule as read. `rule` is without COUNT and UNTIL; local times have no zone."""

    zone: str
    rule: str
    count: int | None = None
    until: datetime | None = None
    without_days: frozenset[date] = frozenset()
    without_times: frozenset[datetime] = frozenset()
    several_a_day: bool = False

    def walls(self, start: datetime, first: datetime, last: datetime) -> list[datetime]:
        """The local times from `first` to `last`, both included, of a row that begins at `start`."""
        end = min(last, self.until or last)
        if end < start:
            return []
        later = _later(start)
        rule = rrulestr(f"{self.rule};UNTIL={_moved(end, later):%Y%m%dT%H%M%S}", dtstart=_moved(start, later))
        there = (_moved(wall, -later) for wall in islice(rule, self.count))
        all_of_them = takewhile(lambda wall: wall <= end, there)
        return [wall for wall in all_of_them if wall >= first and not self._left_out(wall)]

    def never_comes(self, start: datetime) -> bool:
        """Whether there is no such day, such as the 30th of February, however long one waits."""
        return next(iter(rrulestr(self.rule, dtstart=_moved(start, _later(start)))), None) is None

    def occurrences(self, start: datetime, now: datetime) -> list[Occurrence]:
        """The occurrences around `now` (aware) that are in the plan; raises Unfit if they are too many to be meant."""
        here = now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        walls = self.walls(start, here - BEHIND, here + AHEAD)
        if len(walls) > _MOST:
            raise Unfit(f"{len(walls)} posts in ten weeks; the desk takes {_MOST} of one row. Make it rarer.")
        return [Occurrence(self._ending(wall), wall, settled(wall, self.zone)) for wall in walls]

    def _ending(self, wall: datetime) -> str:
        if not self.several_a_day:
            return f"{wall:-%Y%m%d}"
        return f"{wall:-%Y%m%d-%H%M%S}" if wall.second else f"{wall:-%Y%m%d-%H%M}"

    def _left_out(self, wall: datetime) -> bool:
        return wall.date() in self.without_days or wall in self.without_times


def _later(start: datetime) -> int:
    """By how many years a rule is looked at later than it is meant. The calendar repeats itself every 400 years, and
    for a day that never comes dateutil looks day by day until the year 9999: from here that is seconds, from there not.
    """
    return 7600 if start.year < 2400 else 0


def _moved(wall: datetime, years: int) -> datetime:
    return wall.replace(year=wall.year + years)


def is_occurrence(key: str, row_key: str) -> bool:
    """Whether `key` is that of an occurrence of the row `row_key`, of whatever rule it has or had."""
    return key.startswith(f"{row_key}-") and re.fullmatch(r"\d{8}(-\d{4}(\d\d)?)?", key[len(row_key) + 1 :]) is not None


def read_recurrence(text: str, zone: str) -> Recurrence:
    """The rule in a cell; raises Unfit with the remedy."""
    rules, left_out = _lines(text)
    read = [_parts(rule) for rule in rules]
    if len(read) != 1:
        raise Unfit(f"needs one rule, such as {_EXAMPLE}; {len(read)} are there.")
    parts = read[0]
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if count and until:
        raise Unfit("COUNT (how many times) and UNTIL (to which day) do not go together; keep one.")
    exceptions = [_local(each, zone) for line in left_out for each in line.split(",")]
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    return Recurrence(
        zone=zone,
        rule=_checked(rule),
        count=_counted("COUNT", count) if count else None,
        until=_end(until, zone) if until else None,
        without_days=frozenset(each for each in exceptions if not isinstance(each, datetime)),
        without_times=frozenset(each for each in exceptions if isinstance(each, datetime)),
        several_a_day=any("," in parts.get(name, "") for name in _CLOCK_PARTS),
    )


def _lines(text: str) -> tuple[list[str], list[str]]:
    """The rules and the exceptions of a cell; spaces and line breaks part them."""
    lines: Mapping[str, list[str]] = {"RRULE": [], "EXDATE": []}
    for word in text.upper().split():
        match = _LINE.fullmatch(word)
        name = (match and match["name"]) or "RRULE"
        if match is None or name not in lines:
            why = "`when` is the start" if name == "DTSTART" else "only RRULE and EXDATE are read"
            raise Unfit(f"{word.partition(':')[0]}: {why}; write it like {_EXAMPLE} EXDATE:20261225.")
        lines[name].append(match["value"])
    return lines["RRULE"], lines["EXDATE"]


def _parts(rule: str) -> dict[str, str]:
    if rule in _FREQUENCIES:
        return {"FREQ": rule}
    parts: dict[str, str] = {}
    for part in filter(None, rule.split(";")):
        name, _, value = part.partition("=")
        if name not in _PARTS or not value:
            raise Unfit(f'"{part}" is no part of a rule; {nearest(name, _PARTS) or _WRITTEN_LIKE}')
        if name in parts:
            raise Unfit(f"{name} stands twice; keep one.")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise Unfit(f"it does not say how often: FREQ is one of {', '.join(_FREQUENCIES)}; {_WRITTEN_LIKE}")
    if "INTERVAL" in parts:
        _counted("INTERVAL", parts["INTERVAL"])
    return parts


def _checked(rule: str) -> str:
    """The rule, once the library that evaluates it has taken it."""
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - any local time does
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise Unfit(f"not a rule that can be read (its days are MO, TU, WE, TH, FR, SA, SU); {_WRITTEN_LIKE}") from None
    return rule


def _counted(name: str, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST:
        raise Unfit(f"{name} is a whole number from 1 to {_LARGEST:,}.")
    return int(text)


def _end(text: str, zone: str) -> datetime:
    end = _local(text, zone)
    return end if isinstance(end, datetime) else datetime.combine(end, time.max).replace(microsecond=0)


def _local(text: str, zone: str) -> date | datetime:
    """A day, or a local time without a zone."""
    match = _TIME.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(number or 0) for number in match.groups()[:6])
        if match[4] is None:
            return date(year, month, day)
        local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a local time, as written
    except ValueError:
        raise Unfit(f'"{text}" is no day; write it like 20261225, or 20261225T0930 for one time of it.') from None
    return local.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) if match[7] else local
