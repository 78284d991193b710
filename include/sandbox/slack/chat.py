"""`chat.postMessage`, `chat.update` and `chat.getPermalink`."""

from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.chance import letters
from include.sandbox.slack.arguments import Arguments
from include.sandbox.slack.blocks import problems
from include.sandbox.slack.failures import SlackError, invalid_blocks
from include.sandbox.slack.files import is_ready
from include.sandbox.slack.workspace import BOT_NAME, SlackMessage
from include.sandbox.state import Sandbox

MOST_CHARACTERS = 40_000


def post_message(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    """Say something in a channel, or in the thread of `thread_ts`."""
    slack = sandbox.slack
    channel = channel_of(sandbox, arguments)
    thread = arguments.text("thread_ts")
    if thread and (channel, thread) not in slack.messages:
        raise SlackError("thread_not_found")
    ts = slack.next_ts(sandbox.clock.now())
    body = {**_said(sandbox, arguments, ts), "type": "message", "user": slack.bot_user, "ts": ts}
    body |= {"bot_id": slack.bot_id, "app_id": "A" + letters(10, slack.team_id, "app"), "team": slack.team_id}
    body["bot_profile"] = {"id": slack.bot_id, "name": BOT_NAME, "deleted": False, "team_id": slack.team_id}
    if thread:
        parent = slack.messages[channel, thread]
        body |= {"thread_ts": parent.thread_ts or thread, "parent_user_id": parent.body["user"]}
        if arguments.truth("reply_broadcast"):
            body["subtype"] = "thread_broadcast"
    sandbox.commit({"kind": "slack_message", "channel": channel, "ts": ts, "message": body})
    return {"channel": channel, "ts": ts, "message": body}


def person_says(sandbox: Sandbox, channel: str, user: str, text: str, thread: str = "") -> str:
    """Let one of the workspace's people write, in the channel or in a thread; gives the message's ts."""
    slack = sandbox.slack
    ts = slack.next_ts(sandbox.clock.now())
    body: dict[str, Any] = {"type": "message", "user": user, "text": text, "ts": ts, "team": slack.team_id}
    if thread:
        parent = message_of(sandbox, channel, thread)
        body |= {"thread_ts": parent.thread_ts or thread, "parent_user_id": parent.body["user"]}
    sandbox.commit({"kind": "slack_message", "channel": channel, "ts": ts, "message": body})
    return ts


def update(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    """Say it anew in the same place. What is not given, text or blocks, is gone."""
    channel = channel_of(sandbox, arguments)
    message = message_of(sandbox, channel, arguments.text("ts"))
    if message.body.get("bot_id") != sandbox.slack.bot_id:
        raise SlackError("cant_update_message")
    kept = {k: v for k, v in message.body.items() if k not in ("text", "blocks", "attachments", "edited")}
    edited = {"user": sandbox.slack.bot_user, "ts": sandbox.slack.next_ts(sandbox.clock.now())}
    body = {**kept, **_said(sandbox, arguments, edited["ts"]), "edited": edited}
    sandbox.commit({"kind": "slack_update", "channel": channel, "ts": message.ts, "message": body})
    return {"channel": channel, "ts": message.ts, "text": body["text"], "message": body}


def permalink(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    channel = channel_of(sandbox, arguments)
    message = message_of(sandbox, channel, arguments.text("message_ts"))
    team = sandbox.slack.team.lower().replace(" ", "-")
    return {
        "channel": channel,
        "permalink": f"https://{team}.slack.com/archives/{channel}/p{message.ts.replace('.', '')}",
    }


def channel_of(sandbox: Sandbox, arguments: Arguments) -> str:
    channel = sandbox.slack.channel_id(arguments.text("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    return channel


def message_of(sandbox: Sandbox, channel: str, ts: str) -> SlackMessage:
    message = sandbox.slack.messages.get((channel, ts))
    if message is None:
        raise SlackError("message_not_found")
    return message


def _said(sandbox: Sandbox, arguments: Arguments, ts: str) -> dict[str, Any]:
    """The text, blocks and attachments of a message, checked; every block gets an id, as Slack gives one."""
    text, blocks = arguments.text("text"), arguments.nested("blocks", "invalid_blocks_format")
    attachments = arguments.nested("attachments", "invalid_attachments")
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > MOST_CHARACTERS:
        raise SlackError("msg_too_long")
    found = problems(blocks, lambda file: is_ready(sandbox, file)) if blocks else []
    if found:
        raise invalid_blocks(found)
    named = [{"block_id": letters(5, ts, n), **block} for n, block in enumerate(blocks or [])]
    given = (("text", text), ("blocks", named), ("attachments", attachments))
    return {name: value for name, value in given if value or name == "text"}
