"""The question about a held post: ✅ sends it, ✋ calls it off. If it may be out: ✅ with its link, or ▶️ to send it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef, Post, Receipt
from include.orchestration.asks import Ask, Look

if TYPE_CHECKING:
    from include.publishing.answers import Answer
    from include.publishing.decisions import Undecided

PREFIX = "held:"


def held_asks(look: Look) -> Iterator[Ask]:
    """Every held post of brands whose approvers can answer in Slack, and those that were asked about lately."""
    from include.publishing import answers, decisions
    from include.publishing.states import State

    told = look.told(PREFIX)
    now = {f"{PREFIX}{each.key}": each for each in decisions.undecided(look.engine, State.HELD)}
    for key, each in now.items():
        brand = look.by_account.get(each.post.account)
        if brand is not None and answers.approvers(brand):
            yield HeldAsk(key, brand, each, look)
    for key, post_id, part, fence in settled_keys(told.keys() - now.keys(), PREFIX):
        if ask := SettledAsk.of(look, key, post_id, part, fence, State.HELD):
            yield ask


def settled_keys(keys: set[str], prefix: str) -> Iterator[tuple[str, str, int, int]]:
    """What the keys of messages stand for whose question is no longer open: key, post id, part, fence."""
    for key in sorted(keys):
        fence, part, post_id = key.removeprefix(prefix).split(":", 2)
        yield key, post_id, int(part), int(fence)


@dataclass(frozen=True)
class HeldAsk:
    """One held post."""

    key: str
    brand: Brand
    held: "Undecided"
    look: Look
    listens: bool = True

    def message(self) -> Message:
        from include.messages.asking import held_question
        from include.publishing import answers

        draft = self.look.draft(self.held.post, self.brand, self.held.source)
        who = list(answers.approvers(self.brand))
        return held_question(draft, reason=self.held.reason, may_be_out=self.held.may_be_out, who=who)

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.publishing import decisions

        answer = self.look.read(self, heard)
        try:
            done = self._in_doubt(answer, heard, ref) if self.held.may_be_out else self._decide(answer)
        except decisions.NotYours as refused:
            self.look.reply(ref, f"{self.key}:refused", str(refused), mark="⚠️")
            done = False
        if done and answer.yes and answer.no:
            words = f"{answer.no[0]} said ✋ and {answer.yes[0]} ✅: ✋ wins, it is called off."
            self.look.reply(ref, f"{self.key}:conflict", words, mark="✋")
        self.look.turn_away(self, answer, ref)
        return done

    def _decide(self, answer: "Answer") -> bool:
        from include.publishing import decisions

        engine, now, post_id = self.look.engine, self.look.now, self.held.post.post_id
        if answer.no:
            decisions.cancel(engine, post_id, by=answer.no[0], now=now)
        elif answer.yes:
            decisions.send_anyway(engine, post_id, by=answer.yes[0], now=now, has_looked=False)
        return bool(answer.yes or answer.no)

    def _in_doubt(self, answer: "Answer", heard: Heard, ref: MessageRef) -> bool:
        """It may be out: what sends it again is a sign of its own."""
        from include.publishing import answers, decisions

        engine, now, post_id = self.look.engine, self.look.now, self.held.post.post_id
        wanted = answers.in_doubt(answer)
        if wanted == "cancel":
            decisions.cancel(engine, post_id, by=answer.no[0], now=now)
        elif wanted == "send":
            decisions.send_anyway(engine, post_id, by=answer.resume[0], now=now)
        elif wanted == "live":
            found = self.look.link_in(ref, self.brand, self.held.post) if heard.replies else None
            if found is None:
                words = (
                    f"{answer.yes[0]}, where is it? Reply here with its link at the network, and it counts as live. If"
                    " it is not out, take ✅ back: ▶️ sends it now, ✋ calls it off."
                )
                self.look.reply(ref, f"{self.key}:where", words, mark="🔗")
                return False
            decisions.confirm_live(engine, receipt_of(self.held.post, found[1], now), by=found[0], now=now)
        return bool(wanted)


def receipt_of(post: Post, url: str, now: datetime) -> Receipt:
    """What a person's link says: where it is, and its id at the network if the address holds that."""
    from include.publishing.addresses import network_of, remote_id

    return Receipt(post.post_id, remote_id(network_of(post.account), url), url, now)


@dataclass(frozen=True)
class SettledAsk:
    """A question about a post that was decided meanwhile: here, by a command, or in the calendar."""

    key: str
    brand: Brand
    said: Message
    look: Look
    listens: bool = False

    @classmethod
    def of(cls, look: Look, key: str, post_id: str, part: int, fence: int, state: object) -> "SettledAsk | None":
        from include.messages.asking import clock, held_settled, posted_by_hand
        from include.publishing import decisions, plan
        from include.publishing.states import State

        post = plan.posts(look.engine, [post_id]).get(post_id)
        brand = look.by_account.get(post.account) if post else None
        step = decisions.since(look.engine, post_id, part, fence, State(str(state)))
        if post is None or brand is None or step is None:
            return None
        draft = look.draft(post, brand)
        if step.state == State.LIVE and step.url:
            return cls(key, brand, posted_by_hand(draft, url=step.url, by=step.by, at=step.at), look)
        marks = {State.CANCELLED: "🚫", State.PLANNED: "✏️", State.APPROVED: "✏️"}
        words = f"{step.why.rstrip('.')}, {clock(step.at, brand.timezone, now_is=post.publish_at)}"
        said = held_settled(draft, words, mark=marks.get(step.state, "✅"))
        return cls(key, brand, said, look)

    def message(self) -> Message:
        return self.said

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        return False
