"""The question about a text: one message for each, with the text as it will read, answered by ✅ or ✋."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration import doors
from include.orchestration.asks import WATCHED, Look

if TYPE_CHECKING:
    from include.publishing.answers import Answer
    from include.publishing.approval import Question

PREFIX = "approval:"


def approval_asks(look: Look) -> Iterator["ApprovalAsk"]:
    """Every question that somebody may still have something to say about."""
    from include.publishing import approval

    approval.expire(look.engine, now=look.now)
    found = {_key(question): question for question in approval.questions(look.engine, since=look.now - WATCHED)}
    oldest = min((question.asked_at for question in found.values()), default=look.now)
    told = look.told(PREFIX, days=max(7, (look.now - oldest).days + 1))  # ✋ stops an approved text however old
    for key, question in [*found.items(), *_past(look, {key: told[key] for key in told.keys() - found.keys()})]:
        brand = look.by_account.get(question.post.account)
        if brand is not None and (question.is_open or key in told):
            yield ApprovalAsk(key, brand, question, look)


def _key(question: "Question") -> str:
    """A text that is asked about anew has a new message: what stands under the old one was said of the old question."""
    return f"{PREFIX}{question.content_hash}:{question.asked_at:%Y%m%d%H%M%S}:{question.post.post_id}"


def _past(look: Look, told: dict[str, MessageRef]) -> Iterator[tuple[str, "Question"]]:
    """Questions that were put and then put anew, or whose text was edited: their messages still stand in Slack."""
    from include.publishing import approval

    latest = {question.post.post_id: question for question in approval.questions(look.engine, since=look.now - WATCHED)}
    for key in sorted(told):
        _, content_hash, asked_at, post_id = key.split(":", 3)
        question = latest.get(post_id)
        if question is not None and f"{look.now - WATCHED:%Y%m%d%H%M%S}" < asked_at:
            why = "expired" if content_hash == question.post.content_hash else "superseded"
            yield key, replace(question, content_hash=content_hash, decision=why, decided_by=None)


@dataclass(frozen=True)
class ApprovalAsk:
    """One question, as the warehouse knows it."""

    key: str
    brand: Brand
    question: "Question"
    look: Look
    listens: bool = True

    def message(self) -> Message | None:
        from include.messages.asking import approval_ended, approval_settled

        question = self.question
        draft = self.look.draft(question.post, self.brand, question.source)
        if question.is_open:
            return self._open()
        if question.is_called_off:
            return approval_ended(draft, "called off", because=question.reason or "")
        if question.decision in ("approved", "rejected") and question.decided_by and question.decided_at:
            is_yes = question.decision == "approved"
            return approval_settled(draft, is_yes=is_yes, by=question.decided_by, at=question.decided_at)
        is_past = question.content_hash != question.post.content_hash
        return approval_ended(draft, "expired" if question.decision == "expired" else "edited", keep_text=not is_past)

    def _open(self) -> Message:
        from include.messages.asking import approval_question
        from include.publishing import answers, images

        question, allowed = self.question, answers.approvers(self.brand)
        return approval_question(
            self.look.draft(question.post, self.brand, question.source),
            until=question.expires_at or question.asked_at,
            approvers=list(allowed) or self.brand.approvers,
            form_url=f"{doors.settings().airflow_url}/required_actions",
            in_slack=bool(allowed),
            tone=self.brand.rules.tone,
            pictures=images.previews(question.post),
            problem=images.replaced(question.post),
        )

    def follow_up(self, ref: MessageRef) -> None:
        """What of a long text the question cannot show stands in its thread."""
        if self.question.is_open:
            for number, page in enumerate(self._rest(), start=1):
                self.look.below(ref, f"{self.key}:rest:{number}", page)

    def _rest(self) -> "Sequence[Message]":
        from include.messages.asking import approval_rest

        return approval_rest(self.question.post)

    def _is_shown(self) -> bool:
        """Whether all of the text stands there: nobody can say yes to what they were not shown."""
        return all(self.look.has_replied(f"{self.key}:rest:{number}") for number in range(1, len(self._rest()) + 1))

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        """What counts is kept before anything is said about it: Slack may be away."""
        answer, question = self.look.read(self, heard), self.question
        done = self._decide(answer, ref)
        if answer.yes and answer.no and (question.is_open or question.decision == "rejected"):
            words = f"{' and '.join(answer.no)} said ✋ and {' and '.join(answer.yes)} ✅: ✋ wins, it does not go out."
            self.look.reply(ref, f"{self.key}:conflict", words, mark="✋")
        if question.decision == "rejected" or (question.decision == "approved" and not answer.no):
            self._taken_back(answer, ref)
        self.look.turn_away(self, self.look.read(self, self._against(heard)), ref)
        return done

    def _against(self, heard: Heard) -> Heard:
        """What people say against how it stands. Whoever agrees is not told that it does not count: they may be those
        whose word it was, before brands.yml named others."""
        from include.publishing import answers

        signs = {"approved": answers.NO, "rejected": answers.YES}.get(self.question.decision)
        return Heard({sign: who for sign, who in heard.reactions.items() if signs is None or sign in signs})

    def _decide(self, answer: "Answer", ref: MessageRef) -> bool:
        if answer.no and self.question.decision != "rejected":
            return self._settle(False, self._new(answer.no), ref)
        if answer.yes and not answer.no and self.question.decision != "approved":
            return (not self.question.is_open or self._is_shown()) and self._settle(True, self._new(answer.yes), ref)
        return False

    def _new(self, names: tuple[str, ...]) -> str:
        """Who answered, other than the one whose answer is kept already and then was overtaken."""
        others = [name for name in names if name != self.question.decided_by or self.question.decision == "approved"]
        return others[0] if others else ""

    def _settle(self, is_yes: bool, by: str, ref: MessageRef) -> bool:
        from include.publishing import approval

        if not by:
            return False
        post_id, content_hash, now = self.question.post.post_id, self.question.content_hash, self.look.now
        try:
            if self.question.decision in ("superseded", "expired"):
                self._refuse_to_past(post_id)
            approval.settle(
                self.look.engine, post_id, content_hash, is_yes=is_yes, by=by, now=now, note=approval.IN_SLACK
            )
        except approval.StaleAnswer as stale:
            self.look.reply(ref, f"{self.key}:stale:{by}", f"{by}, your answer does not count. {stale}", mark="⚠️")
            return False
        if self.question.decision == "approved":
            was = self.question.decided_by
            words = f"{by} said ✋ after {was} had approved it: ✋ wins, it does not go out."
            self.look.reply(ref, f"{self.key}:stopped", words, mark="✋")
        return True

    def _refuse_to_past(self, post_id: str) -> None:
        """An answer under the message of a question that was put anew is not one to the new question."""
        from include.publishing.approval import StaleAnswer

        if self.question.content_hash != self.question.post.content_hash:
            raise StaleAnswer(
                f"Post {post_id} was edited after it was put before you; the new text has its own message."
            )
        if self.question.decision == "expired":
            raise StaleAnswer(f"The question about post {post_id} had ended; while there is time it is asked anew.")

    def _taken_back(self, answer: "Answer", ref: MessageRef) -> None:
        from include.publishing import answers
        from include.publishing.approval import IN_SLACK

        question = self.question
        stands = answer.yes if question.decision == "approved" else answer.no
        is_read = question.decided_by in answers.approvers(self.brand)  # of others nobody looks whether it stands
        if question.note == IN_SLACK and is_read and question.decided_by not in stands and question.decided_at:
            sign, then = ("✅", "✋ here still stops it while it is not out.")
            if question.decision == "rejected":
                sign, then = ("✋", "Edit its text in the calendar, and it is asked about anew.")
            words = (
                f"{question.decided_by} took {sign} back, but it was read already: it stays {question.decision}. {then}"
            )
            self.look.reply(ref, f"{self.key}:back", words)
