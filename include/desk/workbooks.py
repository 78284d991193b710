"""A table in an Excel workbook, read as it is: no detour by CSV, so no lost letters and no doubtful dates.

The sheet called `calendar` is read, else the first one that is not hidden. Dates and times are what Excel holds, not
what it shows; a formula counts as the value that was saved with it.
"""

import io
import re
import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from include.desk.files import read_bytes, refused

_SHEET = "calendar"
_CLOCK_FORMAT = re.compile(r"[hs]", re.IGNORECASE)
_IN_QUOTES = re.compile(r'"[^"]*"|\[\$[^\]]*\]|\\.')
_FAULTS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!")


def read_workbook(path: Path, content: bytes | None = None) -> list[list[str]]:
    """The records of a workbook's sheet as texts, blank ones too, so that they can be numbered as Excel does.

    Raises DeskProblems if it is no workbook.
    """
    held = read_bytes(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about styles and validations, which nobody needs here
            return _records(load_workbook(io.BytesIO(held), read_only=True, data_only=True))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError, zlib.error):
        raise refused(path, 'is not a workbook that can be read; save it as "Excel workbook (.xlsx)".') from None


def _records(book: Workbook) -> list[list[str]]:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    named = [sheet for sheet in book.worksheets if sheet.title.strip().lower() == _SHEET]
    for sheet in (named + visible)[:1]:
        sheet.reset_dimensions()  # programs that write .xlsx get them wrong, and cells beyond would be left out
        return [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    return []


def faults(record: list[str]) -> Iterator[str]:
    """The cells whose formula came to nothing: never a text that somebody meant to publish."""
    return (cell for cell in record if cell in _FAULTS)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _moment(value, has_clock=bool(_CLOCK_FORMAT.search(_IN_QUOTES.sub("", cell.number_format or ""))))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "")  # a carriage return, as the format spells it


def _moment(value: datetime, *, has_clock: bool) -> str:
    """Excel counts days in binary fractions: 09:30 may come as 09:29:59.999995."""
    whole = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    if not has_clock and whole.time() == time():
        return f"{whole:%Y-%m-%d}"
    return f"{whole:%Y-%m-%d %H:%M:%S}" if whole.second else f"{whole:%Y-%m-%d %H:%M}"
