"""Files in three steps: `files.getUploadURLExternal`, the upload, `files.completeUploadExternal`; and `files.info`.

Slack looks at a file before it can stand in a message: with `file_seconds` in the world, `files.info` gives no
`mimetype` and an image block refuses the file for so long after its completion.
"""

import mimetypes
from datetime import timedelta
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.chance import letters
from include.sandbox.images import kind_of, size_of
from include.sandbox.slack.arguments import Arguments
from include.sandbox.slack.failures import SlackError
from include.sandbox.slack.workspace import SlackFile, file_event
from include.sandbox.state import Sandbox

MOST_BYTES = 1 << 30


def upload_url(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    """An address to send the bytes to, and the file's id."""
    name, length = arguments.text("filename"), arguments.text("length")
    if not name or not length.isdigit():
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field"]})
    if not 0 < int(length) <= MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    file_id = "F" + letters(10, sandbox.seed, name, sandbox.slack.next_ts(sandbox.clock.now()))
    sandbox.slack.files[file_id] = SlackFile(file_id, name, int(length), alt=arguments.text("alt_txt"))
    return {"upload_url": f"{ask.base}/slack/upload/v1/{file_id}", "file_id": file_id}


def receive(sandbox: Sandbox, file_id: str, ask: Ask) -> str:
    """Take the bytes of an upload, raw or as the one part of a multipart body. The answer is Slack's plain text."""
    file = sandbox.slack.files.get(file_id)
    if file is None or file.completed_at is not None:
        raise SlackError("invalid_upload_token")
    sent = next(iter(ask.files.values()), None)
    content = sent.content if sent else ask.raw
    if len(content) != file.length:
        raise SlackError("upload_size_mismatch")
    file.content = content
    file.mime = kind_of(content) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"OK - {len(content)}"


def complete(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    """Finish uploads; with a channel the files are said there, else they wait for a block to show them."""
    entries = arguments.nested("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments")
    files = [_uploaded(sandbox, entry) for entry in entries]
    channels = [arguments.text("channel_id")] if arguments.text("channel_id") else []
    channels += [c for c in arguments.text("channels").split(",") if c]
    if any(sandbox.slack.channel_id(channel) is None for channel in channels):
        raise SlackError("channel_not_found")
    for file, entry in zip(files, entries, strict=True):
        file.title = str(entry.get("title") or file.name)
        file.channels = [str(sandbox.slack.channel_id(c)) for c in channels]
        sandbox.commit(file_event(file, sandbox.clock.now()))
    for channel in channels:
        _share(sandbox, str(sandbox.slack.channel_id(channel)), [f.file_id for f in files], arguments, ask)
    return {"files": [shown(sandbox, sandbox.slack.files[f.file_id], ask.base) for f in files]}


def info(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    file = sandbox.slack.files.get(arguments.text("file"))
    if file is None or file.completed_at is None:
        raise SlackError("file_not_found")
    return {"file": shown(sandbox, file, ask.base), "comments": []}


def is_ready(sandbox: Sandbox, file_id: str) -> bool:
    """Whether a block can show the file: completed, an image, and looked at by Slack."""
    file = sandbox.slack.files.get(file_id)
    if file is None or file.completed_at is None:
        return False
    seen_at = file.completed_at + timedelta(seconds=sandbox.slack.file_seconds)
    return file.mime.startswith("image/") and sandbox.clock.now() >= seen_at


def shown(sandbox: Sandbox, file: SlackFile, base: str) -> dict[str, Any]:
    """A file as the API gives it."""
    assert file.completed_at is not None
    slack, created = sandbox.slack, int(file.completed_at.timestamp())
    url = f"{base}/view/media/slack/{file.file_id}"
    seen = sandbox.clock.now() >= file.completed_at + timedelta(seconds=slack.file_seconds)
    kind = file.mime.rpartition("/")[2] if seen else ""
    width, height = size_of(file.content)
    whole = {
        "id": file.file_id,
        "created": created,
        "timestamp": created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mime if seen else "",
        "filetype": {"jpeg": "jpg"}.get(kind, kind),
        "pretty_type": kind.upper(),
        "user": slack.bot_user,
        "mode": "hosted",
        "editable": False,
        "is_external": False,
        "external_type": "",
        "is_public": bool(file.channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "size": len(file.content),
        "url_private": url,
        "url_private_download": url,
        "permalink": f"https://{slack.team.lower().replace(' ', '-')}.slack.com/files/{slack.bot_user}/{file.file_id}",
        "channels": file.channels,
        "groups": [],
        "ims": [],
        "comments_count": 0,
    }
    return whole | ({"original_w": width, "original_h": height} if seen and width else {})


def _uploaded(sandbox: Sandbox, entry: Any) -> SlackFile:
    file = sandbox.slack.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if file is None or not file.content:
        raise SlackError("file_not_found")
    if file.completed_at is not None:
        raise SlackError("file_update_failed")
    return file


def _share(sandbox: Sandbox, channel: str, ids: list[str], arguments: Arguments, ask: Ask) -> None:
    slack, ts = sandbox.slack, sandbox.slack.next_ts(sandbox.clock.now())
    files = [shown(sandbox, slack.files[file_id], ask.base) for file_id in ids]
    body: dict[str, Any] = {"type": "message", "text": arguments.text("initial_comment"), "ts": ts, "files": files}
    body |= {"user": slack.bot_user, "bot_id": slack.bot_id, "team": slack.team_id, "upload": True}
    thread = arguments.text("thread_ts")
    if (channel, thread) in slack.messages:
        body |= {"thread_ts": thread, "parent_user_id": slack.messages[channel, thread].body["user"]}
    sandbox.commit({"kind": "slack_message", "channel": channel, "ts": ts, "message": body})
