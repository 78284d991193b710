"""Rows out of answers: put together, and refused where they cannot be true."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import permutations

from include.domain import AccountDay, PostSnapshot, RawResponse, Record, RemotePost, Window
from include.ingestion.checking import Checks
from include.ingestion.reading import Reading

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Given:
    """Reads to the records that were given, one answer for each list."""

    def __init__(self, *answers: list[Record]) -> None:
        self.answers = iter(answers)
        self.responses = [RawResponse("a", "s", {}, b"", NOON) for _ in answers]

    def read(self, response: RawResponse) -> Iterator[Record]:
        yield from next(self.answers)


def rows(*answers: list[Record]) -> Reading:
    given, reading = Given(*answers), Reading(Checks("a", Window(DAY, DAY)))
    for response in given.responses:
        reading.take(given, response)
    return reading


def test_a_day_that_comes_in_three_answers_is_one_row_in_any_order() -> None:
    parts = [
        [AccountDay("a", DAY, "day", followers=10, extra={"one": 1})],
        [AccountDay("a", DAY, "day", reach=0)],
        [AccountDay("a", DAY, "day", views=7, extra={"two": 2})],
    ]
    whole = AccountDay("a", DAY, "day", followers=10, reach=0, views=7, extra={"one": 1, "two": 2})
    for order in permutations(parts):
        assert list(rows(*order).account_days.values()) == [whole]


def test_periods_of_one_day_are_rows_of_their_own() -> None:
    reading = rows([AccountDay("a", DAY, "day", reach=5), AccountDay("a", DAY, "week", reach=9)])
    assert reading.rows_by_day == {DAY: 2}


def test_the_counters_of_a_post_outside_the_window_go_with_it() -> None:
    early = RemotePost("a", "p", datetime(2026, 11, 19, 23, 59, tzinfo=UTC), "text", "", "")
    reading = rows([early, PostSnapshot("a", "p", DAY, reactions=1)])
    assert (reading.posts, reading.snapshots) == ({}, {})
    assert reading.reasons == [
        "post p of 2026-11-19 is outside 2026-11-20",
        "counters of post p, which is outside 2026-11-20",
    ]


def test_another_accounts_row_is_refused() -> None:
    assert rows([AccountDay("b", DAY, "day", 1)]).reasons == ["a row of b in an answer for a"]


def test_the_reason_names_three_and_counts_the_rest() -> None:
    wrong = [PostSnapshot("a", f"p{n}", DAY, shares=-1) for n in range(5)]
    assert rows(wrong).reason == (
        "5 rows refused: post p0: shares is -1; post p1: shares is -1; post p2: shares is -1 and 2 more."
    )
