"""Gives a desk whose plan counts from a start its dates: the example plays in the week in which it is shown.

In the calendar, `when` may say `start`, `start+90s`, `start+5m`, `start+2h`, or `day+2 09:30` (day 0 is the day of the
start on the clock of the brand); in `budgets.csv`, `from`, `to` and `events` may say `day-20` or `day+12`. Only the
dated copy is read by everything else; rows with dates of their own stay as they are, and so does a calendar that is no
CSV file.
"""

import csv
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from include.desk.calendar_files import calendars_in, find_calendar
from include.desk.local_time import local_text, read_moment
from include.desk.sheets import column_name, read_records
from include.domain.accounts import Brand

_AFTER = re.compile(r"start(?:\s*\+\s*(?P<count>\d+)\s*(?P<unit>[smh]))?")
_ON_DAY = re.compile(r"day\s*(?P<days>[+-]\s*\d+)?\s+(?P<clock>\d{1,2}:\d\d(?::\d\d)?)")
_DAY = re.compile(r"\bday(?P<days>[+-]\d+)?\b")
_BUDGETS = "budgets.csv"
_SECONDS = {"s": 1, "m": 60, "h": 3600}

Dated = Callable[[Mapping[str, str], str], Mapping[str, str]]


def date_calendar(source: Path, target: Path, start: datetime, brands: Iterable[Brand]) -> Path:
    """Copies the desk in `source` to `target`, its calendar dated from `start` (aware); the path of that calendar,
    also where it is none of the desk's files.

    A row whose brand or `when` cannot be understood is copied as it is: the import names it.
    """
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "*.py", "__pycache__"))
    zones = {brand.key: brand.timezone for brand in brands}
    if (target / _BUDGETS).is_file():
        _rewrite(source / _BUDGETS, target / _BUDGETS, lambda cells, zone: _dated_budget(cells, start, zone), zones)
    if not calendars_in(source):  # it is on the web
        return target / "calendar.csv"
    calendar = find_calendar(source)
    if calendar.suffix.lower() != ".csv":
        return target / calendar.name
    dated = target / calendar.name
    _rewrite(calendar, dated, lambda cells, zone: {"when": date_of(cells.get("when", "").strip(), start, zone)}, zones)
    return dated


def _rewrite(source: Path, target: Path, dated: Dated, zones: Mapping[str, str]) -> None:
    """Copies a table, with the cells that `dated` gives for each row of a brand that is known, by their columns."""
    table = read_records(source)
    columns = [column_name(cell) for cell in table.header]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter, lineterminator="\n")
        writer.writerow(table.header)
        for _, record in table.records:
            cells = dict(zip(columns, record, strict=False))
            zone = zones.get(cells.get("brand", "").strip())
            new = dated(cells, zone) if zone else {}
            writer.writerow(
                [
                    *(new.get(column) or cell for column, cell in zip(columns, record, strict=False)),
                    *record[len(columns) :],
                ]
            )


def _dated_budget(cells: Mapping[str, str], start: datetime, zone: str) -> dict[str, str]:
    today = start.astimezone(ZoneInfo(zone)).date()

    def day(found: re.Match[str]) -> str:
        days = int((found["days"] or "0").replace(" ", ""))
        return f"{today + timedelta(days=days)}"

    return {column: _DAY.sub(day, cells.get(column, "")) for column in ("from", "to", "events")}


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
