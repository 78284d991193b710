"""Which days are read, and in how few calls."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain import Stream, Window
from include.ingestion.windows import KnownDay, answered, look_back, plan, settled, today_for, with_today

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def stream(**rules: object) -> Stream:
    return Stream(**{"name": "account_day", "most_days": 30, "source": "", "checked_on": "2026-11-23"} | rules)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def read_at(days: int, status: str = "provisional") -> KnownDay:
    return KnownDay(status, NOW - timedelta(days=days))


def read(stream: Stream, known: dict[date, KnownDay], first: int, last: int = 0) -> list[int]:
    """The ages of the days that would be read, of those `first` to `last` days ago."""
    todo = plan(stream, known, Window(ago(first), ago(last)), today=TODAY, now=NOW)
    return [(TODAY - day).days for day in todo.read]


def test_a_day_never_read_is_read() -> None:
    assert read(stream(), {}, 2) == [2, 1, 0]


def test_days_to_come_are_not_planned() -> None:
    todo = plan(stream(), {}, Window(TODAY, TODAY + timedelta(days=3)), today=TODAY, now=NOW)
    assert todo.read == (TODAY,)


def test_a_final_day_is_left_alone() -> None:
    assert read(stream(), {ago(1): KnownDay("final", NOW - timedelta(days=1))}, 2) == [2, 0]


def test_a_day_that_may_still_change_is_read_again_and_once_more_after_it_settled() -> None:
    restated = stream(restates_days=2)
    assert read(restated, {ago(n): read_at(1) for n in range(5)}, 4) == [4, 3, 2, 1, 0]
    assert [settled(restated, ago(n), TODAY) for n in (4, 3, 2, 1, 0)] == [True, True, False, False, False]


def test_a_day_read_within_the_hour_is_not_read_again() -> None:
    assert read(stream(), {ago(1): KnownDay("provisional", NOW - timedelta(minutes=59))}, 1, 1) == []
    assert read(stream(), {ago(1): KnownDay("provisional", NOW - timedelta(minutes=61))}, 1, 1) == [1]


def test_a_failed_day_waits_for_its_time() -> None:
    early = {ago(1): KnownDay("failed", None, NOW + timedelta(minutes=1))}
    assert plan(stream(), early, Window(ago(1), ago(1)), today=TODAY, now=NOW).wait == (ago(1),)
    assert read(stream(), {ago(1): KnownDay("failed", None, NOW - timedelta(minutes=1))}, 1, 1) == [1]


def test_yesterday_of_a_snapshot_stream_is_lost_unless_it_was_read() -> None:
    todo = plan(stream(snapshot=True), {ago(1): read_at(1)}, Window(ago(2), TODAY), today=TODAY, now=NOW)
    assert (todo.lost, todo.final, todo.read) == ((ago(2),), (ago(1),), (TODAY,))


def test_a_run_about_yesterday_reads_todays_snapshot_and_a_run_about_last_month_does_not() -> None:
    assert with_today(stream(snapshot=True), Window(ago(3), ago(1)), TODAY).last == TODAY
    assert with_today(stream(snapshot=True), Window(ago(30), ago(20)), TODAY).last == ago(20)
    assert with_today(stream(), Window(ago(3), ago(1)), TODAY).last == ago(1)


def test_beyond_the_retention_what_is_not_known_is_lost_and_what_is_known_stands() -> None:
    todo = plan(stream(retention_days=10), {ago(12): read_at(9)}, Window(ago(12), ago(10)), today=TODAY, now=NOW)
    assert (todo.lost, todo.final, todo.read) == ((ago(11),), (ago(12),), (ago(10),))


def test_a_night_looks_back_as_far_as_a_figure_may_change() -> None:
    assert look_back(stream(restates_days=3), 35) == 35
    assert look_back(stream(refresh_after=((7, 1), (365, 30))), 35) == 366
    assert look_back(stream(snapshot=True), 35) == 0


def test_old_posts_are_read_again_ever_more_rarely() -> None:
    """Over 200 nights, a post published today is read daily for a week, then every third night, then weekly."""
    decay = stream(name="posts", refresh_after=((7, 1), (28, 3), (90, 7)))
    known = KnownDay()
    nights = []
    for night in range(200):
        now, today = NOW + timedelta(days=night), TODAY + timedelta(days=night)
        if plan(decay, {TODAY: known}, Window(TODAY, TODAY), today=today, now=now).read:
            nights.append(night)
            known = KnownDay("final" if settled(decay, TODAY, today) else "provisional", now)
    assert nights[:8] == [0, 1, 2, 3, 4, 5, 6, 7]
    gaps = [later - earlier for earlier, later in pairwise(nights)]
    assert max(gap for night, gap in zip(nights, gaps, strict=False) if night < 28) <= 3
    assert max(gaps) <= 7
    assert nights[-1] == 91
    assert len(nights) == 8 + 7 + 9 + 1  # 22 and 63 nights at a third and a seventh, and the last word


def test_old_days_are_refreshed_on_common_nights_so_that_most_nights_cost_one_call() -> None:
    decay = stream(name="posts", most_days=30, refresh_after=((7, 1), (28, 3), (90, 7)))
    known = {ago(n): KnownDay() for n in range(-60, 91)}
    calls = []
    for night in range(42):
        now, today = NOW + timedelta(days=night), TODAY + timedelta(days=night)
        todo = plan(decay, known, Window(today - timedelta(days=90), today), today=today, now=now)
        known |= {day: KnownDay("final" if settled(decay, day, today) else "provisional", now) for day in todo.read}
        calls.append(len(todo.windows))
    assert calls[0] == 4
    assert sum(count == 1 for count in calls) >= 30
    assert sum(calls) <= 42 + 6 * 3 + 3


@pytest.mark.parametrize(("zone", "day"), [("America/Los_Angeles", 22), ("UTC", 23), ("Asia/Vientiane", 23)])
def test_today_is_the_platforms_day(zone: str, day: int) -> None:
    assert today_for(stream(), zone, NOW) == date(2026, 11, day)
    assert today_for(stream(refresh_after=((7, 1),)), zone, NOW) == TODAY


streams = st.builds(
    stream,
    most_days=st.integers(1, 12),
    restates_days=st.integers(0, 5),
    retention_days=st.none() | st.integers(3, 30),
    snapshot=st.booleans(),
    refresh_after=st.sampled_from([(), ((3, 1), (9, 3))]),
)
known_days = st.dictionaries(
    st.integers(0, 20).map(ago),
    st.builds(
        KnownDay,
        st.sampled_from(["missing", "provisional", "final", "failed", "lost"]),
        st.none() | st.integers(0, 20).map(lambda n: NOW - timedelta(days=n)),
        st.none() | st.integers(-2, 2).map(lambda n: NOW + timedelta(hours=n)),
    ),
)


@given(streams, known_days)
def test_every_day_has_one_verdict_and_every_day_to_read_is_in_a_window(
    one: Stream, known: dict[date, KnownDay]
) -> None:
    wanted = Window(ago(20), ago(-3))
    todo = plan(one, known, wanted, today=TODAY, now=NOW)
    assert sorted(todo.read + todo.wait + todo.final + todo.lost) == [day for day in wanted.days() if day <= TODAY]
    assert all(len(window) <= one.most_days for window in todo.windows)
    assert all(sum(day in window for window in todo.windows) == 1 for day in todo.read)
    assert all(answered(one, day, TODAY) for window in todo.windows for day in window.days())


@given(streams, known_days)
def test_what_was_never_read_and_can_be_is_never_given_up(one: Stream, known: dict[date, KnownDay]) -> None:
    todo = plan(one, known, Window(ago(20), TODAY), today=TODAY, now=NOW)
    for day in todo.lost + todo.final:
        assert known.get(day, KnownDay()).status in ("final", "lost") or not answered(one, day, TODAY)


@given(st.sets(st.integers(0, 11), min_size=1, max_size=7), st.integers(1, 6))
def test_no_plan_with_fewer_calls_exists(ages: set[int], most_days: int) -> None:
    known = {ago(n): KnownDay("final", NOW - timedelta(days=1)) for n in range(12) if n not in ages}
    todo = plan(stream(most_days=most_days), known, Window(ago(11), TODAY), today=TODAY, now=NOW)
    assert len(todo.windows) == fewest(sorted(ages), most_days)


def fewest(days: list[int], most_days: int) -> int:
    """By trying: the least number of windows, each beginning at one of the days, that hold them all."""
    for count in range(1, len(days) + 1):
        for starts in combinations(days, count):
            if all(any(start <= day < start + most_days for start in starts) for day in days):
                return count
    raise AssertionError
