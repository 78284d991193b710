"""Tell each brand on Monday how its week went.

**What for.** One Slack message per brand and week, in the brand's channel: the headline, the KPIs against the week
before and the target, a chart, the posts worth a look, the week ahead, and what is missing or provisional in words.

**When.** Mondays at nine in each brand's own zone (the DAG looks every hour). By hand for any week.

**If it runs twice.** A brand's week is told once; when its numbers changed, the same message is updated in place.

**When it is red.** Slack refused (the log says why: the channel, the token), or the warehouse is down. Clear the task.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from include.orchestration import digesting
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=CronTriggerTimetable("0 * * * 0,1", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=task_defaults(DESK),
    params={
        "brands": Param("all", type="string", description="brand keys, or all"),
        "week": Param(
            None, type=["null", "string"], format="date", description="any day of the week to tell, now and at once"
        ),
    },
    doc_md=__doc__,
    tags=["digest", Impact.TODAY],
)
def send_digest() -> None:
    @task
    def tell_brands() -> dict[str, str]:
        """Build and send each digest that is due; gives what was said to whom."""
        return digesting.tell_brands()

    tell_brands()


send_digest()
