"""Where the plan is read from."""

import pytest

from include.desk.problems import DeskProblems, Unfit
from include.editorial.calendar import read_calendar
from include.editorial.source import plan_source, table_address

SHEET = "https://docs.google.com/spreadsheets/d/1AbC-d_E/edit#gid=0"
TABLE = b"brand,when,accounts,text,media,alt\nfjord,2026-11-23 09:30,all,Hei,boat.png,A boat\n"


@pytest.mark.parametrize(
    ("address", "fetched"),
    [
        (SHEET, "https://docs.google.com/spreadsheets/d/1AbC-d_E/export?format=csv&gid=0"),
        (
            "https://docs.google.com/spreadsheets/d/1AbC-d_E/edit?gid=12&usp=sharing#gid=12",
            "https://docs.google.com/spreadsheets/d/1AbC-d_E/export?format=csv&gid=12",
        ),
        (
            "https://docs.google.com/spreadsheets/u/1/d/1AbC-d_E",
            "https://docs.google.com/spreadsheets/d/1AbC-d_E/export?format=csv",
        ),
        (
            "https://docs.google.com/spreadsheets/d/1AbC-d_E/export?format=xlsx",
            "https://docs.google.com/spreadsheets/d/1AbC-d_E/export?format=xlsx",
        ),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pubhtml?gid=5",
            "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pub?output=csv&gid=5",
        ),
        ("https://files.example.com/plan.xlsx?v=2", "https://files.example.com/plan.xlsx?v=2"),
    ],
)
def test_an_address_as_the_browser_shows_it_leads_to_the_table(address, fetched):
    assert table_address(address) == fetched
    assert table_address(fetched) == fetched


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://docs.google.com/spreadsheets/d/1/edit", "needs an https address"),
        ("calendar.csv", "needs an https address; for a file, put it into DESK_DIR as calendar.csv"),
        ("https://docs.google.com/document/d/1/edit", "not a Google Sheet; copy the address from the browser"),
        ("https://docs.google.com/spreadsheets/d/1/export?format=pdf", "cannot be read as pdf; write format=csv"),
        ("https://files.example.com/plan", "not an address of a table; it ends with one of .csv, .xlsx"),
    ],
)
def test_what_leads_to_no_table_is_refused_with_the_remedy(address, why):
    with pytest.raises(Unfit) as caught:
        table_address(address)
    assert str(caught.value).startswith(why)


def test_a_sheet_is_fetched_and_read_with_the_media_of_the_folder(tmp_path, brands):
    (tmp_path / "boat.png").write_bytes(b"a boat")
    asked = []
    source = plan_source(tmp_path, SHEET, lambda url: asked.append(url) or TABLE)
    calendar = read_calendar(source.path, brands, content=source.content)
    assert asked == ["https://docs.google.com/spreadsheets/d/1AbC-d_E/export?format=csv&gid=0"]
    assert (calendar.file, calendar.problems) == ("google-sheet.csv", ())
    assert calendar.rows[0].media[0].source == str(tmp_path / "boat.png")


def test_without_an_address_it_is_the_file_in_the_folder(tmp_path):
    (tmp_path / "calendar.csv").write_bytes(TABLE)
    source = plan_source(tmp_path)
    assert (source.path, source.content) == (tmp_path / "calendar.csv", None)


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (
            b"<!DOCTYPE html><html>",
            'answered with a web page, not a table; share the sheet with "Anyone with the link"',
        ),
        (b"\n<html lang=en>", "answered with a web page"),
    ],
)
def test_a_sheet_that_is_not_shared_says_what_to_do(tmp_path, page, sentence):
    with pytest.raises(DeskProblems, match=sentence):
        plan_source(tmp_path, SHEET, lambda _: page)


def test_two_plans_are_one_too_many(tmp_path):
    (tmp_path / "calendar.xlsx").write_bytes(b"")
    with pytest.raises(DeskProblems, match=r"calendar.xlsx, is in .*, and DESK_CALENDAR names another plan; keep one"):
        plan_source(tmp_path, SHEET, lambda _: TABLE)


def test_a_wrong_address_is_not_repeated_for_who_has_it_may_read_the_plan(tmp_path):
    with pytest.raises(DeskProblems) as caught:
        plan_source(tmp_path, "https://files.example.com/secret-plan", lambda _: TABLE)
    assert "DESK_CALENDAR, not an address of a table" in str(caught.value)
    assert "secret-plan" not in str(caught.value)
