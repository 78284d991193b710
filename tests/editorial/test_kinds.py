"""The same plan in the files that people really have: from Italian Excel, as Unicode text, as a workbook, in YAML."""

# ruff: noqa: DTZ001 - Excel's times have no zone

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from include.editorial.calendar import Calendar, read_calendar

TEXT = "Perché no? È già Natale – “sì”"
ROWS = [
    ["Key", "Brand", "When", "Accounts", "Text", "Text X"],
    ["uno", "fjord", datetime(2026, 11, 3, 9, 30), "all", TEXT, "Sì\n---\nAncora"],
    ["due", "fjord", datetime(2026, 11, 23, 18, 5), "x", "Solo; qui", ""],
]


def delimited(rows: list[list[object]], delimiter: str, moment: str) -> str:
    def cell(value: object) -> str:
        text = f"{value:{moment}}" if isinstance(value, datetime) else str(value)
        return '"{}"'.format(text.replace('"', '""')) if any(c in text for c in f'{delimiter}"\n') else text

    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in rows)


def italian_excel(path: Path) -> Path:
    path.write_bytes(delimited(ROWS, ";", "%d/%m/%Y %H:%M").encode("cp1252"))
    return path


def american_excel(path: Path) -> Path:
    path.write_bytes(delimited(ROWS, ",", "%m/%d/%Y %H:%M").encode("utf-8-sig"))
    return path


def unicode_text(path: Path) -> Path:
    path.write_bytes(delimited(ROWS, "\t", "%d/%m/%Y %H:%M").encode("utf-16"))
    return path


def workbook(path: Path) -> Path:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path


def yaml_list(path: Path) -> Path:
    path.write_text(f"""\
- key: uno
  brand: fjord
  when: 2026-11-03 09:30
  accounts: all
  text: {TEXT}
  text_x: [Sì, Ancora]
- {{key: due, brand: fjord, when: 2026-11-23 18:05, accounts: [x], text: Solo; qui}}
""")
    return path


KINDS = [
    (italian_excel, "calendar.csv"),
    (american_excel, "calendar.csv"),
    (unicode_text, "calendar.txt"),
    (workbook, "calendar.xlsx"),
    (yaml_list, "calendar.yml"),
]


@pytest.mark.parametrize(("write", "name"), KINDS, ids=[write.__name__ for write, _ in KINDS])
def test_every_kind_of_file_says_the_same(write, name, brands, tmp_path):
    calendar = read_calendar(write(tmp_path / name), brands)
    assert calendar.problems == ()
    uno, due = calendar.rows
    assert uno.texts == {"facebook_fjord_fell": TEXT, "x_fjord": "Sì"}
    assert uno.threads["x_fjord"] == ("Ancora",)
    assert (f"{uno.when:%Y-%m-%d %H:%M}", f"{due.when:%Y-%m-%d %H:%M}") == ("2026-11-03 08:30", "2026-11-23 17:05")
    assert due.texts == {"x_fjord": "Solo; qui"}


@pytest.mark.parametrize(("write", "name"), KINDS, ids=[write.__name__ for write, _ in KINDS])
def test_only_the_code_page_is_a_guess_and_it_is_told(write, name, brands, tmp_path):
    warnings = [str(warning) for warning in read_calendar(write(tmp_path / name), brands).warnings]
    guessed = ['calendar.csv, saved as plain CSV of Windows: look at accents and quotes, or save it as "CSV UTF-8".']
    assert warnings == (guessed if write is italian_excel else [])


def written(tmp_path: Path, content: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "calendar.csv"
    path.write_bytes(content.encode(encoding, errors="replace"))
    return path


def told(calendar: Calendar) -> list[str]:
    return [str(problem) for problem in calendar.problems]


def test_lao_that_the_code_page_cannot_write_is_refused_not_published_as_question_marks(brands, tmp_path):
    path = written(tmp_path, "brand;when;accounts;text\nsea;23/11/2026 09:30;x;ສະບາຍດີ\n", "cp1252")
    (sentence,) = told(read_calendar(path, brands))
    assert sentence.startswith(
        'calendar.csv, row 2, text "???????": the file lost its letters; save it anew as "CSV UTF'
    )


def test_a_date_that_the_file_does_not_settle_is_refused_in_its_row_only(brands, tmp_path):
    path = written(
        tmp_path,
        "brand,when,accounts,text\nfjord,03/11/2026 09:30,x,Hei\nfjord,2026-11-04 09:30,x,Hei\n",
    )
    calendar = read_calendar(path, brands)
    assert [row.number for row in calendar.rows] == [3]
    (sentence,) = told(calendar)
    assert sentence == (
        'calendar.csv, row 2, when "03/11/2026 09:30": 3 November or 11 March?'
        " No other date of the file tells; write it like 2026-11-03 09:30."
    )


def test_what_semicolons_alone_decide_is_told(brands, tmp_path):
    path = written(tmp_path, "brand;when;accounts;text\nfjord;03/11/2026 09:30;x;Hei\n")
    (warning,) = read_calendar(path, brands).warnings
    assert warning.brief() == 'when "03/11/2026 09:30": read as 3 November: semicolons part the file\'s cells.'


def test_a_mistake_in_yaml_is_named_by_its_line(brands, tmp_path):
    path = yaml_list(tmp_path / "calendar.yml")
    path.write_text(path.read_text().replace("2026-11-03 09:30", "03/11"))
    (sentence,) = told(read_calendar(path, brands))
    assert sentence.startswith('calendar.yml, line 1, when "03/11": no year or time;')


def test_a_formula_that_failed_is_refused_in_words(brands, tmp_path):
    path = workbook(tmp_path / "calendar.xlsx")
    book = Workbook()
    for row in [*ROWS, ["tre", "fjord", "2026-12-01 09:30", "x", "#NAME?", ""]]:
        book.active.append(row)
    book.save(path)
    (sentence,) = told(read_calendar(path, brands))
    assert sentence == 'calendar.xlsx, row 4, "#NAME?": a formula of this row has no value; mend it.'
