"""An Excel workbook is read as it is."""

# ruff: noqa: DTZ001 - Excel's times have no zone

import io
from datetime import date, datetime, time
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from include.desk.problems import DeskProblems
from include.desk.sheets import read_sheet


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*rows: list[object], title: str = "Foglio1") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def cells(write, book: Workbook, column: str) -> list[str]:
    return [row[column] for row in read_sheet(write("calendar.xlsx", saved(book)), ("when",)).rows]


def test_times_are_what_excel_holds_not_what_it_shows(write):
    book = workbook(["When"], [datetime(2026, 11, 3, 9, 30)], [date(2026, 11, 3)], [time(9, 30)], ["3/11/2026 9:30"])
    book.active["A2"].number_format = "dd/mm/yy hh:mm"
    assert cells(write, book, "when") == ["2026-11-03 09:30", "2026-11-03", "09:30", "3/11/2026 9:30"]


def test_a_moment_that_the_fraction_of_a_day_misses_by_a_hair_is_rounded(write):
    book = workbook(["When"], [46329.395833])
    book.active["A2"].number_format = "dd/mm/yyyy hh:mm"
    assert cells(write, book, "when") == ["2026-11-03 09:30"]


def test_midnight_is_a_time_where_the_cell_shows_a_clock(write):
    book = workbook(["When"], [datetime(2026, 11, 3)])
    book.active["A2"].number_format = 'dd/mm/yyyy" alle "hh:mm'
    assert cells(write, book, "when") == ["2026-11-03 00:00"]


def test_lao_accents_line_breaks_and_numbers_stay_what_they_are(write):
    book = workbook(["When", "Text Facebook"], ["x", "ສະບາຍດີ_x000D_\nperché ☕"], ["y", 2026], ["z", 3.5])
    assert cells(write, book, "text_facebook") == ["ສະບາຍດີ\nperché ☕", "2026", "3.5"]


def test_rows_are_numbered_as_excel_shows_them(write):
    book = workbook(["when"], ["a"], [], [], ["b"])
    sheet = read_sheet(write("calendar.xlsx", saved(book)), ("when",))
    assert [(row.number, row["when"]) for row in sheet.rows] == [(2, "a"), (5, "b")]


def test_the_sheet_called_calendar_is_read_else_the_first_that_is_not_hidden(write):
    book = workbook(["when"], ["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Idee").append(["when"])
    book["Idee"].append(["first"])
    assert cells(write, book, "when") == ["first"]
    book.create_sheet("Calendar").append(["when"])
    book["Calendar"].append(["named"])
    assert cells(write, book, "when") == ["named"]


def with_sheet_changed(content: bytes, old: str, new: str) -> bytes:
    """The workbook with a piece of its first sheet's XML replaced."""
    changed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(changed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            assert not name.endswith("sheet1.xml") or old.encode() in part
            target.writestr(name, part.replace(old.encode(), new.encode()) if name.endswith("sheet1.xml") else part)
    return changed.getvalue()


def test_a_workbook_that_understates_its_size_is_read_whole(write):
    content = with_sheet_changed(saved(workbook(["when", "text"], ["a", "b"])), 'ref="A1:B2"', 'ref="A1"')
    (row,) = read_sheet(write("calendar.xlsx", content), ("when", "text")).rows
    assert (row["when"], row["text"]) == ("a", "b")


def test_a_formula_that_failed_is_told_not_published(write):
    book = workbook(["when", "text"], ["x", "#REF!"])
    (row,) = read_sheet(write("calendar.xlsx", saved(book)), ("when",)).rows
    assert row.faults == ("#REF!",)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("calendar.xlsx", b"no zip", 'calendar.xlsx, is not a workbook that can be read; save it as "Excel workbook'),
        (
            "calendar.xlsx",
            with_sheet_changed(saved(workbook(["when"])), "</row>", "</wor>"),
            "calendar.xlsx, is not a workbook that can be read;",
        ),
        ("calendar.xls", b"\xd0\xcf\x11\xe0", "calendar.xls, is a .xls file, which is not read; save it as .xlsx"),
        ("calendar.xlsx", saved(Workbook()), "row 1, is empty; the first row names the columns: when."),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(write, name, content, sentence):
    with pytest.raises(DeskProblems) as caught:
        read_sheet(write(name, content), ("when",))
    assert sentence in str(caught.value)
