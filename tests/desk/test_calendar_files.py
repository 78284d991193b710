"""Which file is the desk's calendar."""

import pytest

from include.desk.calendar_files import find_calendar
from include.desk.problems import DeskProblems


@pytest.mark.parametrize("name", ["calendar.csv", "calendar.xlsx", "Calendar.yml"])
def test_the_one_that_is_there_is_it(write, name):
    assert find_calendar(write(name, "").parent).name == name


def test_two_are_named_and_one_has_to_go(write):
    write("calendar.csv", "")
    with pytest.raises(DeskProblems, match=r"calendar.csv and calendar.yml are both in .*; keep the one that counts"):
        find_calendar(write("calendar.yml", "").parent)


def test_none_says_where_it_was_looked_for(tmp_path):
    with pytest.raises(DeskProblems) as caught:
        find_calendar(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert "calendar.csv, calendar.xlsx and calendar.yml are read" in str(caught.value)
