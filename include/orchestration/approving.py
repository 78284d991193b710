"""The work of `request_approval`: questions to approvers, one per text, and their answers."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from include.domain import Brand, Message, Post
from include.orchestration import doors
from include.orchestration.one_by_one import OneByOne
from platforms import every_platform

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
    titles = {name: platform.title for name, platform in every_platform().items()}
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
    """Say in each brand's channel what awaits whom, until when an answer counts, and where to give it."""
    run_id = get_current_context()["run_id"]
    with OneByOne() as tellings:
        for brand in doors.brands():
            if asked := [question for question in questions if question["brand"] == brand.key]:
                with tellings.next():
                    doors.tell(f"approval:{brand.key}:{run_id}", brand.channel, _request(brand, asked))


def _request(brand: Brand, asked: Sequence[Question]) -> Message:
    from include.messages.notices import AwaitingPost, approval_request
    from include.publishing import plan

    posts = plan.posts(doors.warehouse(), [question["post_id"] for question in asked])
    waiting = [
        AwaitingPost(doors.platform_of(post.account).title, post.text, post.publish_at, bool(post.media))
        for post in (posts[question["post_id"]] for question in asked)
        if post.publish_at
    ]
    until = min(datetime.fromisoformat(question["expires_at"]) for question in asked)
    form = f"{doors.settings().airflow_url}/required_actions"
    return approval_request(
        brand.title, waiting, until=until, timezone=brand.timezone, form_url=form, approvers=brand.approvers
    )


def keep_answer(question: Question, answer: Mapping[str, Any]) -> str:
    """Write the decision down; gives `approved`, `rejected`, `expired`, or why the answer no longer counts."""
    from include.publishing import approval

    engine, now = doors.warehouse(), datetime.now(UTC)
    person = answer.get("responded_by_user")
    if person is None:
        approval.expire(engine, now=now)
        return "expired"
    is_yes = answer["chosen_options"] == [APPROVE]
    decide = approval.approve if is_yes else approval.reject
    try:
        decide(engine, question["post_id"], question["content_hash"], by=str(person["name"]), now=now)
    except approval.StaleAnswer as stale:
        log.warning(stale)
        version = f"{question['post_id']}:{question['content_hash']}"
        doors.tell_ops(f"stale_answer:{version}", str(stale), "Answer the question about the new text.")
        return str(stale)
    return "approved" if is_yes else "rejected"
