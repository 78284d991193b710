"""Ad days on their way in: what may not be loaded lies aside with its reason, the rest is loaded, once."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from include.domain import Account, AdDay, AdEntity, RawResponse, Record, Stream, Window
from include.ingestion.ingest import ingest
from include.ingestion.outcomes import Ingested

KEY = "meta_ads_aurora"
DAY, NEXT = date(2026, 11, 20), date(2026, 11, 21)
STREAM = Stream("ad_day", most_days=90, source="", checked_on="2026-11-24", restates_days=28)
Rows = Callable[[str], list[tuple[Any, ...]]]


def ad_day(campaign: str, day: date = DAY, **more: Any) -> AdDay:
    known = {"spend": Decimal("12.30"), "impressions": 100, "clicks": 7}
    return AdDay(KEY, day, "campaign", campaign, "7d_click", more.pop("currency", "EUR"), **{**known, **more})


class Pages:
    """Answers with the pages that were given; the account itself tells its currency."""

    def __init__(self, *pages: list[AdDay]) -> None:
        self.pages = pages

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        for number in range(len(self.pages)):
            yield RawResponse(KEY, stream, {"page": number}, f"{number}".encode(), datetime(2026, 11, 24, tzinfo=UTC))

    def read(self, response: RawResponse) -> Iterator[Record]:
        if response.stream == "ad_entities":
            yield AdEntity(KEY, "act_1", "account", "Aurora", "ACTIVE", "ACTIVE", currency="EUR")
        else:
            yield from self.pages[int(response.body)]


@pytest.fixture
def night(engine: Engine) -> Callable[..., Ingested]:
    hours = iter(range(24))

    def read(*pages: list[AdDay], stream: Stream = STREAM, source: Pages | None = None) -> Ingested:
        now = datetime(2026, 11, 22, next(hours), tzinfo=UTC)
        account, days = Account("meta_ads", "aurora", "aurora"), Window(DAY, NEXT)
        return ingest(engine, source or Pages(*pages), account, stream, days, by="x", today=NEXT, clock=lambda: now)

    return read


def test_rows_of_several_answers_are_loaded_together_and_the_second_time_nothing_is_written(
    night: Callable[..., Ingested], rows: Rows
) -> None:
    told = night([ad_day("1"), ad_day("2")], [ad_day("1", NEXT)])
    assert (told.rows_written, told.days, told.problems) == (3, 2, ())
    told = night([ad_day("1"), ad_day("2")], [ad_day("1", NEXT)])
    assert (told.rows_written, told.restated, told.unchanged) == (0, 0, 3)
    told = night([ad_day("1", clicks=9), ad_day("2")], [ad_day("1", NEXT)])
    assert (told.rows_written, told.restated, told.unchanged) == (0, 1, 2)
    assert rows("SELECT before FROM desk.ad_day_history") == [({"clicks": 7},)]
    assert rows("SELECT count(*)::int FROM desk.raw_response") == [(6,)]
    assert rows("SELECT metric_date, rows::int FROM desk.ingest_window ORDER BY 1") == [(DAY, 2), (NEXT, 1)]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ([ad_day("9", clicks=-1)], "9 on 2026-11-20: clicks is -1"),
        ([ad_day("9", date(2026, 12, 24))], "9 on 2026-12-24 is outside 2026-11-20..2026-11-21"),
        ([ad_day("9", currency="USD")], "9 on 2026-11-20: USD where the account has EUR"),
        ([ad_day("9"), ad_day("9", clicks=8)], "2026-11-20: two rows of one key that say different things"),
    ],
    ids=["negative counter", "day outside the window", "another currency", "duplicate key"],
)
def test_a_wrong_row_lies_aside_with_its_reason_and_the_rest_is_loaded(
    night: Callable[..., Ingested], rows: Rows, wrong: list[AdDay], reason: str
) -> None:
    night([], stream=Stream("ad_entities", most_days=9, source="", checked_on="2026-11-24"))
    for _ in range(2):
        told = night([ad_day("1"), *wrong], [ad_day("2")])
        assert told.days == 2
        assert f"{len(wrong)} rows refused: {reason}" in told.problems[0]
    assert rows("SELECT entity_id FROM desk.ad_day ORDER BY 1") == [("1",), ("2",)]
    aside = "SELECT DISTINCT account, stream, fact, reason, seen_at > first_seen_at - interval '9 years' FROM desk."
    assert rows(f"{aside}quarantined_row") == [(KEY, "ad_day", "AdDay", reason, True)]
    assert rows("SELECT count(*)::int FROM desk.quarantined_row") == [(len(wrong),)]
    assert {row[3] for (row,) in rows("SELECT row FROM desk.quarantined_row")} == {"9"}


def test_money_that_is_given_back_is_no_wrong_row(night: Callable[..., Ingested], rows: Rows) -> None:
    assert not night([ad_day("1", spend=Decimal("-3.20"))]).problems
    assert rows("SELECT spend FROM desk.ad_day") == [(Decimal("-3.20"),)]


def test_a_row_that_comes_twice_and_says_the_same_is_one_row(night: Callable[..., Ingested], rows: Rows) -> None:
    for _ in range(2):
        assert not night([ad_day("1")], [ad_day("1"), ad_day("2")]).problems
    assert rows("SELECT count(*)::int FROM desk.ad_day") == [(2,)]
    assert rows("SELECT count(*)::int FROM desk.ad_day_history") == [(0,)]


def test_a_known_row_that_comes_twice_with_two_values_keeps_what_it_said(
    night: Callable[..., Ingested], rows: Rows
) -> None:
    night([ad_day("1"), ad_day("2")])
    told = night([ad_day("1", clicks=8), ad_day("1", clicks=9), ad_day("2", clicks=1)])
    assert "2 rows refused" in told.problems[0]
    assert rows("SELECT entity_id, clicks::int FROM desk.ad_day ORDER BY 1") == [("1", 7), ("2", 1)]


def test_what_the_platform_no_longer_tells_goes_into_the_history(night: Callable[..., Ingested], rows: Rows) -> None:
    night([ad_day("1"), ad_day("2"), ad_day("2", NEXT)])
    night([ad_day("1"), ad_day("3"), ad_day("2", NEXT)])
    assert rows("SELECT entity_id, metric_date FROM desk.ad_day ORDER BY 1, 2") == [("1", DAY), ("2", NEXT), ("3", DAY)]
    (before,) = rows("SELECT before FROM desk.ad_day_history")
    assert (before[0]["gone"], before[0]["clicks"], before[0]["spend"]) == (True, 7, 12.3)


def test_where_a_row_was_set_aside_nothing_goes(night: Callable[..., Ingested], rows: Rows) -> None:
    night([ad_day("1"), ad_day("2")])
    night([ad_day("1"), ad_day("2", clicks=-1)])
    assert rows("SELECT entity_id, clicks::int FROM desk.ad_day ORDER BY 1") == [("1", 7), ("2", 7)]


def test_a_character_that_cannot_be_stored_costs_nothing_but_itself(night: Callable[..., Ingested], rows: Rows) -> None:
    broken = Pages([ad_day("1", extra={"name": "a\x00b\ud83d"})])
    broken.fetch = lambda stream, window: iter(  # type: ignore[method-assign]
        [RawResponse(KEY, stream, {}, b'0 "\\u0000"', datetime(2026, 11, 24, tzinfo=UTC))]
    )
    broken.read = lambda response: iter(broken.pages[0])  # type: ignore[method-assign]
    told = night(source=broken)
    assert (told.rows_written, told.problems) == (1, ())
    assert rows("SELECT extra FROM desk.ad_day") == [({"name": "a\ufffdb\ufffd"},)]


def test_an_answer_that_cannot_be_loaded_is_kept_and_its_days_fail_in_words(
    night: Callable[..., Ingested], rows: Rows
) -> None:
    told = night([ad_day("1", clicks=2**70)])
    assert "is kept: mend the reading" in told.problems[0]
    assert rows("SELECT count(*)::int FROM desk.raw_response") == [(1,)]
    assert rows("SELECT DISTINCT status FROM desk.ingest_window") == [("failed",)]
