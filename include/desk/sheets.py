"""A table as people keep it: CSV with whatever delimiter, an Excel workbook, or a list in YAML.

Rows are numbered as the reader sees them: as the spreadsheet shows them (its first row is 1), or by the line of a
YAML file. An apostrophe before = + - or @ is a spreadsheet's sign that a cell is text, and no part of it.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from include.desk import workbooks
from include.desk.files import read_file, refused
from include.desk.listing import read_listing
from include.desk.problems import DeskProblems, Findings, Problem, instead

YAML = (".yml", ".yaml")
_DELIMITERS = (",", ";", "\t")
_MARKED_AS_TEXT = re.compile(r"'(?=[=+@-])")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank: its number, its cells by column name, what stood beyond the last column, and the
    cells whose formula failed."""

    number: int
    cells: Mapping[str, str]
    beyond: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's column names (lower case, `_` for spaces), its rows, the encoding in which it was saved, and its
    delimiter; both are empty where a file of that kind has none."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's records as they stand there, each with its number; `header` are the cells of the first."""

    file: str
    header: tuple[str, ...]
    records: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str = ""
    delimiter: str = ""
    faults: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def read_sheet(path: Path, required: tuple[str, ...], content: bytes | None = None) -> Sheet:
    """The table in `path`, or in `content` under that name.

    Raises DeskProblems if the file cannot be read as a table, or a required column is missing or named twice.
    """
    return sheet_of(read_records(path, content), required)


def sheet_of(table: Table, required: tuple[str, ...]) -> Sheet:
    """The table with its columns named; raises DeskProblems if a required one is missing or one is named twice."""
    columns = tuple(column_name(cell) for cell in table.header)
    _check_columns(Findings(table.file), columns, required)
    rows = (_row(number, columns, record, table.faults) for number, record in table.records)
    return Sheet(table.file, columns, tuple(row for row in rows if row is not None), table.encoding, table.delimiter)


def read_records(path: Path, content: bytes | None = None) -> Table:
    """The records of a file of any kind. Raises DeskProblems if it is of none."""
    kind = path.suffix.lower()
    if kind in YAML:
        columns, rows = read_listing(path, content)
        return Table(path.name, tuple(columns), tuple((line, tuple(row)) for line, row in rows))
    if kind == ".xlsx":
        return _numbered(path, workbooks.read_workbook(path, content))
    if kind in (".xls", ".xlsm", ".xlsb", ".ods", ".numbers"):
        raise refused(path, f"is a {kind} file, which is not read; save it as .xlsx or as CSV UTF-8.")
    records, encoding, delimiter = _read_csv(path, content)
    return _numbered(path, records, encoding, delimiter)


def column_name(cell: str) -> str:
    """A header's cell as the desk's columns are called: `Text Facebook` is `text_facebook`."""
    return "_".join(cell.lower().split())


def _numbered(path: Path, records: list[list[str]], encoding: str = "", delimiter: str = "") -> Table:
    faulty = {number: found for number, record in enumerate(records, 1) if (found := tuple(workbooks.faults(record)))}
    return Table(
        file=path.name,
        header=tuple(records[0]) if records else (),
        records=tuple((number, tuple(map(_unmarked, record))) for number, record in enumerate(records[1:], start=2)),
        encoding=encoding,
        delimiter=delimiter,
        faults={} if encoding else faulty,
    )


def _unmarked(cell: str) -> str:
    return cell[1:] if _MARKED_AS_TEXT.match(cell) else cell


def _read_csv(path: Path, content: bytes | None = None) -> tuple[list[list[str]], str, str]:
    """The delimiter is the one that the first row has most of, not counting what stands in quotes."""
    file = read_file(path, content)
    header = _QUOTED.sub("", file.text.partition("\n")[0])
    delimiter = max(_DELIMITERS, key=header.count)
    records: list[list[str]] = []
    try:
        # A quote that is never closed would swallow the rows below it; strict reading says so.
        for record in csv.reader(io.StringIO(file.text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error as error:
        why = f"a quote does not close where its cell ends ({error}); double a quote that belongs to the text."
        raise DeskProblems([Problem(path.name, len(records) + 1, "", "", why)]) from None
    return records, file.encoding, delimiter


def _check_columns(findings: Findings, columns: tuple[str, ...], required: tuple[str, ...]) -> None:
    if not any(columns):
        findings.add(1, "", "", f"is empty; the first row names the columns: {', '.join(required)}.")
        findings.refuse_if_any()
    for name in required:
        if name not in columns:
            near = instead(name, [column for column in columns if column], title="the header has")
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


def _row(
    number: int, columns: tuple[str, ...], record: tuple[str, ...], faults: Mapping[int, tuple[str, ...]]
) -> SheetRow | None:
    values = [cell.strip() for cell in record]
    if not any(values):
        return None
    cells = {name: value for name, value in zip(columns, values, strict=False) if name}
    return SheetRow(number, cells, tuple(value for value in values[len(columns) :] if value), faults.get(number, ()))
