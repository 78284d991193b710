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

    def reply(self, ref: MessageRef, key: str, words: str, *, mark: str = "ℹ️") -> None:
        """A sentence in a message's thread, once per key."""
        from include.alerts.telling import tell
        from include.messages.asking import note

        tell(
            self.engine,
            self.messenger,
            key=f"reply:{key}",
            channel=ref.channel,
            message=note(words, mark=mark),
            thread=ref,
        )

    def share(self, ref: MessageRef, key: str, words: str, files: Sequence[Attachment]) -> None:
        """Files in a message's thread, to be taken away; once per key."""
        from include.alerts.telling import tell

        message = Message(words, attachments=tuple(files))
        tell(self.engine, self.messenger, key=f"reply:{key}", channel=ref.channel, message=message, thread=ref)

    def has_replied(self, key: str) -> bool:
        from include.alerts.telling import where_told

        return where_told(self.engine, f"reply:{key}") is not None

    def read(self, ask: Ask, heard: Heard, ref: MessageRef) -> "Answer":
        """What the brand's approvers said. Others are told once that theirs does not count."""
        from include.publishing import answers

        allowed = answers.approvers(ask.brand)
        answer = answers.read(heard, allowed)
        if answer.strangers:
            names = " or ".join(allowed) or "nobody, until brands.yml names their Slack ids"
            self.reply(ref, f"{ask.key}:strangers", f"Only the brand's approvers can answer here: {names}.")
        return answer

    def read_pause(self, ask: Ask, heard: Heard, ref: MessageRef) -> str:
        """Which approver wants the brand on hold; empty where none does. Others are told once."""
        from include.publishing import answers

        only = {name: who for name, who in heard.reactions.items() if name in answers.PAUSE}
        pause = self.read(ask, Heard(only, heard.replies), ref).pause
        return pause[0] if pause else ""
