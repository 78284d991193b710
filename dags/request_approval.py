"""Ask the brand's approvers, text by text, and keep what they answer.

**What for.** A brand may want its posts seen by somebody before they go out. Each text becomes a message in the brand's
Slack channel, as it will read, answered there with ✅ or ✋ (`read_reactions` reads that), and a question in Airflow's
*Required Actions* for whoever prefers it. The first answer counts, and a no after a yes. It is kept with who and when,
bound to that very text: an answer to a text that was edited meanwhile is refused in words.

**When.** Started by `import_calendar` when there are new texts. It may wait for days; it holds no worker while it does.

**If it runs twice.** A text is asked about once; a second run finds nothing new and ends. What was answered in Slack
stays open in Airflow until its time runs out; that, or a late answer there, changes nothing.

**When it is red.** An answer came for a text that no longer stands (the log says which), or the warehouse is down.
A text without an answer by its expiry stays unsent; the next import has it asked about anew while there is time.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.orchestration import approving
from include.orchestration.assets import TEXTS_TO_APPROVE
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK
from include.orchestration.questions import ApprovalQuestion


@dag(
    schedule=[TEXTS_TO_APPROVE],
    max_active_runs=500,  # a run waits for days and holds no worker; new questions must not wait for old answers
    dagrun_timeout=timedelta(days=8),
    default_args=task_defaults(DESK),
    doc_md=__doc__,
    tags=["publishing", Impact.TODAY],
)
def request_approval() -> None:
    @task
    def texts_to_ask_about() -> list[dict[str, object]]:
        """One question for each text that nobody was asked about yet."""
        return approving.open_questions()

    @task
    def tell_approvers(questions: list[dict[str, object]]) -> None:
        """One Slack message per text: as it will read, until when an answer counts, how to give it."""
        approving.tell_approvers(questions)

    questions = texts_to_ask_about()
    tell_approvers(questions)
    ApprovalQuestion.partial(task_id="ask", map_index_template="{{ task.question['post_id'] }}").expand(
        question=questions
    )


request_approval()
