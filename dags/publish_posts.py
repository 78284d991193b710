"""Send every approved post once, on time.

**What for.** The heart of the desk. Each minute it claims what falls due within the next one, waits for the second
that was planned, and sends. The ledger (`publication`), not Airflow, makes a post unique: a claim has a lease and a
fence, `sending` is committed before the call, and a call whose answer never came is *unknown*, never repeated here
(`reconcile_posts` looks it up).

**When.** Every minute. Five minutes late is an incident; `check_desk`, which looks every ten minutes, tells of it.

**If it runs twice.** Nothing is sent twice, whatever is cleared, re-run or killed. Backfill is forbidden.

**When it is red.** Read the sentence in the log. Posts whose network refused them, or whose account has no valid
token, are told in Slack and do not turn this red. A post later than its brand's grace is held and asked about.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.orchestration import publishing
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import PUBLISH


@dag(
    schedule="* * * * *",
    max_active_runs=2,
    dagrun_timeout=timedelta(minutes=30),
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(PUBLISH, retries=0),  # the next minute's run is the retry
    doc_md=__doc__,
    tags=["publishing", Impact.NOW],
)
def publish_posts() -> None:
    @task
    def send_what_is_due() -> dict[str, int]:
        """Claim, wait for the second, send, settle; gives how many ended in which state."""
        return publishing.send_due()

    send_what_is_due()


publish_posts()
