"""Read every account's numbers of the day before, and mend what is missing.

**What for.** One DAG per network (`ingest_facebook`, `ingest_x`). A run's partition key is the metric date. It reads
that day, and the days before it that are missing or may still change, in the fewest calls that the network allows.
Raw answers are kept; a restated number keeps the value it had.

**When.** Every night at 04:00 UTC. A day late is mended by the next run; X's private numbers end after 30 days.

**If it runs twice.** Days that are final, or that another run is reading, are not fetched again; an unchanged answer
writes no row. `airflow backfill create` of a range of days works, beside the nightly run too.

**When it is red.** Every account of a batch failed (the log has a sentence for each). One account's failure is told
by `check_desk`, leaves the others alone, and its days stay *missing* until a later run reads them.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronPartitionTimetable, Param, task

from include.orchestration import ingesting
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK
from platforms import Platform, every_platform

NIGHTLY = CronPartitionTimetable("0 4 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d")


def ingest(platform: Platform) -> DAG:
    with DAG(
        dag_id=f"ingest_{platform.name}",
        schedule=NIGHTLY,
        max_active_runs=2,
        dagrun_timeout=timedelta(hours=6),
        default_args=task_defaults(platform.pool, execution_timeout=timedelta(hours=2)),
        params={
            "accounts": Param("all", type="string", description="account keys, or all"),
            "first": Param(None, type=["null", "string"], format="date", description="instead of the partition's day"),
            "last": Param(None, type=["null", "string"], format="date"),
        },
        doc_md=__doc__,
        tags=["metrics", platform.name, Impact.WEEK],
    ) as dag:

        @task(pool=DESK)
        def plan() -> list[dict[str, object]]:
            """Batches of accounts, with the days that this run is about."""
            return ingesting.nightly_batches(platform.name)

        @task(map_index_template="{{ batch_name }}")
        def read(batch: dict[str, object]) -> dict[str, object]:
            """Fetch, keep, load: each account by itself, their requests overlapping."""
            return ingesting.read_batch(batch)

        read.expand(batch=plan())
    return dag


for each in every_platform().values():
    if each.streams:
        ingest(each)
