"""`reactions.add`, `reactions.get` and `reactions.remove`."""

import re
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.slack.arguments import Arguments
from include.sandbox.slack.chat import channel_of, message_of
from include.sandbox.slack.failures import SlackError
from include.sandbox.slack.workspace import SlackMessage
from include.sandbox.state import Sandbox

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    channel, message = _item(sandbox, arguments)
    react(sandbox, channel, message, _name(arguments), sandbox.slack.bot_user)
    return {}


def remove(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    channel, message = _item(sandbox, arguments)
    take_back(sandbox, channel, message, _name(arguments), sandbox.slack.bot_user)
    return {}


def get(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    channel, message = _item(sandbox, arguments)
    return {"type": "message", "channel": channel, "message": sandbox.slack.shown(message)}


def react(sandbox: Sandbox, channel: str, message: SlackMessage, name: str, user: str) -> None:
    """Add `user`'s reaction. Raises `already_reacted` for the second time."""
    if user in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    sandbox.commit({"kind": "slack_reaction", "channel": channel, "ts": message.ts, "name": name, "user": user})


def take_back(sandbox: Sandbox, channel: str, message: SlackMessage, name: str, user: str) -> None:
    """Remove `user`'s reaction. Raises `no_reaction` where there is none."""
    if user not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    sandbox.commit({"kind": "slack_unreaction", "channel": channel, "ts": message.ts, "name": name, "user": user})


def _item(sandbox: Sandbox, arguments: Arguments) -> tuple[str, SlackMessage]:
    if not arguments.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = channel_of(sandbox, arguments)
    return channel, message_of(sandbox, channel, arguments.text("timestamp"))


def _name(arguments: Arguments) -> str:
    name = arguments.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name
