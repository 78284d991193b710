"""A failed task speaks to the people on call, in one message per task and day, with what to do."""

import logging
from datetime import UTC, datetime
from typing import Any

from include.domain import Alert, Severity

log = logging.getLogger(__name__)


def failure(context: Any) -> Alert:
    """What a failed task has to say: which run, why in one sentence, where to look."""
    task, run = context["task_instance"], context["dag_run"]
    error = str(context.get("exception") or "no reason given").strip()
    return Alert(
        kind="task_failed",
        subject=f"{task.dag_id}.{task.task_id}",
        headline=f"{task.dag_id} failed at {task.task_id}",
        because=f"Run {run.run_id}: {error[:600]}",
        next_step=f"Read the task's log, mend the cause, then clear the task: running {task.dag_id} again is safe.",
        severity=Severity.WARNING,
    )


def tell_of_failure(context: Any) -> None:
    """Airflow's failure callback. It never raises: a silent Slack must not hide the failure itself."""
    try:
        _tell(failure(context))
    except Exception:
        log.exception("Slack could not be told of the failure; the task's own error stands above.")


def _tell(alert: Alert) -> None:
    """A task that fails every minute has one message a day (UTC), updated in place with its latest run."""
    from include.messages.notices import alert_message
    from include.orchestration import doors

    settings = doors.settings()
    link = f"{settings.airflow_url}/dags/{alert.subject.split('.')[0]}"
    words = alert_message(alert, runbook_url=settings.runbook_url, link=link)
    doors.tell(f"alert:{alert.key}:{datetime.now(UTC).date()}", settings.ops_channel, words)
