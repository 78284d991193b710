"""Files made for Buffer and Hootsuite."""

from datetime import UTC, datetime

import pytest

from include.desk.problems import DeskProblems
from include.editorial.calendar import read_calendar

BUFFER = """\
Text,Image URL,Tags,Posting Time
"Hei, verden",https://fjord.example.com/a.jpg,craft,2026-11-23 09:30
"""
HOOTSUITE = """\
11/23/2026 09:30,"Hei; verden; og; fjell",https://fjord.example.com/boat
11/03/2026 21:05,Ha det,
"""


@pytest.fixture
def read(tmp_path, brands):
    def calendar(content, *, of=None):
        path = tmp_path / "calendar.csv"
        path.write_text(content, encoding="utf-8")
        return read_calendar(path, brands if of is None else of)

    return calendar


def test_buffers_columns_are_understood_and_what_was_taken_for_what_is_told(read, brands):
    calendar = read(BUFFER, of=brands[:1])
    (row,) = calendar.rows
    assert row.texts == {"facebook_fjord_fell": "Hei, verden", "x_fjord": "Hei, verden"}
    assert (row.when, row.pillar) == (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), "craft")
    assert [media.source for media in row.media] == ["https://fjord.example.com/a.jpg"]
    assert calendar.sheet.rows[0]["when"] == "2026-11-23 09:30"
    assert [str(warning) for warning in calendar.warnings][:2] == [
        'calendar.csv, made for another tool: read "Image URL" as media, "Tags" as pillar, "Posting Time" as when.',
        "calendar.csv, there is no column accounts, so each row goes to all accounts of its brand; add one to choose.",
    ]


def test_hootsuites_rows_without_a_header_are_numbered_from_the_first(read, brands):
    calendar = read(HOOTSUITE, of=brands[:1])
    assert [(row.number, row.texts["x_fjord"], row.link) for row in calendar.rows] == [
        (1, "Hei; verden; og; fjell", "https://fjord.example.com/boat"),
        (2, "Ha det", None),
    ]
    assert calendar.rows[1].when == datetime(2026, 11, 3, 20, 5, tzinfo=UTC)
    assert calendar.warnings[0].why == "no header: read as Hootsuite's columns when, text, link."


def test_hootsuites_columns_may_have_a_header(read, brands):
    calendar = read("Date,Message,URL\n23/11/2026 09:30,Hei,https://fjord.example.com\n", of=brands[:1])
    (row,) = calendar.rows
    assert (row.texts["x_fjord"], row.link, calendar.problems) == ("Hei", "https://fjord.example.com", ())


def test_a_desk_of_several_brands_wants_to_know_whose_the_rows_are(read):
    with pytest.raises(
        DeskProblems, match="no column brand, and the desk has 2; add the column, with one of: fjord, sea"
    ):
        read(BUFFER)


def test_columns_of_ours_beside_theirs_say_brand_and_accounts(read):
    calendar = read("brand,accounts,Message,Date\nsea,mastodon,Hei,2026-11-23 09:30\n")
    (row,) = calendar.rows
    assert (row.brand, list(row.texts)) == ("sea", ["mastodon_sea"])
    assert len(calendar.warnings) == 1


def test_a_mistake_in_such_a_file_is_named_by_its_row(read, brands):
    (problem,) = read("Text,Posting Time\nHei,\n\nHa det,2026-11-23 09:30\n", of=brands[:1]).problems
    assert str(problem).startswith("calendar.csv, row 2, when (empty): is needed;")


def test_beside_our_own_columns_a_url_is_somebodys_own(read):
    calendar = read("brand,when,accounts,text,URL\nfjord,2026-11-23 09:30,x,Hei,https://fjord.example.com\n")
    assert calendar.rows[0].link is None
    assert calendar.warnings[0].brief().startswith('"url": this column is not read;')


def test_without_a_header_a_desk_of_several_brands_is_told_which_line_to_put_on_top(read):
    with pytest.raises(DeskProblems) as told:
        read(HOOTSUITE)
    assert "Put the line brand,accounts,when,text,link on top" in str(told.value)
    assert "add the column" not in str(told.value), "there is no header to add one to"
    done = "brand,accounts,when,text,link\n" + "".join(f"fjord,all,{line}\n" for line in HOOTSUITE.splitlines())
    assert [row.link for row in read(done).rows] == ["https://fjord.example.com/boat", None], "what it says works"
