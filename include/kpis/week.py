"""ISO weeks in a brand's own time zone. Pure.

A week is named by its Monday. It begins at midnight of that Monday in the brand's zone, so it has 167 or 169 hours
when the clocks change in it.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from include.domain.windows import Window


def monday_of(day: date) -> date:
    """The Monday of the ISO week that holds `day`."""
    return day - timedelta(days=day.weekday())


def week_of(moment: datetime, zone: str) -> date:
    """The Monday of the week in which `moment` (aware) falls for somebody in `zone`."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; give an aware datetime.")
    return monday_of(moment.astimezone(ZoneInfo(zone)).date())


def last_full_week(now: datetime, zone: str) -> date:
    """The Monday of the latest week that is over in `zone`."""
    return week_of(now, zone) - timedelta(weeks=1)


def weeks_to(monday: date, count: int) -> list[date]:
    """`count` Mondays up to and with `monday`, the oldest first."""
    return [monday - timedelta(weeks=n) for n in reversed(range(count))]


def days_of(monday: date) -> Window:
    """The week's seven calendar days, Monday to Sunday."""
    if monday.weekday() != 0:
        raise ValueError(f"{monday} is a {monday:%A}; a week is named by its Monday, {monday_of(monday)}.")
    return Window(monday, monday + timedelta(days=6))


def bounds(monday: date, zone: str) -> tuple[datetime, datetime]:
    """When the week begins and when the next one does, as UTC: half open."""
    days = days_of(monday)
    return _midnight(days.first, zone), _midnight(days.last + timedelta(days=1), zone)


def utc_days_of(monday: date, zone: str) -> Window:
    """The UTC days that the week touches: seven, or eight where the zone is not UTC."""
    begins, ends = bounds(monday, zone)
    return Window(begins.date(), (ends - timedelta(microseconds=1)).date())


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
