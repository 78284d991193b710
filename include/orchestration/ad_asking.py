"""The work of `request_ad_change`: proposed changes of ad budgets as questions in Airflow, beside those in Slack."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from include.orchestration import ad_changes, doors
from include.orchestration.approving import APPROVE
from include.orchestration.asks import Look
from include.orchestration.asks_ads import ads_asks

if TYPE_CHECKING:
    from include.spending.actions import Action

log = logging.getLogger(__name__)

Question = dict[str, Any]


def hand_over() -> None:
    """Succeeds where there is something to put; skipped where there is not."""
    from include.spending import actions

    if not (ad_changes.are_on() and actions.unasked(doors.warehouse(), now=datetime.now(UTC))):
        raise AirflowSkipException("No change of an ad budget is to be asked about.")


def open_questions() -> list[Question]:
    """A question for each proposal that is not put in Airflow yet."""
    from include.spending import actions

    if not ad_changes.are_on():
        return []
    engine, run_id = doors.warehouse(), str(get_current_context()["run_id"])
    waiting = actions.unasked(engine, now=datetime.now(UTC), by=run_id)
    return [_question(key, rows) for key, rows in waiting.items() if actions.ask(engine, key, by=run_id)]


def _question(key: str, rows: "Sequence[Action]") -> Question:
    from include.spending.asking import details, subject

    brand = next(brand for brand in doors.brands() if brand.key == rows[0].brand)
    platforms = {row.account: doors.platform_of(row.account).title for row in rows}
    return {
        "message_key": key,
        "subject": subject(brand, rows, platforms),
        "body": details(brand, rows),
        "expires_at": rows[0].expires_at.isoformat(),
        "approvers": list(rows[0].deciders),
    }


def keep_answer(question: Question, answer: Mapping[str, Any]) -> str:
    """Write the decision down and carry it out; gives `approved`, `rejected`, `expired`, or `answered elsewhere`."""
    from include.spending import actions

    look, key = Look.begin(), question["message_key"]
    person = answer.get("responded_by_user")
    if person is None:
        actions.expire(look.engine, now=look.now)
        return "expired"
    said = "approved" if answer["chosen_options"] == [APPROVE] else "rejected"
    if not actions.decide(look.engine, key, said, by=str(person["name"]), now=look.now):
        log.warning("%s was answered elsewhere, or its time is over; this answer changes nothing.", question["subject"])
        return "answered elsewhere"
    if said == "approved":
        ad_changes.begin(look.engine, look.brands, look.now).apply(key)
    for ask in ads_asks(look):
        if ask.key == key:
            look.say(ask)
    return said
