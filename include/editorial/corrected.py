"""The calendar back to its writer, as a CSV in UTF-8: each row with what is to be fixed in it, in a column `problem`,
and with what a machine can put right put right already.

A cell that a spreadsheet would run as a formula gets an apostrophe before it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from include.desk.sheets import Sheet, SheetRow
from include.editorial.importing import PROBLEM
from include.editorial.report import Fix

ROW = "row"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def whole(sheet: Sheet, fixes: Iterable[Fix], *, delimiter: str = ",") -> bytes:
    """All rows, numbered as in the file: it can take the file's place once its problems are mended."""
    by_row, columns = _by_row(fixes), _columns(sheet)
    rows = {row.number: row for row in sheet.rows}
    lines = [[*columns, PROBLEM]]
    for number in range(2, max(rows, default=1) + 1):
        row = rows.get(number)
        lines.append(_line(row, columns, by_row[number]) if row else [""] * (len(columns) + 1))
    return _written(lines, delimiter)


def part(sheet: Sheet, fixes: Iterable[Fix], numbers: Collection[int], *, delimiter: str = ",") -> bytes:
    """Some rows, each with its number in the file, so that it can be put back there. It cannot take the file's place,
    and the import refuses it by its column `row`."""
    by_row, columns = _by_row(fixes), _columns(sheet)
    lines = [[ROW, *columns, PROBLEM]]
    lines += [
        [str(row.number), *_line(row, columns, by_row[row.number])] for row in sheet.rows if row.number in numbers
    ]
    return _written(lines, delimiter)


def _by_row(fixes: Iterable[Fix]) -> Mapping[int, list[Fix]]:
    found: dict[int, list[Fix]] = defaultdict(list)
    for fix in fixes:
        found[fix.row].append(fix)
    return found


def _columns(sheet: Sheet) -> list[str]:
    return [column for column in sheet.columns if column and column not in (PROBLEM, ROW)]


def _line(row: SheetRow, columns: Sequence[str], fixes: Sequence[Fix]) -> list[str]:
    cells = {column: row[column] for column in columns}
    said = []
    for fix in fixes:
        mended = _mended(cells.get(fix.column, ""), fix)
        if mended:
            cells[fix.column] = mended
            said.append(f'{fix.column}: put right as "{mended}"; look whether that was meant.')
        else:
            said.append(f"{fix.network}: {fix.sentence}" if fix.network else fix.sentence)
    return [*(cells[column] for column in columns), " ".join(said)]


def _mended(cell: str, fix: Fix) -> str:
    """The cell with the one word that was not known replaced by its neighbour; empty where that cannot be done."""
    if not fix.meant or not cell:
        return ""
    if cell.strip() == fix.found.strip() and " " not in cell:
        return fix.meant
    wrong = [word for word in cell.replace(",", " ").split() if f'"{word.lower()}"' in fix.sentence.lower()]
    return cell.replace(wrong[0], fix.meant) if len(wrong) == 1 and wrong[0] != fix.meant else ""


def _written(lines: Iterable[Sequence[str]], delimiter: str) -> bytes:
    kept = io.StringIO(newline="")
    csv.writer(kept, delimiter=delimiter).writerows([list(map(harmless, line)) for line in lines])
    return kept.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell as text, whatever a spreadsheet thinks of its beginning."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
