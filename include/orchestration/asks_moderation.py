"""The question about comments: ✅ does what a rule wants, ✋ leaves them, 👀 takes them, ↩️ takes back what was done."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration import doors
from include.orchestration.asks import WATCHED, Ask, Look

if TYPE_CHECKING:
    from include.listening.actions import Action

log = logging.getLogger(__name__)

MOST_IN_ANSWER = 2000


def moderation_asks(look: Look) -> Iterator[Ask]:
    """Every proposal that is open, may still be taken back, or that something became of lately."""
    from include.listening import actions

    actions.expire(look.engine, now=look.now)
    brands = {brand.key: brand for brand in look.brands}
    for key, rows in actions.of_interest(look.engine, now=look.now, settled_for=WATCHED).items():
        if brand := brands.get(rows[0].brand):
            yield ModerationAsk(key, brand, rows, look)


@dataclass(frozen=True)
class ModerationAsk:
    """One proposal: what is to be done about one comment, or the same about several."""

    key: str
    brand: Brand
    rows: "Sequence[Action]"
    look: Look

    @property
    def listens(self) -> bool:
        return any(row.state in ("proposed", "applied") for row in self.rows)

    def message(self) -> Message:
        from include.listening.moderation_words import proposal
        from include.publishing import answers

        networks = {row.account: doors.platform_of(row.account).title for row in self.rows}
        who = list(answers.approvers(self.brand))
        return proposal(self.brand, self.rows, networks=networks, who=who, now=self.look.now)

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.listening import actions, signs
        from include.publishing import answers

        allowed, engine, now = answers.approvers(self.brand), self.look.engine, self.look.now
        is_taken, done = self._take(heard), 0
        if no := signs.names(heard, signs.NO, allowed):
            done = actions.decide(engine, self.key, is_yes=False, by=no[0], now=now)
        elif (yes := signs.names(heard, signs.YES, allowed)) and self._reword(heard, ref):
            done = actions.decide(engine, self.key, is_yes=True, by=yes[0], now=now)
        if undo := signs.names(heard, signs.UNDO, allowed):
            done += actions.want_undone(engine, self.key, by=undo[0], now=now)
        if done:
            from include.orchestration import moderating

            moderating.carry_out(self.key)
        self.look.turn_away(self, self.look.read(self, heard), ref)
        return done > 0 or is_taken

    def _take(self, heard: Heard) -> bool:
        """Whoever puts 👀 first sees to it. Whether that is news."""
        from include.listening import attending, signs
        from include.publishing import answers

        if not (who := signs.names(heard, signs.TAKE, answers.approvers(self.brand))):
            return False
        news = [
            attending.take(self.look.engine, account, comment_id, self.brand.key, by=who[0], now=self.look.now)
            for account, comment_id in dict.fromkeys((row.account, row.comment_id) for row in self.rows)
        ]
        return any(news)

    def _reword(self, heard: Heard, ref: MessageRef) -> bool:
        """The last of an approver's replies that begins with `answer:` is what is sent. Whether the yes may count: not
        where that reply cannot be used, for nobody said yes to the words that were there before it."""
        from include.listening import actions
        from include.listening.moderation_words import REWORDED
        from include.publishing import answers

        is_open = any(row.what == "answer" and row.state == "proposed" for row in self.rows)
        if not (heard.replies and is_open):
            return True
        names = {member: name for name, member in answers.approvers(self.brand).items()}
        for reply in reversed(self.look.listener.replies(ref)):
            said = reply.text.strip()
            if reply.user in names and said.lower().startswith(REWORDED):
                words = plain(said[len(REWORDED) :])
                if why := _unusable(words):
                    self.look.reply(ref, f"{self.key}:unusable:{reply.ts}", why, mark="⚠️")
                    return False
                actions.reword(self.look.engine, self.key, words, by=names[reply.user])
                break
        return True

    def follow_up(self, ref: MessageRef) -> None:
        """Whoever is given a comment is called by name, once, in the message's thread."""
        for row in self.rows:
            if row.what == "assign" and row.state == "applied":
                who = self.brand.slack_ids.get(row.after) or row.after
                self.look.below(ref, f"{self.key}:assigned:{row.action_id}", _assigned(who, row))


def _assigned(who: str, row: "Action") -> Message:
    from include.listening.lead_words import person
    from include.messages.slack_text import fitted, link, sections

    words = f"{person(who)}: this is yours, says the rule {row.rule}."
    return fitted(Message(words, tuple(sections([f"{words} {link(row.comment_url, 'see it')}"]))))


def _unusable(words: str) -> str:
    """Why an approver's own words cannot be the answer, and what to do; empty where they can."""
    why = (
        f"it has {len(words):,} characters, and {MOST_IN_ANSWER:,} is the most" if words else "there are no words in it"
    )
    if 0 < len(words) <= MOST_IN_ANSWER:
        return ""
    return f"Nothing is sent: {why}. Reply again with «answer: …», or delete that reply to have the draft sent."


def plain(text: str) -> str:
    """What somebody wrote in Slack as it would stand elsewhere: links bare, Slack's own escapes undone."""
    import re

    bare = re.sub(r"<(?:mailto:|tel:)?([^|<>@#!][^|<>]*)(?:\|[^<>]*)?>", r"\1", text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
