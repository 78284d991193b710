"""The work of `request_approval`: questions to approvers, one per text, and their answers."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from include.domain import Brand, PlatformError, Post
from include.orchestration import doors
from include.orchestration.one_by_one import OneByOne

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.editorial.approval import Preview

log = logging.getLogger(__name__)

Question = dict[str, Any]

APPROVE, REJECT = "Approve", "Reject"


def texts_to_ask(
    engine: "Engine", brands: Iterable[Brand], now: datetime, *, by: str | None = None
) -> list[tuple[Brand, Post]]:
    """Every text that a question is to be put about now, with its brand; what the run `by` asked counts as not asked.

    Questions whose time ran out are ended first. This alone decides whether `request_approval` has something to do.
    """
    from include.editorial.approval import worth_asking
    from include.publishing import approval

    approval.expire(engine, now=now)
    waiting = approval.unasked(engine, by=by)
    return [(brand, post) for brand in brands for post in worth_asking(waiting, brand, now)]


def open_questions() -> list[Question]:
    """A question for each text that nobody was asked about, or nobody answered while it stood."""
    from include.editorial.approval import preview
    from include.publishing import approval

    engine, now = doors.warehouse(), datetime.now(UTC)
    run_id = str(get_current_context()["run_id"])
    titles = doors.titles()
    questions = []
    for brand, post in texts_to_ask(engine, doors.brands(), now, by=run_id):
        seen = preview(post, brand, now, titles=titles)
        if approval.ask(engine, post.post_id, post.content_hash, now=now, expires_at=seen.expires_at, by=run_id):
            questions.append(_question(brand, seen))
    return questions


def _question(brand: Brand, seen: "Preview") -> Question:
    return {
        "post_id": seen.post.post_id,
        "content_hash": seen.post.content_hash,
        "brand": brand.key,
        "subject": seen.subject,
        "body": seen.body,
        "expires_at": seen.expires_at.isoformat(),
        "approvers": list(brand.approvers),
    }


def tell_approvers(questions: Sequence[Question]) -> None:
    """Put each text into its brand's channel: as it will read, until when an answer counts, and how to give it."""
    asked = {question["post_id"] for question in questions}
    _show(asked)


def _show(post_ids: Collection[str]) -> None:
    """Let the messages about these posts say what the warehouse says now; none is told twice."""
    from include.orchestration.asks import Look
    from include.orchestration.asks_approval import approval_asks

    look = Look.begin()
    with OneByOne() as tellings:
        for ask in approval_asks(look):
            if ask.question.post.post_id in post_ids:
                with tellings.next():
                    look.say(ask)


def keep_answer(question: Question, answer: Mapping[str, Any]) -> str:
    """Write the decision down; gives `approved`, `rejected`, `expired`, or why the answer no longer counts. `asked`:
    nobody answered here, and for some minutes an answer that was given in Slack in time may still be read.

    A question that was answered in Slack meanwhile stays as it was answered there.
    """
    from include.publishing import approval

    engine, now = doors.warehouse(), datetime.now(UTC)
    post_id, content_hash = question["post_id"], question["content_hash"]
    person = answer.get("responded_by_user")
    if person is None:
        approval.expire(engine, now=now)
        _shown(post_id)
        return approval.decision(engine, post_id, content_hash)
    is_yes = answer["chosen_options"] == [APPROVE]
    try:
        approval.settle(engine, post_id, content_hash, is_yes=is_yes, by=str(person["name"]), now=now)
    except approval.StaleAnswer as stale:
        log.warning(stale)
        version = f"{post_id}:{content_hash}"
        doors.tell_ops(f"stale_answer:{version}", str(stale), "Answer the question about the new text.")
        return str(stale)
    _shown(post_id)
    return "approved" if is_yes else "rejected"


def _shown(post_id: str) -> None:
    """Say it in Slack too. The answer is kept; where Slack is away, `read_reactions` says it later."""
    try:
        _show({post_id})
    except PlatformError as error:
        log.warning("The answer is kept, but Slack was not told. %s", error)
