"""Under a spike's message: ⏸ holds the brand, 👀 takes it, 🚫 says it is none, ✅ that it is real, 🏷 that a comment was
judged wrongly; a reply such as `2 positive` says what it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, MessageRef, Reply
from include.orchestration.asks import Ask, Look
from include.orchestration.asks_hold import PauseAsk

if TYPE_CHECKING:
    from include.alerts.ledger import Episode

TAKE = frozenset({"eyes"})
NO_SPIKE = frozenset({"no_entry_sign"})
REAL = frozenset({"white_check_mark"})
WRONG = frozenset({"label"})


def spike_asks(look: Look) -> Iterator[Ask]:
    """Every case that stands in Slack and is open."""
    from include.alerts.ledger import open_episodes
    from include.listening.telling import KIND, brand_of

    brands = {brand.key: brand for brand in look.brands}
    with look.engine.connect() as connection:
        episodes = open_episodes(connection, (KIND,))
    for episode in episodes:
        if brand := brands.get(brand_of(episode.alert_key)):
            yield SpikeAsk(episode.message_key, brand, episode, look)


@dataclass(frozen=True)
class SpikeAsk:
    """One open case. Its words are those of `watch_comments`. Anybody in the channel may answer; only the brand's
    approvers may hold it."""

    key: str
    brand: Brand
    episode: "Episode"
    look: Look
    listens: bool = True

    @property
    def case(self) -> str:
        return self.episode.alert_key.partition(":")[2]

    def message(self) -> None:
        return None

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.publishing.answers import approvers

        done = self._take(_who(heard, TAKE), ref)
        done |= self._dismiss(_who(heard, NO_SPIKE), ref)
        for sign, said in ((REAL, "real"), (WRONG, "wrong_sentiment")):
            done |= sum(self._keep(said, by) for by in _who(heard, sign)) > 0
        if heard.replies:
            done |= self._labels(self.look.listener.replies(ref), ref)
        if approvers(self.brand):
            done |= PauseAsk(self.key, self.brand, self.episode.headline, self.look).hear(heard, ref)
        return done

    def _take(self, who: Sequence[str], ref: MessageRef) -> bool:
        from include.listening import feedback

        if not who:
            return False
        with self.look.engine.begin() as connection:
            taken = feedback.take(connection, self.case, self._name(who[0]), self.look.now)
        if taken:
            self.look.reply(ref, f"{self.key}:taken", f"{self._name(who[0])} has it.", mark="👀")
        return taken

    def _dismiss(self, who: Sequence[str], ref: MessageRef) -> bool:
        """A standing 🚫 counts once: what got worse since is not dismissed again by it."""
        from include.listening import feedback

        news = [by for by in who if self._keep("not_a_spike", by)]
        if not news:
            return False
        with self.look.engine.begin() as connection:
            feedback.dismiss(connection, self.case, self._name(news[0]))
        words = f"{self._name(news[0])} says that it is no spike. It is told again only if it gets worse."
        self.look.reply(ref, f"{self.key}:dismissed:{news[0]}", words, mark="🚫")
        return True

    def _keep(self, said: str, by: str) -> bool:
        from include.listening import feedback

        with self.look.engine.begin() as connection:
            return feedback.keep(connection, self.case, said, by, self.look.now)  # type: ignore[arg-type]

    def _labels(self, replies: Sequence[Reply], ref: MessageRef) -> bool:
        """What the replies say of the numbered examples."""
        from include.listening import feedback

        shown, any_kept = self._examples(), False
        for reply in replies:
            kept = 0
            for number, label in feedback.corrections(reply.text):
                if 0 < number <= len(shown):
                    of, by = shown[number - 1], reply.user
                    with self.look.engine.begin() as connection:
                        kept += feedback.keep_label(connection, self.case, of, label, by, self.look.now)
            if kept:
                self.look.reply(ref, f"{self.key}:label:{reply.ts}", "Noted; the model will learn from it.", mark="🏷️")
            any_kept |= kept > 0
        return any_kept

    def _examples(self) -> Sequence[tuple[str, str]]:
        """Account and id of the comments that the message shows, by their number."""
        from include.listening.cases import shown

        with self.look.engine.connect() as connection:
            return shown(connection, self.case)

    def _name(self, member: str) -> str:
        """The name that goes with a Slack id, where brands.yml has one."""
        names = {who: name for name, who in self.brand.slack_ids.items()}
        return names.get(member, f"a colleague ({member})")


def _who(heard: Heard, signs: frozenset[str]) -> list[str]:
    return sorted({member for sign in signs for member in heard.reactions.get(sign, ())})
