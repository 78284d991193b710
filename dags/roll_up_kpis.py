"""Turn readings into the week's KPIs, and the weeks before it again.

**What for.** `kpi_week` holds one row per ISO week, brand, account and KPI, in the brand's own zone. Networks restate
their numbers for days, so the last weeks are computed anew each time; only what changed is written.

**When.** Twice a day, after midnight UTC and after the nightly reading, for whoever looks at the table. The digests do
not wait for it: each computes its own week first.

**If it runs twice.** The same readings give the same rows.

**When it is red.** The warehouse is down. Clear the task; nothing is lost, every number can be computed again.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from include.orchestration import rolling
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=CronTriggerTimetable("30 0,5 * * *", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=task_defaults(DESK),
    params={
        "weeks": Param(5, type="integer", minimum=1, maximum=520, description="how many weeks back from now"),
    },
    doc_md=__doc__,
    tags=["kpis", Impact.TODAY],
)
def roll_up_kpis() -> None:
    @task
    def roll_up() -> dict[str, int]:
        """Compute each brand's weeks; gives how many rows changed."""
        return rolling.roll_up_weeks()

    roll_up()


roll_up_kpis()
