"""Read a stretch of the past, by hand: accounts, streams, from, to.

**What for.** History for a new account, or days that were lost. It asks for whole ranges where a network allows it
(90 days of a Facebook page in three calls), so it is far cheaper than a nightly run for every day.

**When.** By hand. With `dry_run` it only says what it would do: days, calls, and what can no longer be had.

**If it runs twice.** Days that are known are not read again; a stopped backfill goes on where it was. It runs beside
the nightly DAGs and Airflow's own backfill, and none of them fetches the same day at the same time.

**When it is red.** Every account of a batch failed; the log has a sentence for each. Clear the task to go on.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from include.orchestration import ingesting
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import BACKFILL


@dag(
    schedule=None,
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=24),
    default_args=task_defaults(BACKFILL, execution_timeout=timedelta(hours=6)),
    params={
        "first": Param(type="string", format="date", description="the first day"),
        "last": Param(type="string", format="date", description="the last day"),
        "accounts": Param("all", type="string", description="account keys such as facebook_bottega_aurora, or all"),
        "streams": Param("all", type="string", description="account_day, posts, or all"),
        "dry_run": Param(False, type="boolean", description="only say what would be read"),
    },
    doc_md=__doc__,
    tags=["metrics", Impact.WEEK],
)
def backfill_metrics() -> None:
    @task
    def plan() -> list[dict[str, object]]:
        """Say what will be read in how many calls; batches of one network's accounts each."""
        return ingesting.backfill_batches()

    @task(map_index_template="{{ batch_name }}")
    def read(batch: dict[str, object]) -> dict[str, object]:
        """Fetch, keep, load."""
        return ingesting.read_batch(batch)

    read.expand(batch=plan())


backfill_metrics()
