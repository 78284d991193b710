"""Rows that come again: on the brand's clock, the whole year through."""

# ruff: noqa: DTZ001 - local times, as they are written

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from include.editorial.calendar import posts_of
from include.editorial.importing import import_calendar
from include.editorial.networks import Network
from include.editorial.recurrence import AHEAD, BEHIND, read_recurrence
from include.editorial.validation import Validation

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEKLY = {"key": "tip", "when": "2026-11-26 09:30", "accounts": "x", "recurrence": "FREQ=WEEKLY"}
COLUMNS = ["key", "brand", "when", "accounts", "text", "recurrence", "status"]
ZONES = ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Vientiane"]


@pytest.fixture
def read(read_rows):
    def rows(*given_rows, now: datetime = NOW):
        return read_rows(*given_rows, columns=COLUMNS, now=now)

    return rows


def imported(calendar, brands, *problems, known=()):
    """The report of an import, X objecting with `problems`."""
    judge = Network("X", lambda post, limits: list(problems))
    return import_calendar(calendar, brands, Validation({"x": judge}), now=NOW, known=known)


def days(calendar) -> list[str]:
    return [f"{row.key} {row.when:%m-%dT%H:%M}" for row in calendar.rows]


def test_each_occurrence_of_the_next_five_weeks_is_a_post_of_its_own(read):
    calendar = read(WEEKLY)
    assert [row.post_ids for row in calendar.rows] == [
        (f"tip-{day}:x_fjord",) for day in ("20261126", "20261203", "20261210", "20261217", "20261224")
    ]
    assert {post.text for row in calendar.rows for post in posts_of(row)} == {"Hei"}
    assert {row.number for row in calendar.rows} == {2}


def test_the_local_time_stays_when_the_clock_changes(read):
    calendar = read({**WEEKLY, "when": "2026-10-20 09:30"}, now=datetime(2026, 10, 19, tzinfo=UTC))
    assert days(calendar)[:2] == ["tip-20261020 10-20T07:30", "tip-20261027 10-27T08:30"]


def test_a_time_that_the_clock_skips_moves_that_occurrence_only_and_is_told(read):
    calendar = read({**WEEKLY, "when": "2026-03-22 02:30"}, now=datetime(2026, 3, 20, tzinfo=UTC))
    assert days(calendar)[:3] == ["tip-20260322 03-22T01:30", "tip-20260329 03-29T01:30", "tip-20260405 04-05T00:30"]
    (warning,) = calendar.warnings
    assert warning.brief() == 'recurrence "2026-03-29 02:30": the clock skips 02:30 on that day; 03:30 is taken.'


def test_several_a_day_are_told_apart_by_their_minute(read):
    rule = "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=15;COUNT=3"
    assert days(read({**WEEKLY, "recurrence": rule})) == [
        "tip-20261126-2015 11-26T19:15",
        "tip-20261127-0815 11-27T07:15",
        "tip-20261127-2015 11-27T19:15",
    ]


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("FREQ=DAILY;COUNT=3", ["26", "27", "28"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261127", ["26", "28"]),
        ("freq=daily;count=3 exdate:2026-11-27,20261128T093000", ["26"]),
        ("FREQ=DAILY;COUNT=3 EXDATE:20261127T083000Z", ["26", "28"]),
        ("FREQ=DAILY;COUNT=3 EXDATE:20261127T083000", ["26", "27", "28"]),
        ("FREQ=DAILY;COUNT=3 EXDATE;VALUE=DATE:20261126", ["27", "28"]),
        ("FREQ=DAILY;UNTIL=20261128", ["26", "27", "28"]),
        ("FREQ=DAILY;UNTIL=20261128T0900", ["26", "27"]),
        ("FREQ=DAILY;UNTIL=20261128T083000Z", ["26", "27", "28"]),
        ("FREQ=DAILY;UNTIL=20261128T082959Z", ["26", "27"]),
        ("FREQ=WEEKLY;BYDAY=SA,SU;COUNT=2", ["28", "29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=1", ["30"]),
    ],
)
def test_what_a_rule_counts_and_leaves_out(read, rule, left):
    assert [row.key[-2:] for row in read({**WEEKLY, "recurrence": rule}).rows] == left


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("every Monday", '"EVERY" is no part of a rule; write it like weekly, FREQ=WEEKLY;BYDAY=MO (on'),
        ("FREQ=HOURLY", "it does not say how often: FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY; write it like"),
        ("BYDAY=MO", "it does not say how often: FREQ is one of"),
        ("FREQ=WEEKLY;BYDYA=MO", '"BYDYA=MO" is no part of a rule; did you mean "BYDAY"?'),
        ("FREQ=WEEKLY;BYDAY=LU", "its days are MO, TU, WE, TH, FR, SA, SU); write it like weekly, FREQ="),
        ("FREQ=WEEKLY;FREQ=DAILY", "FREQ stands twice; keep one."),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL is a whole number from 1 to 10,000."),
        ("FREQ=WEEKLY;COUNT=0", "COUNT is a whole number from 1 to 10,000."),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "COUNT (how many times) and UNTIL (to which day) do not go together"),
        ("FREQ=WEEKLY;UNTIL=Christmas", '"CHRISTMAS" is no day; write it like 20261225'),
        ("FREQ=WEEKLY EXDATE:20261325", '"20261325" is no day;'),
        ("DTSTART:20261126T093000 FREQ=WEEKLY", "DTSTART: `when` is the start; write it like"),
        ("FREQ=WEEKLY RDATE:20261126", "RDATE: only RRULE and EXDATE are read;"),
        ("FREQ=WEEKLY FREQ=DAILY", "needs one rule, such as FREQ=WEEKLY;BYDAY=MO; 2 are there."),
        ("EXDATE:20261126", "needs one rule, such as FREQ=WEEKLY;BYDAY=MO; 0 are there."),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "names no day that ever comes; correct it."),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "names no day that ever comes; correct it."),
        ("FREQ=DAILY;BYHOUR=8,9,10,11;BYMINUTE=0,10,20,30", "posts in ten weeks; the desk takes 500 of one row."),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_the_remedy(read, rule, why):
    (problem,) = read({**WEEKLY, "recurrence": rule}).problems
    assert (problem.row, problem.column) == (2, "recurrence")
    assert why in problem.why


def test_a_rule_needs_a_key_and_a_time_without_an_offset(read):
    told = [p.brief() for p in read({**WEEKLY, "key": ""}, {**WEEKLY, "when": "2026-11-26 09:30 +01:00"}).problems]
    assert told == [
        "key (empty): is needed where `recurrence` is: the posts are named after it.",
        'recurrence "FREQ=WEEKLY": goes by the brand\'s own clock; leave the offset out of `when`.',
    ]


def test_a_row_of_an_occurrences_key_takes_its_place(read):
    other = {"key": "tip-20261203", "when": "2026-12-03 18:00", "text": "Today only", "accounts": "x"}
    calendar = read(WEEKLY, other)
    assert calendar.problems == ()
    assert sorted(days(calendar))[:3] == [
        "tip-20261126 11-26T08:30",
        "tip-20261203 12-03T17:00",
        "tip-20261210 12-10T08:30",
    ]


def test_a_cancelled_row_of_an_occurrences_key_calls_it_off(read):
    calendar = read(WEEKLY, {"key": "tip-20261203", "status": "cancelled", "accounts": "x"})
    assert "tip-20261203" not in {row.key for row in calendar.rows}
    assert calendar.called_off == {"tip-20261203:x_fjord"}


def test_a_cancelled_rule_calls_all_of_them_off(read):
    calendar = read({**WEEKLY, "status": "cancelled"})
    assert calendar.rows == ()
    assert len(calendar.called_off) == 5


def test_an_occurrence_stays_in_the_plan_for_five_weeks_after_its_time(read, brands):
    calendar = read({**WEEKLY, "when": "2026-01-01 09:30"})
    assert len(calendar.rows) == 10
    report = imported(calendar, brands, known={"tip-20261119:x_fjord"})
    assert [post.post_id.partition(":")[0][-4:] for post in report.posts] == [
        "1119",
        "1126",
        "1203",
        "1210",
        "1217",
        "1224",
    ]
    assert (report.past, report.rows_ready) == ((), 1)


def test_a_rule_that_cannot_be_read_keeps_what_was_planned_of_it(read, brands):
    known = {"tip-20261126:x_fjord", "tip-20261203-0930:x_fjord", "tip-top:x_fjord", "tip-20261126-x:x_fjord"}
    report = imported(read({**WEEKLY, "recurrence": "weakly"}), brands, known=known)
    assert report.kept == ("tip-20261126:x_fjord", "tip-20261203-0930:x_fjord")


def test_what_a_network_objects_to_is_told_once_for_all_occurrences(read, brands):
    report = imported(read(WEEKLY), brands, "too long.")
    assert [str(fix) for fix in report.fixes] == ["Row 2 · Fjord & Fell · X: too long."]


RULES = st.one_of(
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,MO,SA", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=MO"]),
    st.sampled_from(
        ["FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYMONTHDAY=1,15,31", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1"]
    ),
    st.sampled_from(["FREQ=YEARLY;BYMONTH=3,4,10,11;BYDAY=SU", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30"]),
)
STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(lambda d: d.replace(second=0, microsecond=0))
SMALL_HOURS = st.builds(
    lambda day, minutes: day.replace(hour=0, minute=0) + timedelta(minutes=minutes), STARTS, st.integers(0, 240)
)


@given(
    rule=RULES,
    bound=st.one_of(
        st.just(""), st.integers(1, 60).map(";COUNT={}".format), STARTS.map("; UNTIL={:%Y%m%dT%H%M%S}".format)
    ),
    start=st.one_of(STARTS, SMALL_HOURS),
    zone=st.sampled_from(ZONES),
    ahead=st.integers(-40, 500),
)
def test_occurrences_are_dateutils_on_the_local_clock_each_once_and_at_that_local_time(rule, bound, start, zone, ahead):
    whole = (rule + bound).replace(" ", "")
    now = (start + timedelta(days=ahead)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = read_recurrence(whole, zone).occurrences(start, now)

    here = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    expected = list(rrulestr(whole, dtstart=start).between(here - BEHIND, here + AHEAD, inc=True))
    assert [turn.wall for turn in found] == expected
    assert len({turn.ending for turn in found}) == len(found)
    for turn in found:
        local = turn.moment.at.astimezone(ZoneInfo(zone))
        jumped = local.replace(tzinfo=None) - turn.wall
        assert local.fold == 0
        assert jumped == timedelta() or ("skips" in turn.moment.note and timedelta() < jumped <= timedelta(hours=1))
