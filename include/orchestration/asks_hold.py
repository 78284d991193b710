"""Holds in Slack: ⏸ under an alert holds its brand, ▶ under the hold's own message lets it go on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration.asks import WATCHED, Ask, Look

if TYPE_CHECKING:
    from include.messages.asking import Draft
    from include.publishing.holds import Hold, Waiting

PREFIX = "hold:"
LATE = "late:"
MOST_PAUSES = 3
"""How often ⏸ under one alert holds its brand."""
PAID = timedelta(days=30)
"""How far back a sponsored post is taken for one whose ads may still run."""


def hold_asks(look: Look) -> Iterator[Ask]:
    """Every open hold, and those lifted lately."""
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

    @property
    def listens(self) -> bool:
        return self.hold.is_open

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
        late = holds.late(engine, hold, timedelta(minutes=self.brand.late_after_minutes))
        kept = holds.kept_back(engine, hold, now=self.look.now)
        return hold_lifted(
            what,
            by=hold.lifted_by,
            at=hold.lifted_at,
            held=(hold.held_by, hold.held_at),
            timezone=zone,
            going=self._drafts([each for each in kept if each not in late and each.state != "held"]),
            late=self._drafts(late),
            who=who,
        )

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.publishing import holds

        answer = self.look.read(self, heard)
        wants = bool(self.hold.is_open and answer.resume)
        if wants:
            holds.lift(self.look.engine, self.hold.subject, by=answer.resume[0], now=self.look.now)
        self.look.turn_away(self, answer, ref)
        return wants

    def _drafts(self, waiting: "Sequence[Waiting]") -> "list[Draft]":
        return [self.look.draft(each.post, self.brand) for each in waiting]

    def _campaigns(self) -> list[str]:
        """What runs on its ad accounts; where ad changes are on, pausing it is proposed beside this."""
        from include.orchestration import ad_changes

        changes = ad_changes.begin(self.look.engine, self.look.brands, self.look.now)
        running = [each for each in changes.settings(self.brand) if each.is_running]
        return [each.name for each in running if self.hold.subject in (self.brand.key, each.account)]

    def _what(self) -> str:
        return subject_words(self.brand, self.hold.subject)


def subject_words(brand: Brand, subject: str) -> str:
    """`Bottega Aurora`, or `Bottega Aurora on Facebook` where only that account is held."""
    from include.orchestration import doors

    return brand.title if subject == brand.key else f"{brand.title} on {doors.platform_of(subject).title}"


def late_asks(look: Look) -> Iterator[Ask]:
    """What a lifted hold made late, to be decided about together. It has a message of its own, so that no reaction
    under the hold's is taken for an answer to a question that was not put yet."""
    from include.publishing import answers, holds

    told = look.told(LATE)
    for each in holds.holds(look.engine, since=look.now - WATCHED):
        brand, key = brand_of(look, each.subject), f"{LATE}{each.hold_id}"
        if brand is None or each.is_open or not answers.approvers(brand):
            continue
        late = holds.late(look.engine, each, timedelta(minutes=brand.late_after_minutes))
        if len(late) > 1 or key in told:
            yield LateAsk(key, brand, each, late, look)


@dataclass(frozen=True)
class LateAsk:
    """The posts that were late when a hold was lifted; empty once each is decided about."""

    key: str
    brand: Brand
    hold: "Hold"
    late: "Sequence[Waiting]"
    look: Look

    @property
    def listens(self) -> bool:
        return bool(self.late)

    def message(self) -> Message:
        from include.messages.holding import late_decided, late_question
        from include.publishing import answers

        what = subject_words(self.brand, self.hold.subject)
        if not self.late:
            return late_decided(what)
        drafts = [self.look.draft(each.post, self.brand) for each in self.late]
        return late_question(what, late=drafts, timezone=self.brand.timezone, who=list(answers.approvers(self.brand)))

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        """Each person's ✅ or ✋ counts once, for the posts that wait then."""
        answer = self.look.read(self, heard)
        self.look.turn_away(self, answer, ref)
        is_yes, names = not answer.no, answer.no or answer.yes
        sign = "yes" if is_yes else "no"
        by = next((name for name in names if not self.look.has_replied(f"{self.key}:{sign}:{name}")), "")
        if not by:
            return False
        times = [at for each in self.late if (at := self._decide(each.post.post_id, is_yes, by, ref))]
        more = self._spaced(times) if is_yes else ", although others said ✅" if answer.yes else ""
        done = f"{by} wants {len(times)} sent{more}." if is_yes else f"{by} called {len(times)} off{more}."
        self.look.reply(ref, f"{self.key}:{sign}:{by}", done, mark="✅" if is_yes else "✋")
        return True

    def _spaced(self, times: "Sequence[datetime]") -> str:
        from include.messages.asking import clock

        last = max(times, default=self.look.now)
        if last <= self.look.now:
            return "; it goes out now" if len(times) == 1 else "; they go out now"
        when = clock(last, self.brand.timezone, now_is=self.look.now)
        return f"; on each account they go out ten minutes apart, the last at {when}"

    def _decide(self, post_id: str, is_yes: bool, by: str, ref: MessageRef) -> "datetime | None":
        """When it goes out, or was called off; None where it could not be decided."""
        from include.publishing import decisions, holds

        try:
            if is_yes:
                return holds.send_late(self.look.engine, post_id, by=by, now=self.look.now)
            decisions.cancel(self.look.engine, post_id, by=by, now=self.look.now)
        except decisions.NotYours as refused:
            self.look.reply(ref, f"{self.key}:{post_id}", str(refused), mark="⚠️")
            return None
        return self.look.now


def pause_asks(look: Look) -> Iterator[Ask]:
    """Every alert that stands in Slack and is about a brand: ⏸ under it holds the brand."""
    from include.alerts.checks import KINDS
    from include.alerts.ledger import open_episodes
    from include.pacing.sentences import KIND as BUDGET

    with look.engine.connect() as connection:
        episodes = open_episodes(connection, (*KINDS, BUDGET))
    for episode in episodes:
        subject = episode.alert_key.partition(":")[2].partition("/")[0]  # a budget is told as `brand/name`
        if brand := brand_of(look, subject):
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
        """Once per ⏸: a standing one does not bring back a hold that was lifted; taken back and put again, it does."""
        from include.publishing import answers, holds

        only = Heard({name: who for name, who in heard.reactions.items() if name in answers.PAUSE})
        answer = self.look.read(self, only)
        times = sum(self.look.has_replied(f"{self.key}:hold:{each}") for each in range(1, MOST_PAUSES + 1))
        is_used = times > 0 and not self.look.has_replied(f"{self.key}:back:{times}")
        done = False
        if is_used and not answer.pause and self._is_read():
            words = f"⏸ was taken back; that lifts no hold, ▶️ under the hold's own message does. {_anew(times)}"
            self.look.reply(ref, f"{self.key}:back:{times}", words)
        elif answer.pause and not is_used and times < MOST_PAUSES:
            by, now = answer.pause[0], self.look.now
            hold = holds.place(self.look.engine, self.brand.key, by=by, why=self.headline, now=now, is_known=True)
            words = f"{self.brand.title} is on hold by {hold.held_by}; how it goes on stands in {self.brand.channel}."
            self.look.reply(ref, f"{self.key}:hold:{times + 1}", words, mark="⏸")
            done = True
        if not is_used:
            self.look.turn_away(self, answer, ref)
        return done

    def _is_read(self) -> bool:
        """Whether the one who held the brand here is still an approver: of others nobody looks whether ⏸ stands."""
        from include.publishing import answers, holds

        since = self.look.now - timedelta(days=30)
        here = [each for each in holds.holds(self.look.engine, since=since) if each.subject == self.brand.key]
        by = [each.held_by for each in here if each.why == self.headline]
        return bool(by) and by[-1] in answers.approvers(self.brand)


def _anew(times: int) -> str:
    return "Put again, it holds anew." if times < MOST_PAUSES else "From here the DAG hold_brand holds it."
