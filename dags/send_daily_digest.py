"""List each brand's negative comments of yesterday that no alert was about, so that none is lost.

**What for.** A spike has a message of its own (`watch_comments`). What stays below it, one complaint here and one
there, is listed once a day in the brand's channel, each with its link, the clearest first; long lists go on in the
thread. With it: how many comments could not be judged, and where many came in the usual tone.

**When.** At nine in each brand's zone, so it runs every hour. A few hours late, people answer a few hours late.

**If it runs twice.** A day is told once. A day without a complaint is passed over in silence.

**When it is red.** The warehouse or Slack is down; the next run tells what is not told yet, as long as it is that day.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from include.orchestration import complaints
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=CronTriggerTimetable("12 * * * *", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(DESK),
    params={
        "brands": Param("all", type="string", description="brand keys, or all"),
        "day": Param(None, type=["null", "string"], format="date", description="instead of yesterday; at any hour"),
    },
    doc_md=__doc__,
    tags=["comments", Impact.WEEK],
)
def send_daily_digest() -> None:
    @task
    def tell_brands() -> dict[str, int]:
        """List each brand's complaints of the day; gives how many."""
        return complaints.tell_brands()

    tell_brands()


send_daily_digest()
