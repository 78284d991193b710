"""A table written in YAML: a list with one entry for each row, the columns by name.

    - brand: aurora
      when: 2026-11-23 09:30
      accounts: [facebook, x]
      text: |
        Il panettone è uscito dal forno.

A cell that holds several things may be a list. A row's number is the line on which it begins.
"""

from collections.abc import Mapping
from pathlib import Path

from include.desk.outline import Entry, read_outline
from include.desk.problems import Findings

JOINED = {"text": "\n---\n", "media": " | ", "alt": " | ", "recurrence": "\n"}


def read_listing(path: Path, content: bytes | None = None) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The columns of all rows, in the order in which they first appear, and each row by its line.

    Raises DeskProblems if the file is no list of such rows.
    """
    findings = Findings(path.name)
    outline = read_outline(path, findings, content)
    entries = [entry for entry in outline.items if entry.shown]
    if outline.parts or (outline.text and not outline.items):
        findings.add(outline.line, "", outline.shown, "not a list of rows; begin each row with - as in - brand: aurora")
    rows = [(entry.line, _row(entry, findings)) for entry in entries]
    findings.refuse_if_any()
    columns = list(dict.fromkeys(name for _, row in rows for name in row))
    return columns, [(line, [row.get(name, "") for name in columns]) for line, row in rows]


def _row(entry: Entry, findings: Findings) -> Mapping[str, str]:
    if not entry.parts:
        findings.add(entry.line, "", entry.shown, "not a row; name its columns, as in brand: aurora")
    return {name: _cell(name, value, findings) for name, value in entry.parts.items()}


def _cell(name: str, value: Entry, findings: Findings) -> str:
    column = "_".join(name.lower().split())
    if value.parts or any(item.parts or item.items for item in value.items):
        findings.add(value.line, name, value.shown, "names within a cell; write one value, or a list of values.")
    by_network = column.startswith("text_")
    return JOINED.get("text" if by_network else column, ", ").join(i.text for i in value.items) or value.text
