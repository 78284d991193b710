"""The work of `request_approval`: questions to approvers, one per text, and their answers."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from include.domain import Brand
from include.orchestration import doors
from platforms import every_platform

if TYPE_CHECKING:
    from include.editorial.approval import Preview

log = logging.getLogger(__name__)

Question = dict[str, Any]

APPROVE, REJECT = "Approve", "Reject"


def open_questions() -> list[Question]:
    """A question for each text that nobody was asked about yet; those that this very run asked count as not asked."""
    from include.editorial.approval import expiry, needing_approval, preview
    from include.publishing import approval

    engine, now = doors.warehouse(), datetime.now(UTC)
    approval.expire(engine, now=now)
    run_id = str(get_current_context()["run_id"])
    waiting = approval.unasked(engine, by=run_id)
    titles = {name: platform.title for name, platform in every_platform().items()}
    questions = []
    for brand in doors.brands():
        for post in needing_approval(waiting, [brand]):
            if expiry(post, brand, now) > now:
                seen = preview(post, brand, now, titles=titles)
                version, expires_at = (post.post_id, post.content_hash), seen.expires_at
                if approval.ask(engine, *version, now=now, expires_at=expires_at, by=run_id):
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
    """Say in each brand's channel what awaits whom, until when, and where to answer."""
    from include.messages.notices import AwaitingPost, approval_request
    from include.publishing import plan

    run_id = get_current_context()["run_id"]
    posts = plan.posts(doors.warehouse(), [question["post_id"] for question in questions])
    for brand in doors.brands():
        asked = [question for question in questions if question["brand"] == brand.key]
        if not asked:
            continue
        waiting = [
            AwaitingPost(doors.platform_of(post.account).title, post.text, post.publish_at, bool(post.media))
            for post in (posts[question["post_id"]] for question in asked)
            if post.publish_at
        ]
        until = min(post.publish_at for post in waiting)
        form = f"{doors.settings().airflow_url}/required_actions"
        message = approval_request(brand.title, waiting, until=until, timezone=brand.timezone, form_url=form)
        doors.tell(f"approval:{brand.key}:{run_id}", brand.channel, message)


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
