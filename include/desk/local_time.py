"""Times as people write them, on the clock of one time zone.

Twice a year that clock jumps. A time that it skips is moved forward by as much as the clock (02:30 becomes 03:30 where
an hour is left out); a time that it shows twice means the first. Who wants the second writes the offset behind it:
`2026-10-25 02:30 +01:00`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from include.desk.problems import Unfit, nearest

EXAMPLE = "2026-11-23 09:30 or 23/11/2026 09:30"

_DATE = r"(?P<iso>\d{4}(?P<by>[-/])\d{1,2}(?P=by)\d{1,2})|(?P<dotted>\d{1,2}[/.]\d{1,2}[/.]\d{4})"
_MOMENT = re.compile(
    rf"(?:{_DATE})[T ]\s*(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?\s*(?P<offset>[+-]\d\d:\d\d)?"
)
_DAY = re.compile(_DATE)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC, a note in words where the clock's jump decided it, and the local time as it was written
    (`wall`, without a zone; None where its offset was written too)."""

    at: datetime
    note: str = ""
    wall: datetime | None = None


def read_zone(text: str) -> str:
    """The name of an IANA time zone; raises Unfit for any other text."""
    if text not in _zones():
        near = nearest(text, _zones())
        raise Unfit(f"not an IANA time zone; {near or 'write one such as Europe/Rome or Asia/Vientiane.'}")
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_day(text: str) -> date:
    """`2026-11-23`, `23/11/2026` or `23.11.2026`; raises Unfit."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise Unfit("not a day; write it like 2026-11-23 or 23/11/2026.")
    return _day(match)


def read_moment(text: str, zone: str) -> Moment:
    """A local time of `zone` with its day, year and hour, seconds if wanted; raises Unfit."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise Unfit(_what_is_missing(text))
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise Unfit("there is no such time of day; hours go from 00 to 23, minutes and seconds to 59.")
    day = _day(match)
    wall = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - a local time, as written
    if match["offset"]:
        return _with_offset(wall.replace(tzinfo=ZoneInfo(zone)), match["offset"])
    return settled(wall, zone)


def settled(wall: datetime, zone: str) -> Moment:
    """The moment of a local time (without a zone) of `zone`, by the rule above."""
    local = wall.replace(tzinfo=ZoneInfo(zone))
    moment = local.astimezone(UTC)
    shown = moment.astimezone(local.tzinfo)
    if shown.replace(tzinfo=None) != local.replace(tzinfo=None):
        return Moment(moment, f"the clock skips {local:%H:%M} on that day; {shown:%H:%M} is taken.", wall)
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        later = local.replace(fold=1).isoformat()[-6:]
        twice = f"the clock shows {local:%H:%M} twice on that day; the first is taken"
        return Moment(moment, f"{twice} (with {later} behind it, the second).", wall)
    return Moment(moment, wall=wall)


def local_text(moment: datetime, zone: str) -> str:
    """`moment` on the clock of `zone`, as `read_moment` reads it back to the second."""
    local = moment.astimezone(ZoneInfo(zone))
    text = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return f"{text} {local.isoformat()[-6:]}" if local.fold else text


def _day(match: re.Match[str]) -> date:
    if match["iso"]:
        year, month, day = (int(part) for part in re.split(r"[-/]", match["iso"]))
    else:
        day, month, year = (int(part) for part in re.split(r"[/.]", match["dotted"]))
    try:
        return date(year, month, day)
    except ValueError:
        if month > 12 >= day and match["dotted"]:
            raise Unfit(f"the day comes before the month; write {month:02}/{day:02}/{year}.") from None
        raise Unfit("there is no such day in the calendar.") from None


def _with_offset(local: datetime, offset: str) -> Moment:
    hours, minutes = offset[1:].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if offset[0] == "-" else 1)
    if ahead not in (local.utcoffset(), local.replace(fold=1).utcoffset()):
        raise Unfit(f"{local.tzinfo} is not {offset} at that time; leave the offset out to write its local time.")
    return Moment((local.replace(tzinfo=None) - ahead).replace(tzinfo=UTC))


def _what_is_missing(text: str) -> str:
    """Why `text` is no moment, in the words of who wrote it."""
    if not text:
        return f"is needed; write it like {EXAMPLE}."
    if text.startswith(("start", "day")):
        return "counts from a start; only a desk that the demo has dated holds true times (include/desk/dating.py)."
    whole_day = _DAY.search(text)
    has_clock = _CLOCK.search(text.replace(whole_day[0], "") if whole_day else text) is not None
    if whole_day and not has_clock:
        return f"no time; write {whole_day[0]} 09:30."
    if not whole_day and re.search(r"\d{1,2}[/.-]\d{1,2}", text):
        return f"no year{'' if has_clock else ' or time'}; write it like {EXAMPLE}."
    return f"not a time that can be read; write it like {EXAMPLE}."
