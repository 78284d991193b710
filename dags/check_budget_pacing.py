"""Look at every ad budget: will the money last, and what to set today.

**What for.** Reads what ads cost (the last two days again, and what flights lack), counts it against `budgets.csv`, and
says in the brand's channel where a budget runs ahead, behind, or dry: one message per budget and episode, with a chart,
updated in place. On track is silent. On Mondays at nine in the brand's zone it shows all budgets in a table. With
`DESK_AD_CHANGES` it also proposes what to set, and looks after what was agreed.

**When.** Every hour, for each budget on the clock of its ad account. A few hours late, people act a few hours late.

**If it runs twice.** The same spend gives the same words, so nothing is said twice; a change that is proposed or set
already is not proposed or set again. Restated spend corrects the past in silence.

**When it is red.** The warehouse or Slack is down. An ad account that refuses is told by `check_desk`; its budgets are
then stale, and said to be. A broken `budgets.csv` is told to the people on call, and closed once it can be read.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from include.orchestration import ad_asking, pacing, reading_spend
from include.orchestration.assets import AD_CHANGES_TO_APPROVE
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=CronTriggerTimetable("7 * * * *", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=50),
    default_args=task_defaults(DESK),
    doc_md=__doc__,
    tags=["ads", Impact.TODAY],
)
def check_budget_pacing() -> None:
    @task(trigger_rule="all_done")
    def look() -> dict[str, int]:
        """Look at each budget, tell, and look after changes; gives how many budgets are in which state."""
        return pacing.check()

    @task(outlets=[AD_CHANGES_TO_APPROVE])
    def hand_over() -> None:
        """Let `request_ad_change` put what is proposed in Airflow, too; skipped where nothing is new."""
        ad_asking.hand_over()

    looked = look()
    looked >> hand_over()
    for platform in reading_spend.spending_platforms():

        @task(task_id=f"read_{platform.name}", pool=platform.pool)
        def read(platform: str) -> dict[str, object]:
            """Campaigns as they are set, and what they cost, of every account that a budget is spent from."""
            return pacing.read(platform)

        read(platform.name) >> looked


check_budget_pacing()
