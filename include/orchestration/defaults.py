"""What every DAG of the desk has in common.

None has a start date: with one, Airflow runs the slot that has just passed as soon as a DAG is unpaused.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from include.orchestration.notify import tell_of_failure

OWNER = "social-desk"


class Impact(StrEnum):
    """The tag that answers the on-call's first question: can it wait?"""

    NOW = "impact:now"  # posts do not go out; get up
    TODAY = "impact:today"  # people miss something they count on today
    WEEK = "impact:week"  # it mends itself at the next run, or can wait for Monday


def task_defaults(pool: str, **more: Any) -> dict[str, Any]:
    """`default_args` of a DAG whose tasks run in `pool`: two retries, a timeout, and a word to Slack on failure."""
    return {
        "owner": OWNER,
        "pool": pool,
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "execution_timeout": timedelta(minutes=30),
        "on_failure_callback": tell_of_failure,
        **more,
    }
