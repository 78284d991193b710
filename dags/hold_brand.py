"""Hold a brand or an account, or let it go on, by hand: while it is on hold, nothing of it goes out.

**What for.** A complaint wave, a wrong price, a death in the news. In Slack ⏸ under an alert does the same; this is for
when there is no alert, or no Slack. Who and why is kept and told in the brand's channel.

**When.** By hand. From the moment it has run, nothing that is not being sent already goes out.

**If it runs twice.** What is on hold already stays as it is; who held it first, and why, stands.

**When it is red.** The name is no brand or account of the desk (the log lists them), it is not on hold, or the
warehouse is down: then nothing goes out either. The same as a command: `python -m include.publishing.holds`.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from include.orchestration import holding
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import PUBLISH


@dag(
    schedule=None,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    default_args=task_defaults(PUBLISH),
    params={
        "what": Param("hold", type="string", enum=["hold", "lift"], description="hold it, or let it go on"),
        "subject": Param("", type="string", description="a brand's key such as aurora, or an account's"),
        "by": Param("", type="string", description="who decides; kept for good"),
        "why": Param("", type="string", description="told in the brand's channel; needed to hold"),
        "posts": Param(
            "", type="string", description="on lifting: late posts to send now, or all; empty asks about each"
        ),
    },
    doc_md=__doc__,
    tags=["publishing", Impact.NOW],
)
def hold_brand() -> None:
    @task
    def decide() -> str:
        """Hold or lift, and say so in Slack; gives what is so now, in words."""
        return holding.decide()

    decide()


hold_brand()
