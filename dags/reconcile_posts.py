"""Find out what became of the posts whose sending ended without an answer.

**What for.** A timeout or a broken connection leaves a post *unknown*: the network may have it or not. This looks for
it on the network. Found, it is live. Proven absent, after the network's own delay, it is due again. What cannot be
decided is held, and Slack asks a person.

**When.** Every five minutes. An unknown post blocks the later ones of its account, so an hour of silence is too long.

**If it runs twice.** It only looks; a second run finds less to do.

**When it is red.** The warehouse is down. An account that cannot be read does not turn it red: its posts stay unknown,
and after an hour they are held, which `check_desk` tells.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.orchestration import publishing
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import PUBLISH


@dag(
    schedule="*/5 * * * *",
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(PUBLISH),
    doc_md=__doc__,
    tags=["publishing", Impact.NOW],
)
def reconcile_posts() -> None:
    @task
    def look_up_unknown_posts() -> dict[str, int]:
        """Settle each unknown post; gives how many ended in which state."""
        return publishing.reconcile_unknown()

    look_up_unknown_posts()


reconcile_posts()
