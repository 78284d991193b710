"""A channel that keeps what is said in it, and can refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine, text

from include.domain import Alert, Message, MessageGone, MessageRef, Refused, Severity


@dataclass
class Channel:
    """A Messenger whose messages can be read: each is [channel, thread, text], by its ts, as it stands now."""

    said: dict[str, list[str | None]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refuses: Callable[[Message], bool] = lambda message: False
    before_calling: Callable[[], None] = lambda: None

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> MessageRef:
        self.before_calling()
        self._check(message)
        ts = f"{len(self.said) + 1}.0"
        self.said[ts] = [f"id of {channel.removeprefix('id of ')}", thread, message.text]
        self.calls.append(f"post {ts}")
        return MessageRef(str(self.said[ts][0]), ts)

    def update(self, ref: MessageRef, message: Message) -> None:
        self.before_calling()
        self._check(message)
        if ref.ts not in self.said:
            raise MessageGone("The message is no longer there.")
        assert self.said[ref.ts][0] == ref.channel
        self.said[ref.ts][2] = message.text
        self.calls.append(f"update {ref.ts}")

    def _check(self, message: Message) -> None:
        if self.refuses(message):
            raise Refused("Slack said no: channel_not_found. Invite the bot.")

    def texts(self, thread: str | None = None) -> list[str | None]:
        return [words for _, parent, words in self.said.values() if parent == thread]


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def late() -> Alert:
    return Alert("late_post", "x_mekong", "Mekong on X: 1 post late", "Mon 09:00 “Hi”.", "Look.", Severity.WARNING)


@pytest.fixture
def back_in_time(engine: Engine) -> Callable[[str], None]:
    """Make everything that happened so far happen earlier, by an interval such as `2 hours`."""

    def shift(interval: str) -> None:
        moved = ", ".join(f"{name} = {name} - interval '{interval}'" for name in ("opened_at", "seen_at", "closed_at"))
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE desk.alert_episode SET {moved}"))

    return shift
