"""Read the editorial calendar, check it, and plan what is right in it.

**What for.** Marketers edit `calendar.csv`; this makes posts of its rows, checks each against its network's limits and
daily caps, its brand's rules and what its media hold, and plans those that pass. Rows that do not are told in Slack, by
number, with what to change, and a copy of the calendar with each row's problem lies in the thread. Nothing is
truncated, nothing is sent from here, and nothing waits: texts that need an approval are handed to `request_approval`.
The result is kept in `calendar_import` and `calendar_finding`.

**When.** Every 15 minutes, and by hand after an edit. Half an hour late hurts nobody whose post is due later.

**If it runs twice.** The same file changes nothing and says nothing. An edited text replaces the old one and needs a
new approval; a row that is gone cancels what was not yet sent.

**When it is red.** The file cannot be read at all (the message names file, row and column), or the warehouse is down.
What was planned before stays planned. Mend the file and clear the task. A file that lacks more than half of the plan to
come is refused too, until a later import finds it the same. `tell` alone is red when Slack refused.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.orchestration import planning
from include.orchestration.assets import TEXTS_TO_APPROVE
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule="*/15 * * * *",
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    default_args=task_defaults(DESK),
    doc_md=__doc__,
    tags=["publishing", Impact.TODAY],
)
def import_calendar() -> None:
    @task
    def plan() -> dict[str, int]:
        """Read, check and plan; gives counts."""
        return planning.plan_calendar()

    @task
    def tell(news: list[dict[str, object]]) -> None:
        """Say in Slack what has to be mended and what changed; approvals do not wait for it."""
        planning.tell_news(news)

    @task.short_circuit
    def is_approval_needed(planned: dict[str, int]) -> bool:
        """Whether there is a text that an approver is to be asked about."""
        return planned["to_ask"] > 0

    @task(outlets=[TEXTS_TO_APPROVE])
    def hand_over() -> None:
        """Nothing to do but to succeed: that starts request_approval."""

    planned = plan()
    tell(planned["news"])
    is_approval_needed(planned) >> hand_over()


import_calendar()
