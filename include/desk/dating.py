"""Gives a desk whose plan counts from a start its dates: the example plays in the week in which it is shown.

`when` may say `start`, `start+90s`, `start+5m`, `start+2h`, or `day+2 09:30` (day 0 is the day of the start on the
clock of the brand). Only the dated copy is read by everything else; rows with dates of their own stay as they are, and
so does a calendar that is no CSV file.
"""

import csv
import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from include.desk.calendar_files import calendars_in, find_calendar
from include.desk.local_time import local_text, read_moment
from include.desk.sheets import column_name, read_records
from include.domain.accounts import Brand

_AFTER = re.compile(r"start(?:\s*\+\s*(?P<count>\d+)\s*(?P<unit>[smh]))?")
_ON_DAY = re.compile(r"day\s*(?P<days>[+-]\s*\d+)?\s+(?P<clock>\d{1,2}:\d\d(?::\d\d)?)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def date_calendar(source: Path, target: Path, start: datetime, brands: Iterable[Brand]) -> Path:
    """Copies the desk in `source` to `target`, its calendar dated from `start` (aware); the path of that calendar,
    also where it is none of the desk's files.

    A row whose brand or `when` cannot be understood is copied as it is: the import names it.
    """
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "*.py", "__pycache__"))
    if not calendars_in(source):  # it is on the web
        return target / "calendar.csv"
    calendar = find_calendar(source)
    if calendar.suffix.lower() != ".csv":
        return target / calendar.name
    table = read_records(calendar)
    records = [list(table.header), *(list(record) for _, record in table.records)]
    zones = {brand.key: brand.timezone for brand in brands}
    dated = target / calendar.name
    with dated.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=table.delimiter, lineterminator="\n").writerows(_dated(records, start, zones))
    return dated


def _dated(table: list[list[str]], start: datetime, zones: dict[str, str]) -> Iterable[list[str]]:
    columns = [column_name(cell) for cell in table[0]] if table else []
    for number, record in enumerate(table):
        cells = dict(zip(columns, record, strict=False))
        zone = zones.get(cells.get("brand", "").strip())
        if number == 0 or zone is None or not cells.get("when"):
            yield record
        else:
            place = columns.index("when")
            yield [*record[:place], date_of(record[place].strip(), start, zone), *record[place + 1 :]]


def date_of(when: str, start: datetime, zone: str) -> str:
    """`when` on the clock of `zone`; unchanged if it does not count from a start, or to no time that there is."""
    try:
        return _counted_from(start, when, zone)
    except (ValueError, OverflowError):  # hour 25, or days beyond the calendar's end
        return when


def _counted_from(start: datetime, when: str, zone: str) -> str:
    if after := _AFTER.fullmatch(when):
        seconds = int(after["count"] or 0) * _SECONDS[after["unit"] or "s"]
        return local_text(start + timedelta(seconds=seconds), zone)
    if on_day := _ON_DAY.fullmatch(when):
        days = int((on_day["days"] or "0").replace(" ", ""))
        day = start.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        return local_text(read_moment(f"{day} {on_day['clock']}", zone).at, zone)
    return when
