"""03/11/2026: which number is the day, told by the column as a whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.desk.date_style import style_of
from include.desk.local_time import read_moment
from include.desk.problems import Unfit

DAY_FIRST, MONTH_FIRST = "23/11/2026 09:30", "11/23/2026 09:30"


def read(text: str, *others: str, delimiter: str = ",") -> str:
    style = style_of(enumerate([text, *others], start=2), delimiter)
    return read_moment(style.iso(text), "UTC").at.date().isoformat()


@pytest.mark.parametrize(
    ("text", "others", "day"),
    [
        ("03/11/2026 09:30", [DAY_FIRST], "2026-11-03"),
        ("03/11/2026 09:30", [MONTH_FIRST], "2026-03-11"),
        ("3/11/2026 09:30", ["", "2026-11-23 09:30", "soon", DAY_FIRST], "2026-11-03"),
        ("05/05/2026 09:30", [], "2026-05-05"),
        ("3.11.2026 09:30", [MONTH_FIRST], "2026-11-03"),
        ("2026-11-03 09:30", [MONTH_FIRST], "2026-11-03"),
        ("2026/11/03 09:30", [MONTH_FIRST], "2026-11-03"),
        (DAY_FIRST, [MONTH_FIRST], "2026-11-23"),
        (MONTH_FIRST, [DAY_FIRST], "2026-11-23"),
    ],
)
def test_one_date_that_can_be_read_one_way_only_tells_for_the_column(text, others, day):
    assert read(text, *others) == day


def test_semicolons_speak_for_the_day_where_no_date_does():
    assert read("03/11/2026 09:30", delimiter=";") == "2026-11-03"
    assert read("03/11/2026 09:30", MONTH_FIRST, delimiter=";") == "2026-03-11"


def test_a_date_that_nothing_tells_is_refused_with_both_readings():
    with pytest.raises(Unfit) as caught:
        read("03/11/2026 09:30", "04/11/2026 10:00")
    assert str(caught.value) == (
        "3 November or 11 March? No other date of the file tells; write it like 2026-11-03 09:30."
    )


def test_two_rows_that_contradict_each_other_are_named():
    with pytest.raises(Unfit) as caught:
        read("03/11/2026 09:30", DAY_FIRST, MONTH_FIRST)
    assert "Row 3 puts the day first, row 4 the month; write it like 2026-11-03 09:30." in str(caught.value)


@pytest.mark.parametrize("text", ["31/13/2026 09:30", "30/02/2026 09:30"])
def test_a_day_that_there_is_not_is_none_in_either_order(text):
    with pytest.raises(Unfit, match="no such day"):
        read(text, DAY_FIRST)


@given(
    days=st.lists(st.dates(date(2020, 1, 1), date(2035, 1, 1)), min_size=1), shape=st.sampled_from(["%d/%m", "%m/%d"])
)
def test_a_column_written_in_one_way_is_read_right_or_refused(days, shape):
    cells = [f"{day:{shape}/%Y} 09:30" for day in days]
    style = style_of(enumerate(cells, start=2))
    for cell, day in zip(cells, days, strict=True):
        if any(other.day > 12 for other in days) or day.day == day.month:
            assert style.iso(cell) == f"{day} 09:30"
        else:
            with pytest.raises(Unfit):
                style.iso(cell)
