"""What people write to an account on Bluesky, as our comments. Pure.

A comment here is a post that answers, quotes or names the account. Lexicons app.bsky.notification.listNotifications,
app.bsky.feed.post, app.bsky.feed.getAuthorFeed and app.bsky.feed.threadgate, 2026-08-20. Posts cannot be edited.
`remote_id` is the post at the thread's root or the one that is quoted; a post that only names us is its own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from include.domain.comments import Comment
from platforms.bluesky import reading

REASONS = ("reply", "quote", "mention")
GATE = "app.bsky.feed.threadgate"
MOST_HIDDEN = 300  # in one thread, by the lexicon

_LINK = "app.bsky.richtext.facet#link"


def heard(view: Mapping[str, Any]) -> datetime:
    """When Bluesky came to know of a notification's or a feed's post, by which it sorts them."""
    return _moment(view.get("indexedAt")) or datetime.now(UTC)


def comment(account: str, did: str, view: Mapping[str, Any], hidden: Collection[str], *, all_known: bool) -> Comment:
    """One post, as a notification or a feed shows it. `hidden` holds what is known to be, which may not be all. Which
    reason brought it does not matter: a post that quotes and answers is told twice, and is one comment."""
    record, uri = view.get("record") or {}, str(view["uri"])
    root, parent = _stands_under(record, uri)
    author, said_at, known_at = str((view.get("author") or {}).get("did") or ""), record.get("createdAt"), heard(view)
    return Comment(
        account=account,
        comment_id=uri,
        remote_id=root,
        created_at=min(_moment(said_at) or known_at, known_at),  # who writes says when; nobody writes later than known
        text=words(record),
        author=author,
        parent_id=parent if parent != root else None,
        url=f"https://bsky.app/profile/{author}/post/{reading.key_of(uri)}",
        ours=author == did,
        hidden=uri in hidden or (False if all_known else None),
        language=next(iter(record.get("langs") or ()), None),
    )


def own_replies(feed: Iterable[Mapping[str, Any]], did: str) -> Iterator[Mapping[str, Any]]:
    """What the account itself says to others, of its feed, which holds reposts and its first posts too."""
    for each in feed:
        view = each.get("post") or {}
        mine = (view.get("author") or {}).get("did") == did
        if mine and not each.get("reason") and (view.get("record") or {}).get("reply"):
            yield view


def words(record: Mapping[str, Any]) -> str:
    """The text, with the addresses in full for which it shows a short form."""
    text = str(record.get("text") or "").encode()
    for start, end, address in sorted(_links(record), reverse=True):
        text = text[:start] + address.encode() + text[end:]
    return text.decode(errors="replace")


def root_of(view: Mapping[str, Any]) -> dict[str, str]:
    """The reference to the thread's first post, which is the post itself where it answers none."""
    reply = (view.get("record") or {}).get("reply") or {}
    root = reply.get("root") or view
    return {"uri": str(root["uri"]), "cid": str(root["cid"])}


def hidden_by(gate: Mapping[str, Any]) -> list[str]:
    """What a thread's gate hides."""
    return [str(uri) for uri in gate.get("hiddenReplies") or ()]


def owner(uri: str) -> str:
    """Whose repository an address is in."""
    return uri.removeprefix("at://").partition("/")[0]


def _stands_under(record: Mapping[str, Any], uri: str) -> tuple[str, str]:
    reply = record.get("reply") or {}
    if reply:
        return str(reply["root"]["uri"]), str(reply["parent"]["uri"])
    embed = record.get("embed") or {}
    quoted = embed.get("record") or {}
    quoted = quoted.get("record") or quoted  # beside media, the quoted post lies one deeper
    under = str(quoted.get("uri") or uri)
    return under, under


def _links(record: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    for facet in record.get("facets") or ():
        index = facet.get("index") or {}
        for feature in facet.get("features") or ():
            if feature.get("$type") == _LINK and 0 <= index.get("byteStart", -1) < index.get("byteEnd", -1):
                yield index["byteStart"], index["byteEnd"], str(feature.get("uri") or "")


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
