"""Files that were made for another tool's bulk upload, read by what their columns are called there.

| tool | its columns | ours |
|---|---|---|
| Buffer | `Text`, `Image URL`, `Tags`, `Posting Time` | `text`, `media`, `pillar`, `when` |
| Hootsuite | the moment, the message, the link, without a header | `when`, `text`, `link` |
| Hootsuite, with a header | `Date`, `Message`, `Link` or `URL` | `when`, `text`, `link` |

Such a file names neither brand nor accounts. It is taken for the desk's brand if the desk has but one, and for all its
accounts; columns `brand` and `accounts` say otherwise. What was taken for what is said with every import.

Buffer's columns: support.buffer.com, "How to upload posts in bulk to Buffer", as quoted by programs that write such
files (2026-11-24; the page itself could not be opened). Hootsuite's three columns and its `mm/dd/yyyy hh:mm` (or day
first, as one chooses there): descriptions by its users of 2015 and 2016; that a header is left out follows from them,
and both kinds are read.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from include.desk.problems import DeskProblems, Problem
from include.desk.sheets import Table, column_name
from include.domain.accounts import Brand

_OURS = {
    "posting_time": "when",
    "date": "when",
    "message": "text",
    "image_url": "media",
    "url": "link",
    "tags": "pillar",
}
_HEADLESS = ("when", "text", "link")
_MOMENT = re.compile(r"\s*(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{1,2}-\d{1,2})[T ]+\d{1,2}:\d\d(:\d\d)?\s*")


def understood(table: Table, brands: Collection[Brand]) -> tuple[Table, list[Problem]]:
    """The table with our columns, and what there is to say about it; one that has ours already is left as it is.

    Raises DeskProblems if it belongs to nobody in particular.
    """
    named, notes = _named(table)
    if not notes:
        return table, []
    columns = [column_name(cell) for cell in named.header]
    if "brand" not in columns:
        named = _with_column(named, "brand", _only_brand(table, named, brands).key)
    if "accounts" not in columns:
        named = _with_column(named, "accounts", "all")
        notes.append("there is no column accounts, so each row goes to all accounts of its brand; add one to choose")
    return named, [Problem(table.file, 0, "", "", f"{note}.") for note in notes]


def _named(table: Table) -> tuple[Table, list[str]]:
    if table.header and _MOMENT.fullmatch(table.header[0]) and len(table.header) in (2, 3):
        header, first = _HEADLESS[: len(table.header)], (1, table.header)
        note = f"no header: read as Hootsuite's columns {', '.join(header)}"
        return replace(table, header=header, records=(first, *table.records)), [note]
    there = {column_name(cell) for cell in table.header}
    cells, told = list(table.header), []
    for place, cell in enumerate(table.header):
        ours = _OURS.get(column_name(cell))
        if ours and ours not in there:
            there.add(ours)
            cells[place] = ours
            told.append(f'"{cell.strip()}" as {ours}')
    # Beside a `when` of ours, a column called url or tags is somebody's own.
    if "when" not in cells or "when" in {column_name(cell) for cell in table.header}:
        return table, []
    return replace(table, header=tuple(cells)), [f"made for another tool: read {', '.join(told)}"]


def _with_column(table: Table, name: str, value: str) -> Table:
    """The table with a column of one value in front, where a row says anything."""
    records = tuple(
        (number, (value if any(cell.strip() for cell in record) else "", *record)) for number, record in table.records
    )
    return replace(table, header=(name, *table.header), records=records)


def _only_brand(table: Table, named: Table, brands: Collection[Brand]) -> Brand:
    if len(brands) == 1:
        return next(iter(brands))
    keys = ", ".join(brand.key for brand in brands)
    why = f"there is no column brand, and the desk has {len(brands)}; add the column, with one of: {keys}."
    if len(named.records) > len(table.records):  # there was no header, and so is none to add a column to
        line = ",".join(("brand", "accounts", *named.header))
        why = (
            f"nothing says whose posts these are, and the desk has {len(brands)} brands. Put the line {line} on top,"
            f" and before each row's date two cells: its brand ({keys}) and its accounts (all)."
        )
    raise DeskProblems([Problem(table.file, 1, "", "", why)])
