"""Which days a run is about, for every way in which Airflow can begin one."""

from datetime import UTC, date, datetime

import pytest
from airflow.sdk.api.datamodels._generated import DagRunType as TaskDagRunType
from airflow.utils.types import DagRunType

from include.domain import Window
from include.orchestration.window import mends, metric_days

NIGHT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("params", "key", "days"),
    [
        pytest.param({}, "2026-11-22", Window(DAY, DAY), id="the night's partition is the day before"),
        pytest.param(
            {"first": None}, "2026-11-10", Window(date(2026, 11, 10), date(2026, 11, 10)), id="a backfilled day"
        ),
        pytest.param({}, None, Window(DAY, DAY), id="by hand without a key: yesterday"),
        pytest.param(
            {"first": "2026-11-01"}, "2026-11-22", Window(date(2026, 11, 1), date(2026, 11, 1)), id="one typed day"
        ),
        pytest.param(
            {"first": "2026-11-01", "last": "2026-11-05"},
            None,
            Window(date(2026, 11, 1), date(2026, 11, 5)),
            id="a typed range",
        ),
    ],
)
def test_the_days_of_a_run(params: dict[str, object], key: str | None, days: Window) -> None:
    assert metric_days(params, key, NIGHT) == days


def test_a_range_that_ends_before_it_begins_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        metric_days({"first": "2026-11-05", "last": "2026-11-01"}, None, NIGHT)


def test_only_a_night_or_a_plain_run_by_hand_mends_the_past() -> None:
    assert mends({}, "scheduled")
    assert mends({}, "manual")
    assert not mends({}, "backfill")
    assert not mends({"first": "2026-11-01"}, "manual")


@pytest.mark.parametrize(
    ("run_type", "looks_back"),
    [(DagRunType.SCHEDULED, True), (DagRunType.MANUAL, True), (DagRunType.BACKFILL_JOB, False)],
)
def test_airflows_own_names_of_runs_are_understood(run_type: DagRunType, looks_back: bool) -> None:
    in_a_task = TaskDagRunType(run_type.value)
    assert [mends({}, run_type), mends({}, in_a_task), mends({}, in_a_task.value)] == [looks_back] * 3
