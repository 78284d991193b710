"""A message to people, before it knows where it will be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message. A message's block shows it where its `image` block names `slot`."""

    slot: str
    filename: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is the notification (its first 80 characters are what a phone shows), `blocks` Slack Block Kit.

    An image block whose `slack_file` is `{"slot": name}` shows the attachment of that name; the messenger uploads
    it and puts the file's id there.
    """

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message stands: Slack's channel id and the timestamp that is its id there."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What people did under a message: who reacted with what (the emoji's name to member ids), how many replied; or
    that somebody deleted it (`is_gone`)."""

    reactions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    replies: int = 0
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote in a message's thread. `user` is a member id, `ts` the reply's own id."""

    user: str
    text: str
    ts: str
