"""What is asked in Slack and read back from there: what every kind of question has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from include.domain import Attachment, Brand, Heard, Listener, Message, MessageRef, Messenger, Post
from include.orchestration import doors

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.messages.asking import Draft
    from include.publishing.answers import Answer

WATCHED = timedelta(hours=24)
"""How long a message is still looked at after its question was settled: for an answer that comes too late."""


class Ask(Protocol):
    """A message in Slack that people may react to. Its words are a function of what the warehouse says."""

    @property
    def key(self) -> str:
        """What it is told under."""
        ...

    @property
    def brand(self) -> Brand: ...

    @property
    def listens(self) -> bool:
        """Whether an answer may still do something."""
        ...

    def message(self) -> Message | None:
        """As it reads now; None where it is not ours to say, or not worth saying any more."""
        ...

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        """Do what people said. Whether that changed anything."""
        ...


@dataclass(frozen=True)
class Look:
    """One look at everything that is asked: the doors it needs, opened once."""

    engine: "Engine"
    brands: Sequence[Brand]
    now: datetime

    @classmethod
    def begin(cls) -> "Look":
        return cls(doors.warehouse(), doors.brands(), datetime.now(UTC))

    @cached_property
    def messenger(self) -> Messenger:
        return doors.messenger()

    @cached_property
    def listener(self) -> Listener:
        return doors.listener()

    @cached_property
    def by_account(self) -> Mapping[str, Brand]:
        return {account.key: brand for brand in self.brands for account in brand.accounts}

    def draft(self, post: Post, brand: Brand, source: str = "") -> "Draft":
        from include.messages.asking import Draft

        return Draft(post, brand.title, doors.platform_of(post.account).title, brand.timezone, source)

    def told(self, prefix: str, *, days: int = 7) -> dict[str, MessageRef]:
        """Where the messages of one kind stand, by key."""
        from include.alerts.telling import told_under

        return told_under(self.engine, prefix, since=self.now - timedelta(days=days))

    def say(self, ask: Ask) -> None:
        from include.alerts.telling import tell

        message = ask.message()
        if message is not None:
            tell(self.engine, self.messenger, key=ask.key, channel=ask.brand.channel, message=message)

    def place_of(self, ask: Ask) -> MessageRef | None:
        """Where it stands in Slack; None where it was never said."""
        from include.alerts.telling import where_told

        return where_told(self.engine, ask.key)

    def reply(self, ref: MessageRef, key: str, words: str, *, mark: str = "ℹ️") -> None:
        """A sentence in a message's thread, once per key."""
        from include.messages.asking import note

        self.below(ref, key, note(words, mark=mark))

    def share(self, ref: MessageRef, key: str, words: str, files: Sequence[Attachment]) -> None:
        """Files in a message's thread, to be taken away; once per key."""
        self.below(ref, key, Message(words, attachments=tuple(files)))

    def below(self, ref: MessageRef, key: str, message: Message) -> None:
        """A message in another one's thread, once per key."""
        from include.alerts.telling import tell

        tell(self.engine, self.messenger, key=f"reply:{key}", channel=ref.channel, message=message, thread=ref)

    def has_replied(self, key: str) -> bool:
        from include.alerts.telling import where_told

        return where_told(self.engine, f"reply:{key}") is not None

    def read(self, ask: Ask, heard: Heard) -> "Answer":
        """What the brand's approvers said."""
        from include.publishing import answers

        return answers.read(heard, answers.approvers(ask.brand))

    def turn_away(self, ask: Ask, answer: "Answer", ref: MessageRef) -> None:
        """Tell others once that their answer does not count; after the one that does was kept."""
        from include.publishing import answers

        if answer.strangers:
            names = " or ".join(answers.approvers(ask.brand)) or "nobody, until brands.yml names their Slack ids"
            self.reply(ref, f"{ask.key}:strangers", f"Only the brand's approvers can answer here: {names}.")

    def link_in(self, ref: MessageRef, brand: Brand, post: Post) -> "tuple[str, str] | None":
        """Who of the approvers gave the post's link in the thread, and which."""
        from include.publishing import addresses, answers

        network = addresses.network_of(post.account)
        return answers.address(self.listener.replies(ref), answers.approvers(brand), network)
