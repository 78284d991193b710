"""`conversations.list`, `conversations.history` and `conversations.replies`, with their cursors."""

import base64
import binascii
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.slack.arguments import Arguments
from include.sandbox.slack.failures import SlackError
from include.sandbox.slack.workspace import SlackMessage
from include.sandbox.state import Sandbox

CREATED = 1_704_067_200


def list_channels(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    slack = sandbox.slack
    every = [_channel(sandbox, channel, name) for channel, name in slack.channels.items()]
    if "public_channel" not in arguments.text("types", "public_channel").split(","):
        every = []
    start, size = _start(arguments), arguments.number("limit", 100, 1000)
    shown = every[start : start + size]
    return {"channels": shown, "response_metadata": {"next_cursor": _cursor(start + size, len(every))}}


def history(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    """A channel's messages, newest first."""
    channel = _by_id(sandbox, arguments)
    return _paged(sandbox, _within(sandbox.slack.history(channel)[::-1], arguments), arguments) | {"pin_count": 0}


def replies(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    """A thread: the message that began it, then its replies, oldest first."""
    channel, ts = _by_id(sandbox, arguments), arguments.text("ts")
    message = sandbox.slack.messages.get((channel, ts))
    if message is None:
        raise SlackError("thread_not_found")
    first = sandbox.slack.messages[channel, message.thread_ts or ts]
    within = _within(sandbox.slack.replies(channel, first.ts), arguments)
    return _paged(sandbox, [first, *within], arguments)


def _by_id(sandbox: Sandbox, arguments: Arguments) -> str:
    """The channel of an id: to write, a name will do; to read, it will not."""
    channel = arguments.text("channel")
    if channel not in sandbox.slack.channels:
        raise SlackError("channel_not_found")
    return channel


def _paged(sandbox: Sandbox, messages: list[SlackMessage], arguments: Arguments) -> dict[str, Any]:
    start, size = _start(arguments), arguments.number("limit", 100, 999)
    more = start + size < len(messages)
    shown = [sandbox.slack.shown(message) for message in messages[start : start + size]]
    answer: dict[str, Any] = {"messages": shown, "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": _cursor(start + size, len(messages))}
    return answer


def _within(messages: list[SlackMessage], arguments: Arguments) -> list[SlackMessage]:
    oldest, latest = arguments.text("oldest", "0"), arguments.text("latest", "9999999999")
    try:
        first, last = float(oldest), float(latest)
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    if arguments.truth("inclusive"):
        return [m for m in messages if first <= float(m.ts) <= last]
    return [m for m in messages if first < float(m.ts) < last]


def _channel(sandbox: Sandbox, channel: str, name: str) -> dict[str, Any]:
    slack = sandbox.slack
    note = {"value": "", "creator": "", "last_set": 0}
    no = {f"is_{word}": False for word in ("group", "im", "mpim", "private", "archived", "shared", "org_shared")}
    return {
        "id": channel,
        "name": name,
        "name_normalized": name,
        "is_channel": True,
        "is_member": True,
        "is_general": name == "general",
        **no,
        "created": CREATED,
        "creator": slack.bot_user,
        "unlinked": 0,
        "topic": note,
        "purpose": note,
        "previous_names": [],
        "num_members": len(slack.people) + 1,
    }


def _cursor(start: int, total: int) -> str:
    return base64.b64encode(f"at:{start}".encode()).decode() if start < total else ""


def _start(arguments: Arguments) -> int:
    cursor = arguments.text("cursor")
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("at:")) if cursor else 0
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
