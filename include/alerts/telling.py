"""The one way to tell Slack: once per key, whatever is run again, and updated in place when the words changed."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from include.domain.capabilities import Messenger
from include.domain.errors import MessageGone
from include.domain.messages import Message, MessageRef
from include.warehouse.tables import message as told_table

Said = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Told:
    """Where the message stands, and what was done about it."""

    ref: MessageRef
    said: Said


def tell(
    engine: Engine, messenger: Messenger, *, key: str, channel: str, message: Message, thread: MessageRef | None = None
) -> Told:
    """Say `message` in `channel` under `key`, or as a reply in `thread`.

    A key that was told before is updated in place, wherever it stands, and said anew where somebody deleted it; with
    the same words Slack is not asked at all.
    Two processes with one key: the second waits for the first and finds it told. The key's row is held in a
    transaction during the call to Slack, so a refusal (PlatformError) leaves nothing behind and may be tried again.

    Slack knows no idempotency key. If its answer gets lost (OutcomeUnknown), or this process dies between Slack's yes
    and the commit, between which nothing else is done, the next run says it a second time. Saying twice was preferred
    to never saying; only a first message can be doubled, never an update.
    """
    digest = digest_of(message)
    with engine.begin() as connection:
        before = _claim(connection, key, channel)
        told = _say(messenger, before, digest, channel, message, thread)
        _remember(connection, key, told, digest)
    return told


def _claim(connection: Connection, key: str, channel: str) -> tuple[str, str | None, str]:
    """Channel, ts and digest of the key's row, which is made if need be and held until the transaction ends."""
    row = {"message_key": key, "channel": channel, "digest": ""}
    connection.execute(insert(told_table).values(row).on_conflict_do_nothing())
    columns = (told_table.c.channel, told_table.c.ts, told_table.c.digest)
    held = connection.execute(select(*columns).where(told_table.c.message_key == key).with_for_update()).one()
    return held.channel, held.ts, held.digest


def _say(
    messenger: Messenger,
    before: tuple[str, str | None, str],
    digest: str,
    channel: str,
    message: Message,
    thread: MessageRef | None,
) -> Told:
    known_channel, ts, said = before
    if ts is not None:
        ref = MessageRef(known_channel, ts)
        if said == digest:
            return Told(ref, "unchanged")
        with suppress(MessageGone):
            messenger.update(ref, message)
            return Told(ref, "updated")
    # a thread lives where its first message stands, whatever the channel is called by now
    place, parent = (thread.channel, thread.ts) if thread else (channel, None)
    return Told(messenger.post(place, message, thread=parent), "new")


def _remember(connection: Connection, key: str, told: Told, digest: str) -> None:
    if told.said == "unchanged":
        return
    values = {"channel": told.ref.channel, "ts": told.ref.ts, "digest": digest, "updated_at": func.now()}
    connection.execute(update(told_table).where(told_table.c.message_key == key).values(values))


def forget(engine: Engine, key: str) -> None:
    """Somebody deleted the message of this key, and with it what stood in its thread: what there is still to be said
    under the key is said anew."""
    here = or_(told_table.c.message_key == key, told_table.c.message_key.startswith(f"reply:{key}:", autoescape=True))
    with engine.begin() as connection:
        connection.execute(update(told_table).where(here).values(ts=None, digest=""))


def digest_of(message: Message) -> str:
    """A hash of all that the reader would see: words, blocks and pictures."""
    pictures = [[a.slot, a.filename, a.alt, hashlib.sha256(a.content).hexdigest()] for a in message.attachments]
    seen = [message.text, list(message.blocks), pictures]
    return hashlib.sha256(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def where_told(engine: Engine, key: str) -> MessageRef | None:
    """Where the message of this key stands; None if it was never said."""
    query = select(told_table.c.channel, told_table.c.ts).where(told_table.c.message_key == key)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return MessageRef(row.channel, row.ts) if row and row.ts else None


def told_under(engine: Engine, prefix: str, *, since: datetime) -> dict[str, MessageRef]:
    """Where the messages stand whose key begins with `prefix` and that were first said after `since`."""
    wanted = (told_table.c.message_key.startswith(prefix, autoescape=True), told_table.c.sent_at > since)
    query = select(told_table.c.message_key, told_table.c.channel, told_table.c.ts).where(*wanted)
    with engine.connect() as connection:
        return {row.message_key: MessageRef(row.channel, row.ts) for row in connection.execute(query) if row.ts}
