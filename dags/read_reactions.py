"""Read in Slack what people answered, and do it: approvals, held posts, holds, posts by hand.

**What for.** A marketer answers where the question stands: ✅ or ✋ under a message, ⏸ under an alert. No address has
to be reachable from outside; the desk looks. Only those count whom `brands.yml` names with their Slack id, and only on
the message of that very text. What was decided is written into the same message, whether it was decided here, in
Airflow, by a command or in the calendar.

A post that may be out is never sent by a ✅: with its link at the network that makes it live, and ▶️ sends it.

**When.** Every minute. One task; where nothing is asked, it does not call Slack. An hour late, people wait for a while.

**If it runs twice.** An answer that is kept already changes nothing, and nothing is said twice.

**When it is red.** Slack refused: the log says which channel or which scope. Answers wait in Slack until it is mended;
meanwhile approvals can be given in Airflow.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.orchestration import answering
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule="* * * * *",
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=10),
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(DESK, retries=0, execution_timeout=timedelta(minutes=8)),  # the next run is the retry
    doc_md=__doc__,
    tags=["publishing", Impact.TODAY],
)
def read_reactions() -> None:
    @task
    def read_answers() -> dict[str, int]:
        """Say what is asked, read what was answered, act; gives counts."""
        return answering.read_answers()

    read_answers()


read_reactions()
