"""Take down or reword a post that is live, by hand and for a reason.

**What for.** A wrong price, a recall, a typo. `delete` takes the post down with its thread and its first comment;
`edit` lets it say another text, where its network can. `publication_event` keeps who did it, why, and the hashes of
both texts; `publication_attempt` every call.

**When.** By hand, with the post's id as the ledger has it: `aurora-monday:facebook_bottega_aurora`.

**If it runs twice.** What is gone stays gone, and a text that stands already is written again. A call whose answer
never came is repeated.

**When it is red.** The sentence says why: no such post, not live, on its way, a network that cannot, a post that is
live by a link (nobody here knows its id), or a new text that no approver of the brand stands for. A part that was
taken down before it failed is kept as such; clear the task to go on with the rest.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from include.orchestration import changing
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=None,
    max_active_runs=4,
    dagrun_timeout=timedelta(minutes=30),
    default_args=task_defaults(DESK, retries=0),  # a person waits for it, and reads why it failed
    params={
        "post_id": Param("post:account", type="string", minLength=1, description="the post, as the ledger calls it"),
        "action": Param("delete", type="string", enum=list(changing.ACTIONS), description="take it down, or reword it"),
        "text": Param("", type="string", description="what it shall say, for an edit"),
        "reason": Param("", type="string", description="why; kept for good"),
        "by": Param(
            "",
            type="string",
            description="who wants it; kept for good; for an edit one of the approvers, if the brand asks them",
        ),
    },
    doc_md=__doc__,
    tags=["publishing", Impact.TODAY],
)
def change_live_post() -> None:
    @task
    def change() -> str:
        """Ask the network, and write down what came of it; gives a sentence."""
        return changing.change_post()

    change()


change_live_post()
