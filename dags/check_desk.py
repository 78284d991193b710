"""Look after the desk: what is late, stuck, refused, stale or without a token, told once each.

**What for.** Silence must not look like calm. This reads the ledgers and the connections and raises an alert for
each thing that a person should know, with what to do; an alert that no longer holds is closed, in place. Trouble with
posts is told in the brand's channel, all else to the people on call. A held post has a question of its own there
(`read_reactions`); the alert comes where nobody can answer that, or nobody did for an hour. Whether Airflow itself is
alive it cannot see: `python -m include.publishing.watchdog` does, from cron.

**When.** Every ten minutes. By hand after mending something, to see the alert close.

**If it runs twice.** An alert is one message per episode, however often it is seen.

**When it is red.** The warehouse or Slack is down: then nobody is being told anything, so look at once.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from include.orchestration import checking
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    default_args=task_defaults(DESK),
    doc_md=__doc__,
    tags=["operations", Impact.NOW],
)
def check_desk() -> None:
    @task
    def look() -> dict[str, int]:
        """Find what is wrong, raise and close alerts; gives how many of each kind are open."""
        return checking.check()

    look()


check_desk()
