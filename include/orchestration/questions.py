"""A question to an approver, as a task that waits without holding a worker."""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator

from include.orchestration import ad_asking, approving

SHORTEST = timedelta(minutes=1)


class ApprovalQuestion(HITLOperator):
    """Asks about one text and keeps the answer. `question` is one of `approving.open_questions`.

    An unanswered question ends at its expiry with `Reject` and nobody's name, which is kept as expired. Only the named
    approvers may answer, where Airflow's auth manager knows people by name.
    """

    template_fields = (*HITLOperator.template_fields, "question")

    def __init__(self, *, question: Any, **more: Any) -> None:
        # People take their time: the question's expiry ends it, not a timeout.
        more = {**more, "execution_timeout": None, "retry_delay": timedelta(seconds=5)}
        options = [approving.APPROVE, approving.REJECT]
        super().__init__(subject="", options=options, defaults=[approving.REJECT], **more)
        self.question = question

    def execute(self, context: Any) -> Any:
        self.subject, self.body = self.question["subject"], self.question["body"]
        left = datetime.fromisoformat(self.question["expires_at"]) - datetime.now(UTC)
        self.response_timeout = max(left, SHORTEST)
        self.assigned_users = [{"id": name, "name": name} for name in self.question["approvers"]] or None
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> str:
        return approving.keep_answer(self.question, super().execute_complete(context, event))


class AdChangeQuestion(ApprovalQuestion):
    """The same about a change of ad budgets; `question` is one of `ad_asking.open_questions`."""

    def execute_complete(self, context: Any, event: dict[str, Any]) -> str:
        return ad_asking.keep_answer(self.question, HITLOperator.execute_complete(self, context, event))
