"""Ask in Airflow, beside Slack, whether an ad budget is to be changed, and carry out what is approved.

**What for.** A change that `check_budget_pacing` proposes stands in the brand's Slack channel, to be answered there by
a reaction. For whoever prefers it, the same question is here among *Required Actions*. The first answer counts; it is
kept with who and when, and set only while the platform still shows what was seen.

**When.** Started by `check_budget_pacing` when something new is proposed. It may wait for a day; it holds no worker.

**If it runs twice.** A proposal is put once. What was answered in Slack stays open here until its time runs out; that,
or a late answer, changes nothing.

**When it is red.** The warehouse or Slack is down. Clear the task; a decision that is kept already is not made again.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.orchestration import ad_asking
from include.orchestration.assets import AD_CHANGES_TO_APPROVE
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK
from include.orchestration.questions import AdChangeQuestion


@dag(
    schedule=[AD_CHANGES_TO_APPROVE],
    max_active_runs=100,  # a run waits for a day and holds no worker; new questions must not wait for old answers
    dagrun_timeout=timedelta(days=2),
    default_args=task_defaults(DESK),
    doc_md=__doc__,
    tags=["ads", Impact.TODAY],
)
def request_ad_change() -> None:
    @task
    def changes_to_ask_about() -> list[dict[str, object]]:
        """One question for each proposal that is not put here yet."""
        return ad_asking.open_questions()

    AdChangeQuestion.partial(task_id="ask", map_index_template="{{ task.question['message_key'] }}").expand(
        question=changes_to_ask_about()
    )


request_ad_change()
