"""A table saved as CSV: whatever the delimiter, rows numbered as the spreadsheet shows them."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from include.desk.files import read_file
from include.desk.problems import DeskProblems, Findings, Problem, instead

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank: its number in the spreadsheet, its cells by column name, and what stood beyond
    the last column."""

    number: int
    cells: Mapping[str, str]
    beyond: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's column names (lower case, `_` for spaces), its rows, and the encoding in which it was saved."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str


def read_sheet(path: Path, required: tuple[str, ...]) -> Sheet:
    """The table in `path`: comma, semicolon or tab; quoted cells may hold line breaks.

    Raises DeskProblems if the file cannot be read as a table, or a required column is missing or named twice.
    """
    records, encoding = read_table(path)
    columns = tuple(column_name(cell) for cell in records[0]) if records else ()
    _check_columns(Findings(path.name), columns, required)
    rows = (_row(number, columns, record) for number, record in enumerate(records[1:], start=2))
    return Sheet(path.name, columns, tuple(row for row in rows if row is not None), encoding)


def read_table(path: Path) -> tuple[list[list[str]], str]:
    """The records of a CSV file, blank ones too, and its encoding. The delimiter is the header's most frequent."""
    file = read_file(path)
    header = file.text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    records: list[list[str]] = []
    try:
        # A quote that is never closed would swallow the rows below it; strict reading says so.
        for record in csv.reader(io.StringIO(file.text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error as error:
        why = f"a quote does not close where its cell ends ({error}); double a quote that belongs to the text."
        raise DeskProblems([Problem(path.name, len(records) + 1, "", "", why)]) from None
    return records, file.encoding


def column_name(cell: str) -> str:
    """A header's cell as the desk's columns are called: `Text Facebook` is `text_facebook`."""
    return "_".join(cell.lower().split())


def _check_columns(findings: Findings, columns: tuple[str, ...], required: tuple[str, ...]) -> None:
    if not any(columns):
        findings.add(1, "", "", f"is empty; the first row names the columns: {', '.join(required)}.")
        findings.refuse_if_any()
    for name in required:
        if name not in columns:
            near = instead(name, [column for column in columns if column]).replace("Allowed:", "The header has:")
            findings.add(1, "", "", f'there is no column "{name}"; {near}')
    for name, count in Counter(columns).items():
        if name and count > 1:
            findings.add(1, name, name, f"{count} columns have this name; keep one.")
    findings.refuse_if_any()


def note_columns(sheet: Sheet, allowed: Collection[str], findings: Findings) -> None:
    """Refuses a sheet with other columns: of an optional one with a slip in its name nobody would miss the cells."""
    for column in sheet.columns:
        if column and column not in allowed:
            findings.add(1, column, column, f"not a column of this file; {instead(column, allowed)}")
    findings.refuse_if_any()


def _row(number: int, columns: tuple[str, ...], record: list[str]) -> SheetRow | None:
    values = [cell.strip() for cell in record]
    if not any(values):
        return None
    cells = {name: value for name, value in zip(columns, values, strict=False) if name}
    return SheetRow(number, cells, tuple(value for value in values[len(columns) :] if value))
