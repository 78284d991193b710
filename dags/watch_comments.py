"""Hear what people write under our posts, judge it, and tell the right people once when it turns against us.

**What for.** Reads new comments and replies on every account that listens, under sponsored posts too; the last 28 days
at first, so that the desk knows what is usual. Each is scored in its own language, offline. When an account, a post or
a brand has far more negative comments than usual, and a larger share of them, its brand's channel is told in one
message: how many, where, what they say, who is on duty, what to do. It is updated while it lasts. What stays below
that is listed once a day. `silences.yml` keeps expected ones quiet, `rota.yml` names who answers.

**When.** Every ten minutes, so that a comment is in Slack within fifteen. An hour late, people hear of it an hour late;
no comment is lost. Authors are kept as hashes only, texts for DESK_COMMENT_DAYS.

**If it runs twice.** An unchanged comment writes nothing; an episode has one message, however often it is seen.

**When it is red.** The warehouse or Slack is down. An account that cannot be read stops alone; once that has lasted an
hour, `check_desk` tells.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from include.orchestration import spikes, watching
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import LISTEN


@dag(
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=50),
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(LISTEN),
    params={"accounts": Param("all", type="string", description="account keys, or all")},
    doc_md=__doc__,
    tags=["comments", Impact.TODAY],
)
def watch_comments() -> None:
    @task
    def plan() -> list[dict[str, object]]:
        """The accounts that listen, in batches."""
        return watching.batches()

    @task(map_index_template="{{ batch_name }}")
    def hear(batch: dict[str, object]) -> dict[str, int]:
        """Read what is new, each account by itself, their requests overlapping; gives counts."""
        return watching.hear(batch)

    @task(trigger_rule="all_done")
    def tell() -> dict[str, int]:
        """Score what is new, look for spikes, tell of them; gives counts."""
        return spikes.judge_and_tell()

    hear.expand(batch=plan()) >> tell()


watch_comments()
