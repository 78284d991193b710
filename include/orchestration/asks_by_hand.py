"""A post that a person posts by hand: everything to paste at its hour, and the link that makes it live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration.asks import Ask, Look
from include.orchestration.asks_held import SettledAsk, settled_keys

if TYPE_CHECKING:
    from include.publishing.answers import Answer
    from include.publishing.decisions import Undecided

PREFIX = "byhand:"


def by_hand_asks(look: Look) -> Iterator[Ask]:
    """Every post that was handed over and of which nobody has said yet that it is out."""
    from include.publishing import decisions
    from include.publishing.states import State

    told = look.told(PREFIX)
    now = {f"{PREFIX}{each.key}": each for each in decisions.undecided(look.engine, State.HANDED_OVER)}
    for key, each in now.items():
        if brand := look.by_account.get(each.post.account):
            yield ByHandAsk(key, brand, each, look)
    for key, post_id, part, fence in settled_keys(told.keys() - now.keys(), PREFIX):
        if ask := SettledAsk.of(look, key, post_id, part, fence, State.HANDED_OVER):
            yield ask


@dataclass(frozen=True)
class ByHandAsk:
    """One post that was handed over."""

    key: str
    brand: Brand
    handed: "Undecided"
    look: Look
    listens: bool = True

    def message(self) -> Message:
        from include.messages.asking import hand_over, media_line
        from include.publishing import answers, images

        post = self.handed.post
        who = list(answers.approvers(self.brand))
        media = [media_line(media) for media in post.media]
        draft = self.look.draft(post, self.brand, self.handed.source)
        return hand_over(draft, who=who, pictures=images.previews(post), media=media)

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.publishing import decisions

        answer = self.look.read(self, heard)
        try:
            done = self._decide(answer, heard, ref)
        except decisions.NotYours as refused:
            self.look.reply(ref, f"{self.key}:refused", str(refused), mark="⚠️")
            done = False
        if not done:
            self._remind(ref)
        self.look.turn_away(self, answer, ref)
        return done

    def _decide(self, answer: "Answer", heard: Heard, ref: MessageRef) -> bool:
        from include.publishing import decisions, manual

        engine, now, post = self.look.engine, self.look.now, self.handed.post
        if answer.no:
            decisions.cancel(engine, post.post_id, by=answer.no[0], now=now)
            return True
        if not answer.yes:
            return False
        found = self.look.link_in(ref, self.brand, post) if heard.replies else None
        if found is None:
            words = f"{answer.yes[0]}, where is it? Reply here with its link (https://…) at the network."
            self.look.reply(ref, f"{self.key}:where", f"{words} Then it counts as live.", mark="🔗")
            return False
        manual.posted(engine, post, found[1], by=found[0], now=now)
        return True

    def _remind(self, ref: MessageRef) -> None:
        if self.look.now - self.handed.publish_at > timedelta(minutes=self.brand.late_after_minutes):
            words = (
                "Still to be posted by hand. Reply here with its link and put ✅ above once it is out; ✋ calls it off."
            )
            self.look.reply(ref, f"{self.key}:reminder", words, mark="⏰")

    def follow_up(self, ref: MessageRef) -> None:
        """What the message cannot show stands in its thread: long texts, videos; what Slack is not given is named."""
        from include.messages.asking import hand_over_rest
        from include.publishing import images

        for number, page in enumerate(hand_over_rest(self.handed.post), start=1):
            self.look.below(ref, f"{self.key}:rest:{number}", page)

        key, post = f"{self.key}:videos", self.handed.post
        has_videos = any(media.is_video and not media.is_web for media in post.media)
        if not has_videos or self.look.has_replied(key) or self.look.has_replied(f"{self.key}:left_out"):
            return
        if left := images.left_out(post):
            self.look.reply(ref, f"{self.key}:left_out", f"Not here, take it from its folder: {left}", mark="⚠️")
        if videos := images.videos(post):
            self.look.share(ref, key, "To be posted with it:", videos)
