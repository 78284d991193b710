"""A question to an approver, as a task that waits without holding a worker."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator

APPROVE, REJECT = "Approve", "Reject"
SHORTEST = timedelta(minutes=1)


class ApprovalQuestion(HITLOperator):  # type: ignore[misc]  # Airflow ships no types for it
    """Asks about one text. `question` has `subject`, `body`, `expires_at` (ISO, UTC) and `approvers` (user names).

    An unanswered question ends at its expiry with `Reject` and nobody's name, which `keep_answer` reads as expired.
    Only the named approvers may answer, where Airflow's auth manager knows people by name.
    """

    template_fields = (*HITLOperator.template_fields, "question")

    def __init__(self, *, question: Any, **more: Any) -> None:
        super().__init__(
            subject="",
            options=[APPROVE, REJECT],
            defaults=[REJECT],
            retries=0,  # asking again would drop an answer that is being given
            execution_timeout=None,  # people take their time; the expiry ends it
            **more,
        )
        self.question = question

    def execute(self, context: Any) -> Any:
        self._read(self.question)
        return super().execute(context)

    def _read(self, question: Mapping[str, Any]) -> None:
        self.subject, self.body = question["subject"], question["body"]
        self.response_timeout = max(datetime.fromisoformat(question["expires_at"]) - datetime.now(UTC), SHORTEST)
        self.assigned_users = [{"id": name, "name": name} for name in question["approvers"]] or None
