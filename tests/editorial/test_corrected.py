"""The corrected file: what a marketer opens, mends and imports again."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.desk.sheets import Sheet, SheetRow, read_sheet
from include.editorial.corrected import harmless, part, whole
from include.editorial.report import Fix

COLUMNS = ("brand", "accounts", "text")


def sheet(*rows: tuple[int, str, str, str]) -> Sheet:
    found = (SheetRow(number, dict(zip(COLUMNS, cells, strict=True))) for number, *cells in rows)
    return Sheet("calendar.csv", COLUMNS, tuple(found), "utf-8-sig")


def read(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


PLAN = sheet((2, "sea", "x", "Hi"), (4, "sae", "x", "ສະບາຍດີ, “all”"))
FIXES = [Fix(4, "", "", 'brand "sae": not a brand; did you mean "sea"? Allowed: sea.', "", "brand", "sae")]


def test_rows_keep_their_numbers_and_their_letters():
    lines = read(whole(PLAN, []))
    assert lines[0] == [*COLUMNS, "problem"]
    assert lines[1] == ["sea", "x", "Hi", ""]
    assert lines[2] == [""] * 4
    assert lines[3][2] == "ສະບາຍດີ, “all”"


def test_what_a_machine_can_put_right_is_put_right_and_said():
    brand, *_, problem = read(whole(PLAN, FIXES))[3]
    assert brand == "sea"
    assert problem == 'brand: put right as "sea"; look whether that was meant.'


def test_one_wrong_account_among_right_ones_is_put_right():
    fix = Fix(2, "Sea", "", 'sea has no account "facebok"; did you mean "facebook"? Allowed: all.', "sea", "accounts")
    plan = sheet((2, "sea", "x, facebok", "Hi"))
    assert read(whole(plan, [fix]))[1][1] == "x, facebook"


def test_what_only_a_person_can_mend_is_told_in_its_row():
    fixes = [
        Fix(2, "Sea", "X", "The text counts 296, limit 280; shorten by 16."),
        Fix(2, "Sea", "", "sponsored, no #adv."),
    ]
    assert read(whole(PLAN, fixes))[1][-1] == ("X: The text counts 296, limit 280; shorten by 16. sponsored, no #adv.")


def test_a_part_of_the_file_names_the_rows_and_holds_no_others():
    assert read(part(PLAN, FIXES, {4}))[1:] == [
        ["4", "sea", "x", "ສະບາຍດີ, “all”", 'brand: put right as "sea"; look whether that was meant.']
    ]


def test_it_is_read_back_as_it_was(tmp_path):
    (tmp_path / "calendar.csv").write_bytes(whole(PLAN, [], delimiter=";"))
    again = read_sheet(tmp_path / "calendar.csv", required=COLUMNS)
    assert [(row.number, row["text"]) for row in again.rows] == [(2, "Hi"), (4, "ສະບາຍດີ, “all”")]


@pytest.mark.parametrize("cell", ["=1+1", "+39 06", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


@given(st.text())
def test_a_cell_loses_nothing(cell):
    assert harmless(cell) in (cell, f"'{cell}")
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
