"""What another import of the calendar does to posts that are planned already."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from include.editorial.importing import import_calendar
from include.editorial.networks import Network
from include.editorial.validation import Validation
from include.publishing import approval, plan
from include.publishing.plan import PlannedPost, known
from include.publishing.schedule import Scheduled, schedule

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
COLUMNS = ["key", "brand", "when", "accounts", "text", "link", "campaign", "recurrence", "status"]
WEEKLY = {"key": "tip", "when": "2026-11-26 09:30", "accounts": "x", "recurrence": "FREQ=WEEKLY;COUNT=3"}
ALL_THREE = ["tip-20261126:x_fjord", "tip-20261203:x_fjord", "tip-20261210:x_fjord"]
Import = Callable[..., Scheduled]


@pytest.fixture
def imports(read_rows, brands, engine) -> Import:
    """Imports a calendar into the warehouse, as `import_calendar` does."""

    def run(*rows: dict[str, str], now: datetime = NOW) -> Scheduled:
        calendar = read_rows(*rows, columns=COLUMNS, now=now)
        report = import_calendar(
            calendar, brands, Validation({"x": Network("X", lambda post, limits: [])}), now=now, known=known(engine)
        )
        planned = [
            PlannedPost(post, "fjord", report.sources[post.post_id], needs_approval=True) for post in report.posts
        ]
        return schedule(engine, planned, now=now, by="test", kept=report.kept)

    return run


def test_occurrences_are_planned_once_and_the_next_ones_as_time_goes_by(imports):
    assert imports(WEEKLY).planned == ALL_THREE
    assert imports(WEEKLY) == Scheduled()
    endless = {**WEEKLY, "recurrence": "FREQ=WEEKLY"}
    assert imports(endless, now=datetime(2026, 12, 1, tzinfo=UTC)).planned == [
        "tip-20261217:x_fjord",
        "tip-20261224:x_fjord",
        "tip-20261231:x_fjord",
    ]


def test_one_occurrence_can_be_called_off_in_two_ways(imports):
    imports(WEEKLY)
    assert imports({**WEEKLY, "recurrence": "FREQ=WEEKLY;COUNT=3 EXDATE:20261203"}).cancelled == [ALL_THREE[1]]
    off = {"key": "tip-20261210", "accounts": "x", "status": "cancelled"}
    assert imports({**WEEKLY, "recurrence": "FREQ=WEEKLY;COUNT=3 EXDATE:20261203"}, off).cancelled == [ALL_THREE[2]]


def test_a_rule_that_somebody_breaks_calls_nothing_off(imports):
    imports(WEEKLY)
    assert imports({**WEEKLY, "recurrence": "FREQ=WEEKLY;COUNT=three"}) == Scheduled()


def test_an_occurrence_of_the_past_weeks_is_not_called_off_while_it_waits(imports):
    imports(WEEKLY)
    assert imports(WEEKLY, now=datetime(2026, 12, 24, tzinfo=UTC)) == Scheduled()


def test_tags_reach_an_approved_post_without_a_new_approval(imports, engine, brands):
    row = {"key": "boat", "when": "2026-11-26 09:30", "accounts": "x", "link": "https://fjord.example.com"}
    tagging, brands[0] = brands[0], replace(brands[0], utm=False)
    imports(row)
    (before,) = plan.posts(engine, ["boat:x_fjord"]).values()
    approval.approve(engine, before.post_id, before.content_hash, by="ola", now=NOW)
    brands[0] = tagging
    done = imports(row)
    (after,) = plan.posts(engine, ["boat:x_fjord"]).values()
    assert (before.link, done.edited) == ("https://fjord.example.com", [])
    assert after.link == "https://fjord.example.com?utm_source=x&utm_medium=social&utm_content=boat%3Ax_fjord"
    with engine.connect() as connection:
        assert approval.is_approved(connection, after.post_id, after.content_hash)
