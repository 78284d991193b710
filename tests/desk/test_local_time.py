"""Local times: as people write them, and on the two days on which the clock jumps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.desk.local_time import local_text, read_moment
from include.desk.problems import Unfit

ZONES = ["Europe/Rome", "Asia/Vientiane", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-11-23 09:30", "Europe/Rome", "2026-11-23T08:30"),
        ("2026-11-23T09:30:05", "Europe/Rome", "2026-11-23T08:30:05"),
        ("23/11/2026 9:30", "Asia/Vientiane", "2026-11-23T02:30"),
        ("23/11/2026 9.30.05", "Europe/Rome", "2026-11-23T08:30:05"),
        ("2026/11/23 09:30", "Europe/Rome", "2026-11-23T08:30"),
        ("3.7.2026 09:30", "Europe/Rome", "2026-07-03T07:30"),
        ("2026-10-25 02:30 +01:00", "Europe/Rome", "2026-10-25T01:30"),
    ],
)
def test_a_local_time_is_one_moment(text, zone, utc):
    moment = read_moment(text, zone)
    assert moment.at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.note == ""


def test_a_time_that_the_clock_skips_moves_forward_by_the_gap():
    moment = read_moment("2026-03-29 02:30", "Europe/Rome")
    assert moment.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert moment.note == "the clock skips 02:30 on that day; 03:30 is taken."


def test_a_gap_of_half_an_hour_moves_by_half_an_hour():
    moment = read_moment("2026-10-04 02:10", "Australia/Lord_Howe")
    assert moment.note == "the clock skips 02:10 on that day; 02:40 is taken."


def test_a_time_that_the_clock_shows_twice_means_the_first():
    moment = read_moment("2026-10-25 02:30", "Europe/Rome")
    assert moment.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment.note == (
        "the clock shows 02:30 twice on that day; the first is taken (with +01:00 behind it, the second)."
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is needed; write it like 2026-11-23 09:30 or 23/11/2026 09:30."),
        ("03/11", "no year or time; write it like 2026-11-23 09:30 or 23/11/2026 09:30."),
        ("03/11 09:30", "no year; write it like 2026-11-23 09:30 or 23/11/2026 09:30."),
        ("03/11/2026", "no time; write 03/11/2026 09:30."),
        ("2026-11-03", "no time; write 2026-11-03 09:30."),
        ("11/23/2026 09:30", "the day comes before the month; write 23/11/2026."),
        ("2026-02-29 09:30", "there is no such day in the calendar."),
        ("2026-11-23 24:10", "there is no such time of day; hours go from 00 to 23, minutes and seconds to 59."),
        ("2026-11-23 09:30 +05:00", "Europe/Rome is not +05:00 at that time; leave the offset out"),
        ("tomorrow", "not a time that can be read; write it like 2026-11-23 09:30 or 23/11/2026 09:30."),
        ("2026-11-23 9:30 PM", "not a time that can be read;"),
        ("start+90s", "counts from a start;"),
    ],
)
def test_what_is_missing_is_said(text, why):
    with pytest.raises(Unfit) as caught:
        read_moment(text, "Europe/Rome")
    assert str(caught.value).startswith(why)


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC)),  # noqa: DTZ001 - hypothesis draws naive ones
    zone=st.sampled_from(ZONES),
)
def test_every_moment_can_be_written_down_and_read_back(moment, zone):
    assert read_moment(local_text(moment, zone), zone).at == moment


@pytest.mark.parametrize("minutes", range(0, 180, 10))
def test_the_hour_that_comes_twice_can_be_written_down_and_read_back(minutes):
    moment = datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=minutes)
    assert read_moment(local_text(moment, "Europe/Rome"), "Europe/Rome").at == moment
