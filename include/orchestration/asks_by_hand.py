"""A post that a person posts by hand: everything to paste at its hour, and the link that makes it live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration.asks import Ask, Look
from include.orchestration.asks_held import SettledAsk, settled_keys

if TYPE_CHECKING:
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
        from include.publishing import answers, decisions, manual

        answer, allowed = self.look.read(self, heard, ref), answers.approvers(self.brand)
        engine, now, post_id = self.look.engine, self.look.now, self.handed.post.post_id
        self._share_videos(ref)
        if self.look.now - self.handed.publish_at > timedelta(minutes=self.brand.late_after_minutes):
            words = (
                "Still to be posted by hand. Reply here with its link and put ✅ above once it is out; ✋ calls it off."
            )
            self.look.reply(ref, f"{self.key}:reminder", words, mark="⏰")
        try:
            if answer.no:
                decisions.cancel(engine, post_id, by=answer.no[0], now=now)
                return True
            if answer.yes:
                found = answers.address(self.look.listener.replies(ref), allowed) if heard.replies else None
                if found is None:
                    words = (
                        f"{answer.yes[0]}, where is it? Reply here with its link (https://…), and it counts as live."
                    )
                    self.look.reply(ref, f"{self.key}:where", words, mark="🔗")
                    return False
                manual.posted(engine, post_id, found[1], by=found[0], now=now)
                return True
        except decisions.NotYours as refused:
            self.look.reply(ref, f"{self.key}:refused", str(refused), mark="⚠️")
        return False

    def _share_videos(self, ref: MessageRef) -> None:
        """What no block of a message can show stands in the thread as a file."""
        from include.publishing import images

        key = f"{self.key}:videos"
        has_videos = any(media.is_video for media in self.handed.post.media)
        if has_videos and not self.look.has_replied(key) and (videos := images.videos(self.handed.post)):
            self.look.share(ref, key, "To be posted with it:", videos)
