"""Hours of the day and days of the week, as people write them: `22:00-07:00`; `daily`, `weekdays`, `[mon, fri]`."""

import re
from datetime import time

from include.desk.problems import Unfit
from include.domain.accounts import Hours

_HOURS = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-–]\s*(\d{1,2})[:.](\d\d)")


def read_hours(text: str) -> Hours:
    """`22:00-07:00`; 24:00 is midnight. Raises Unfit."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise Unfit("not hours of the day; write them like 22:00-07:00.")
    begins, ends = _time(match[1], match[2]), _time(match[3], match[4])
    if begins == ends:
        raise Unfit("begins when it ends; write them like 22:00-07:00.")
    return Hours(begins, ends)


def _time(hour: str, minute: str) -> time:
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        raise Unfit("there is no such time of day; hours go from 00 to 24, minutes to 59.")
    return time(int(hour) % 24, int(minute))
