"""Holds in Slack: ⏸ under an alert holds its brand, ▶ under the hold's own message lets it go on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration.asks import WATCHED, Ask, Look

if TYPE_CHECKING:
    from include.messages.asking import Draft
    from include.publishing.holds import Hold, Waiting

PREFIX = "hold:"
PAID = timedelta(days=30)
"""How far back a sponsored post is taken for one whose ads may still run."""


def hold_asks(look: Look) -> Iterator[Ask]:
    """Every open hold, and those lifted lately, whose late posts may still be decided about together."""
    from include.publishing import holds

    for each in holds.holds(look.engine, since=look.now - WATCHED):
        if brand := brand_of(look, each.subject):
            yield HoldAsk(f"{PREFIX}{each.hold_id}", brand, each, look)


def brand_of(look: Look, subject: str) -> Brand | None:
    """Whose subject it is: a brand's key, or an account's."""
    return next((brand for brand in look.brands if brand.key == subject), look.by_account.get(subject))


@dataclass(frozen=True)
class HoldAsk:
    """One hold, from its beginning to a day after its end."""

    key: str
    brand: Brand
    hold: "Hold"
    look: Look
    listens: bool = True

    def message(self) -> Message:
        from include.messages.holding import hold_lifted, hold_open
        from include.publishing import answers, holds

        hold, engine, zone = self.hold, self.look.engine, self.brand.timezone
        what, who = self._what(), list(answers.approvers(self.brand))
        if hold.lifted_by is None or hold.lifted_at is None:
            return hold_open(
                what,
                by=hold.held_by,
                at=hold.held_at,
                why=hold.why,
                timezone=zone,
                waiting=self._drafts(holds.ahead(engine, hold.subject)),
                ads=[*holds.sponsored(engine, hold.subject, since=hold.held_at - PAID), *self._campaigns()],
                who=who,
                subject=hold.subject,
            )
        kept = holds.kept_back(engine, hold, now=self.look.now)
        late = [each for each in kept if self._is_late(each)]
        return hold_lifted(
            what,
            by=hold.lifted_by,
            at=hold.lifted_at,
            held=(hold.held_by, hold.held_at),
            timezone=zone,
            going=self._drafts([each for each in kept if each not in late]),
            late=self._drafts(late),
            who=who,
        )

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.publishing import holds

        answer = self.look.read(self, heard, ref)
        if self.hold.is_open:
            if not answer.resume:
                return False
            holds.lift(self.look.engine, self.hold.subject, by=answer.resume[0], now=self.look.now)
            return True
        return self._decide_all(answer.yes, answer.no, ref)

    def _decide_all(self, yes: Sequence[str], no: Sequence[str], ref: MessageRef) -> bool:
        """✅ or ✋ under a lifted hold is about all its late posts together."""
        from include.publishing import decisions, holds

        engine, now = self.look.engine, self.look.now
        late = [each for each in holds.kept_back(engine, self.hold, now=now) if self._is_late(each)]
        if not (yes or no) or not late:
            return False
        for each in late:
            post_id = each.post.post_id
            try:
                if no:
                    decisions.cancel(engine, post_id, by=no[0], now=now)
                else:
                    holds.send_late(engine, post_id, by=yes[0], now=now)
            except decisions.NotYours as refused:
                self.look.reply(ref, f"{self.key}:{post_id}", str(refused), mark="⚠️")
        done = (
            f"{no[0]} called {len(late)} off"
            if no
            else f"{yes[0]} wants {len(late)} sent; they go out one after another"
        )
        self.look.reply(ref, f"{self.key}:all:{now:%Y%m%d%H%M}", f"{done}.", mark="✋" if no else "✅")
        return True

    def _is_late(self, waiting: "Waiting") -> bool:
        grace = timedelta(minutes=self.brand.late_after_minutes)
        return waiting.state == "held" or waiting.publish_at + grace < self.look.now

    def _drafts(self, waiting: "Sequence[Waiting]") -> "list[Draft]":
        return [self.look.draft(each.post, self.brand) for each in waiting]

    def _campaigns(self) -> list[str]:
        """What runs on its ad accounts; where ad changes are on, pausing it is proposed beside this."""
        from include.orchestration import ad_changes

        changes = ad_changes.begin(self.look.engine, self.look.brands, self.look.now)
        running = [each for each in changes.settings(self.brand) if each.is_running]
        return [each.name for each in running if self.hold.subject in (self.brand.key, each.account)]

    def _what(self) -> str:
        from include.orchestration import doors

        if self.hold.subject == self.brand.key:
            return self.brand.title
        return f"{self.brand.title} on {doors.platform_of(self.hold.subject).title}"


def pause_asks(look: Look) -> Iterator[Ask]:
    """Every alert that stands in Slack and is about a brand: ⏸ under it holds the brand."""
    from include.alerts.checks import KINDS
    from include.alerts.ledger import open_episodes

    with look.engine.connect() as connection:
        episodes = open_episodes(connection, KINDS)
    for episode in episodes:
        if brand := brand_of(look, episode.alert_key.partition(":")[2]):
            yield PauseAsk(episode.message_key, brand, episode.headline, look)


@dataclass(frozen=True)
class PauseAsk:
    """One open alert. Its words are not ours to say."""

    key: str
    brand: Brand
    headline: str
    look: Look
    listens: bool = True

    def message(self) -> None:
        return None

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        """Once per alert: after the hold was lifted, the same reaction does not bring it back."""
        from include.publishing import holds

        done = f"{self.key}:hold"
        if not heard.reactions or self.look.has_replied(done):
            return False
        answer = self.look.read_pause(self, heard, ref)
        if not answer:
            return False
        hold = holds.place(
            self.look.engine, self.brand.key, by=answer, why=self.headline, now=self.look.now, is_known=True
        )
        words = f"{self.brand.title} is on hold by {hold.held_by}; how it goes on stands in {self.brand.channel}."
        self.look.reply(ref, done, words, mark="⏸")
        return True
