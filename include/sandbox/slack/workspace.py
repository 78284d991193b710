"""What a Slack workspace holds: channels, people, messages with their threads and reactions, files."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from include.sandbox.chance import letters
from include.sandbox.declaration import DeclaredSlack
from include.sandbox.journal import Event

BOT_NAME = "Social Desk"


@dataclass(slots=True)
class SlackFile:
    """An uploaded file; `completed_at` is None until `files.completeUploadExternal`."""

    file_id: str
    name: str
    length: int
    title: str = ""
    alt: str = ""
    mime: str = ""
    content: bytes = b""
    channels: list[str] = field(default_factory=list)
    completed_at: datetime | None = None


@dataclass(slots=True)
class SlackMessage:
    """A message as `conversations.history` shows it. `body` is the API's own JSON without its reactions."""

    channel: str
    ts: str
    body: dict[str, Any]
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def thread_ts(self) -> str | None:
        """The thread that this is a reply in; None for a message of the channel itself."""
        thread: str | None = self.body.get("thread_ts")
        return thread if thread != self.ts else None


class Workspace:
    """One workspace. Everything in it can be rebuilt from the journal's events."""

    def __init__(self, declared: DeclaredSlack, seed: int) -> None:
        self.token, self.team = declared.token, declared.team
        self.file_seconds = declared.file_seconds
        self.team_id = "T" + letters(10, seed, "team", declared.team)
        self.bot_id = "B" + letters(10, seed, "bot", declared.team)
        self.bot_user = "U" + letters(10, seed, "bot user", declared.team)
        names = (name.removeprefix("#") for name in declared.channels)
        self.channels = {"C" + letters(10, seed, "channel", name): name for name in names}
        self.people = dict(_person(user, seed) for user in declared.users)
        self.messages: dict[tuple[str, str], SlackMessage] = {}
        self.files: dict[str, SlackFile] = {}
        self._last = 0

    def channel_id(self, given: str) -> str | None:
        """The channel of an id or of a name, with or without its #."""
        if given in self.channels:
            return given
        return next((i for i, name in self.channels.items() if name == given.removeprefix("#")), None)

    def next_ts(self, now: datetime) -> str:
        """A message's id: the time in microseconds, never twice the same."""
        self._last = max(self._last + 1, int(now.timestamp() * 1_000_000))
        return f"{self._last // 1_000_000:010}.{self._last % 1_000_000:06}"

    def history(self, channel: str) -> list[SlackMessage]:
        """A channel's own messages, oldest first, without the replies in threads unless they were broadcast."""
        shown = (m for m in self.messages.values() if m.channel == channel)
        return [m for m in sorted(shown, key=lambda m: m.ts) if not m.thread_ts or m.body.get("subtype")]

    def replies(self, channel: str, thread_ts: str) -> list[SlackMessage]:
        """The replies of a thread, oldest first, without the message that began it."""
        found = (m for m in self.messages.values() if m.channel == channel and m.thread_ts == thread_ts)
        return sorted(found, key=lambda m: m.ts)

    def shown(self, message: SlackMessage) -> dict[str, Any]:
        """A message as the API gives it: with its reactions and, when it has a thread, how many replied."""
        body = dict(message.body)
        if message.reactions:
            counted = message.reactions.items()
            body["reactions"] = [{"name": n, "users": list(users), "count": len(users)} for n, users in counted]
        replies = self.replies(message.channel, message.ts)
        if replies:
            users = list(dict.fromkeys(str(r.body["user"]) for r in replies))
            body |= {"thread_ts": message.ts, "reply_count": len(replies), "reply_users": users}
            body |= {"reply_users_count": len(users), "latest_reply": replies[-1].ts, "subscribed": False}
        return body

    def name_of(self, user: str) -> str:
        return BOT_NAME if user == self.bot_user else self.people.get(user, user)

    def apply(self, event: Event) -> None:
        """Do what an accepted write said."""
        match event["kind"]:
            case "slack_message":
                key = (event["channel"], event["ts"])
                self.messages[key] = SlackMessage(*key, event["message"])
                self._last = max(self._last, int(event["ts"].replace(".", "")))
            case "slack_update":
                self.messages[event["channel"], event["ts"]].body = event["message"]
            case "slack_reaction":
                users = self.messages[event["channel"], event["ts"]].reactions.setdefault(event["name"], [])
                users.append(event["user"])
            case "slack_unreaction":
                reactions = self.messages[event["channel"], event["ts"]].reactions
                reactions[event["name"]].remove(event["user"])
                if not reactions[event["name"]]:
                    del reactions[event["name"]]
            case "slack_file":
                self._add_file(event)

    def _add_file(self, event: Event) -> None:
        fields = {k: v for k, v in event.items() if k not in ("kind", "content", "completed_at")}
        content, at = base64.b64decode(event["content"]), datetime.fromisoformat(event["completed_at"])
        self.files[event["file_id"]] = SlackFile(**fields, content=content, completed_at=at)


def _person(user: str | Mapping[str, str], seed: int) -> tuple[str, str]:
    """Member id and name; who was declared by name alone gets an id from the seed."""
    if isinstance(user, str):
        return "U" + letters(10, seed, "user", user), user
    return user["id"], user["name"]


def file_event(file: SlackFile, at: datetime) -> Event:
    """A completed file as the journal keeps it."""
    return {
        "kind": "slack_file",
        "file_id": file.file_id,
        "name": file.name,
        "length": file.length,
        "title": file.title,
        "alt": file.alt,
        "mime": file.mime,
        "channels": file.channels,
        "content": base64.b64encode(file.content).decode(),
        "completed_at": at.isoformat(),
    }
