"""The work of `roll_up_kpis`."""

import logging
from datetime import UTC, datetime

from airflow.sdk import get_current_context

from include.orchestration import doors

log = logging.getLogger(__name__)


def roll_up_weeks() -> dict[str, int]:
    """Compute the last weeks of every brand, the one under way included; gives how many rows changed."""
    from include.kpis.roll_up import roll_up_weeks
    from include.kpis.week import week_of

    engine, now = doors.warehouse(), datetime.now(UTC)
    weeks = int(get_current_context()["params"]["weeks"])
    rows = 0
    for brand in doors.brands():
        last, heard = week_of(now, brand.timezone), doors.heard(brand)
        written = roll_up_weeks(engine, [doors.measured(brand)], last, weeks, now, heard)
        log.info("%s: %d rows of %d weeks changed", brand.title, written, weeks)
        rows += written
    return {"rows": rows}
