"""Graph's dates: written as 2026-11-20T09:30:00+0000, asked for as epoch seconds or days, days being Pacific."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from include.sandbox.facebook.failures import invalid

PACIFIC = ZoneInfo("America/Los_Angeles")


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def read_moment(name: str, value: str) -> datetime:
    """The moment that a `since` or `until` names. Raises error 100 for what is neither a number nor a date."""
    if value.lstrip("-").isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise invalid(f"{name} must be a unix timestamp or a date: {value}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)


def day_end(day: date) -> datetime:
    """The `end_time` of a Pacific day: the next midnight there, 07:00 or 08:00 UTC."""
    return datetime.combine(day + timedelta(days=1), time(0), PACIFIC).astimezone(UTC)


def pacific_day(moment: datetime) -> date:
    return moment.astimezone(PACIFIC).date()
