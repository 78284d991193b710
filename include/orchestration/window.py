"""Which days a run is about. One pure function decides it, for every way in which a run can begin."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from include.domain.windows import Window


def metric_days(
    params: Mapping[str, Any], partition_key: str | None, run_after: datetime, *, repair_days: int
) -> Window:
    """The calendar days (each account reads them in its own zone) that a run of `ingest_metrics` reads.

    What was typed in (`first`, `last`) wins over the partition key, the key over the day before the run. A scheduled
    run also looks back over `repair_days` before its day, so that gaps are filled and late numbers read again; a run
    for days that were typed in, and a backfill of one key, keep to them.
    """
    if params.get("first"):
        first = date.fromisoformat(str(params["first"]))
        return Window(first, date.fromisoformat(str(params.get("last") or first)))
    last = date.fromisoformat(partition_key) if partition_key else (run_after - timedelta(days=1)).date()
    return Window(last - timedelta(days=repair_days), last)
