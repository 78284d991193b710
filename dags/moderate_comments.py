"""Hold new comments against the brand's rules, do what was agreed about them, and tell sales who asks for something.

**What for.** `moderation.yml` says which comments are hidden, labelled, given to somebody or answered from
`answers.yml`, and which are leads. Unless a rule says otherwise a person is asked first: in the brand's channel, to be
answered by ✅ or ✋; ↩️ takes back what was done. Leads, also those left in lead forms, go to the brand's sales channel
at once, with a receipt. Once a day the comments that wait for an answer are listed, with their age. Who wanted what,
when, and what became of it is kept for good in `moderation_action`.

**When.** Every ten minutes, five minutes after `watch_comments` began. An hour late, spam stands for an hour longer.

**If it runs twice.** A comment is judged once and again when it is edited; an answer is sent once: what may be out is
looked up, never sent on a guess; a lead is told once.

**When it is red.** The warehouse or Slack is down. A network that refuses stops its account alone: the message of the
proposal says why. A broken `moderation.yml` is told to the people on call, and nothing is judged until it is mended.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from include.orchestration import moderating
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=CronTriggerTimetable("5-59/10 * * * *", timezone="UTC"),
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(DESK),
    doc_md=__doc__,
    tags=["comments", Impact.TODAY],
)
def moderate_comments() -> None:
    @task
    def judge() -> dict[str, int]:
        """Hold new comments against the rules; gives how many, and what was proposed."""
        return moderating.judge()

    @task
    def carry_out() -> dict[str, int]:
        """Do what was decided, look up what is unknown, take back what somebody wants back."""
        return moderating.carry_out()

    @task(trigger_rule="all_done")
    def tell() -> dict[str, int]:
        """Say what is asked and done, tell leads, list what waits for an answer."""
        return moderating.tell()

    told = tell()
    judge() >> carry_out() >> told
    for platform in moderating.platforms_with_leads():

        @task(task_id=f"gather_leads_{platform.name}", pool=platform.pool if platform.streams else DESK)
        def gather_leads(platform: str) -> dict[str, int]:
            """What people left in the lead forms of a network's accounts; gives counts, and nothing of theirs."""
            return moderating.gather_leads(platform)

        gather_leads(platform.name) >> told


moderate_comments()
