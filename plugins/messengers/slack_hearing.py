"""What people said under a message, out of Slack's JSON. Pure.

https://docs.slack.dev/reference/methods/conversations.history, conversations.replies and reactions.get, read on
2026-11-24 beside Slack's own OpenAPI file: a message carries `reactions` (name, users, count) and `reply_count`. Where
very many reacted, `users` may be shorter than `count`; `reactions.get` with `full` has them all.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from include.domain.messages import Heard, MessageRef, Reply


def heard(message: Mapping[str, Any]) -> Heard:
    """The reactions and the number of replies of one message. A skin tone does not matter: `hand::skin-tone-3`."""
    reactions: dict[str, frozenset[str]] = {}
    for each in message.get("reactions") or ():
        name = str(each["name"]).partition("::")[0]
        reactions[name] = reactions.get(name, frozenset()) | frozenset(map(str, each["users"]))
    return Heard(reactions, int(message.get("reply_count") or 0))


def is_whole(message: Mapping[str, Any]) -> bool:
    """Whether everybody who reacted is named in it."""
    return all(len(each["users"]) >= int(each.get("count") or 0) for each in message.get("reactions") or ())


def replies(thread: Iterable[Mapping[str, Any]], first: MessageRef) -> list[Reply]:
    """What people wrote in a thread, without the message that began it and without what apps wrote."""
    written = (each for each in thread if str(each["ts"]) != first.ts and not each.get("bot_id"))
    return [Reply(str(each.get("user") or ""), str(each.get("text") or ""), str(each["ts"])) for each in written]


def by_channel(refs: Iterable[MessageRef]) -> dict[str, list[str]]:
    """The ts of the messages by channel, sorted: the first and the last say how far to look back."""
    found: dict[str, set[str]] = {}
    for ref in refs:
        found.setdefault(ref.channel, set()).add(ref.ts)
    return {channel: sorted(stamps) for channel, stamps in found.items()}
