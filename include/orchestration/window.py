"""Which days a run is about. One pure function decides it, for every way in which a run can begin."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from include.domain.windows import Window


def metric_days(params: Mapping[str, Any], partition_key: str | None, run_after: datetime) -> Window:
    """The calendar days, each account's own, that a run of `ingest_metrics` is about.

    What was typed in (`first`, `last`) wins over the partition key, the key over the day before the run.
    """
    if params.get("first"):
        first = date.fromisoformat(str(params["first"]))
        return Window(first, date.fromisoformat(str(params.get("last") or first)))
    day = date.fromisoformat(partition_key) if partition_key else (run_after - timedelta(days=1)).date()
    return Window(day, day)


def mends(params: Mapping[str, Any], run_type: str) -> bool:
    """Whether a run also looks back for gaps and for numbers that may still change.

    A backfill and days that were typed in keep to what was asked; every other run mends.
    """
    return not params.get("first") and run_type != "backfill"
