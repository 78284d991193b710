"""What the network shows of posts: notifications, an author's feed, posts by their addresses.

Lexicons app.bsky.notification.listNotifications, app.bsky.feed.getAuthorFeed and getPosts, which an account's own
server passes on to the network's view of everything. The sandbox's people reply; they quote and mention nobody. A
cursor is the moment and the address that a page ended with.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.bluesky.failures import invalid
from include.sandbox.bluesky.identity import POSTS, handle_of, record_cid
from include.sandbox.bluesky.sessions import Sessions
from include.sandbox.conversation import comments_of
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, find_said, timeline
from include.sandbox.world.conversation import WorldComment

MOST, MOST_POSTS = 100, 25
LOOKED_THROUGH = timedelta(days=40)
"""What was said before that is not found any more; it spares the sandbox much work."""
FILTERS = ("posts_with_replies", "posts_no_replies", "posts_with_media", "posts_and_author_threads", "posts_with_video")
View = dict[str, Any]


class Feeds:
    """What one network shows. `records` are those of posts that came through the API, as they were sent."""

    def __init__(self, sandbox: Sandbox, sessions: Sessions, records: Mapping[str, dict[str, Any]]) -> None:
        self._sandbox, self._sessions, self._records = sandbox, sessions, records

    def notifications(self, ask: Ask) -> dict[str, Any]:
        account, reasons, now = self._sessions.signed_in(ask), ask.every("reasons"), self._now()
        said = now.said_to(account)
        found = [c for c in said.values() if c.author and (not reasons or "reply" in reasons)]
        page, cursor = _paged(ask, [(c.created_at, c.comment_id) for c in found])
        more = {"reason": "reply", "isRead": False}
        return {"notifications": [{**now.view(u), **more, "reasonSubject": _above(said[u])} for u in page], **cursor}

    def author(self, ask: Ask) -> dict[str, Any]:
        account, now = self._sessions.known(ask.query.get("actor", "")), self._now()
        if account is None:
            raise invalid("Profile not found")
        kind = ask.query.get("filter") or FILTERS[0]
        if kind not in FILTERS:
            raise invalid(f"Error: filter must be one of {', '.join(FILTERS)}")
        own = {each.remote_id: each.created_at for each in timeline(self._sandbox, account, None, None)}
        own |= {c.comment_id: c.created_at for c in now.said_to(account).values() if c.author is None}
        shown = [uri for uri in own if kind != "posts_no_replies" or "reply" not in now.view(uri)["record"]]
        page, cursor = _paged(ask, [(own[uri], uri) for uri in shown])
        return {"feed": [{"post": now.view(uri)} for uri in page], **cursor}

    def posts(self, ask: Ask) -> dict[str, Any]:
        """Those that are there."""
        self._sessions.signed_in(ask)
        uris, now = ask.every("uris"), self._now()
        if not 1 <= len(uris) <= MOST_POSTS:
            raise invalid(f"Error: uris must have 1 to {MOST_POSTS} elements")
        return {"posts": [now.view(uri) for uri in dict.fromkeys(uris) if now.strong(uri)]}

    def strong(self, uri: str) -> dict[str, str] | None:
        """The reference to a post that is there; None where it is not."""
        return self._now().strong(uri)

    def _now(self) -> "_Now":
        return _Now(self._sandbox, self._records)


class _Now:
    """The network at one moment: what was said is gathered once."""

    def __init__(self, sandbox: Sandbox, records: Mapping[str, dict[str, Any]]) -> None:
        self._sandbox, self._records = sandbox, records
        self._said: dict[str, dict[str, WorldComment]] = {}

    def said_to(self, account: DeclaredAccount) -> dict[str, WorldComment]:
        if account.key not in self._said:
            since = self._sandbox.clock.now() - LOOKED_THROUGH
            self._said[account.key] = {c.comment_id: c for c in comments_of(self._sandbox, account, since)}
        return self._said[account.key]

    def strong(self, uri: str) -> dict[str, str] | None:
        found = self._find(uri)
        return {"uri": uri, "cid": record_cid([uri, found[1].text])} if found else None

    def view(self, uri: str) -> View:
        found, place = self._find(uri), self.strong(uri)
        assert found is not None
        assert place is not None
        account, said = found
        who = {"did": account.native_id, "handle": handle_of(account), "displayName": account.title}
        if isinstance(said, WorldComment) and said.author:
            who = {"did": said.author.person_id, "handle": f"{said.author.username}.test"}
            who["displayName"] = said.author.name
        record = self._records.get(uri) or self._record(account, said)
        return {**place, "author": who, "record": record, "indexedAt": _stamp(said.created_at + timedelta(seconds=1))}

    def _find(self, uri: str) -> tuple[DeclaredAccount, Said | WorldComment] | None:
        """A post of an account, or what somebody said to one."""
        accounts = self._sandbox.accounts("bluesky")
        own = next((account for account in accounts if uri.startswith(f"at://{account.native_id}/")), None)
        said = find_said(self._sandbox, own, uri) if own else None
        if own and said:
            return own, said
        found = ((account, self.said_to(account).get(uri)) for account in accounts)
        return next(((account, said) for account, said in found if said), None)

    def _record(self, account: DeclaredAccount, said: Said | WorldComment) -> dict[str, Any]:
        record: dict[str, Any] = {"$type": POSTS, "text": said.text, "createdAt": _stamp(said.created_at)}
        if isinstance(said, Said):
            return {**record, "langs": [account.language.split("-")[0]]}
        refs = {"root": self.strong(said.post_id), "parent": self.strong(_above(said))}
        spoken = {} if said.language == "und" else {"langs": [said.language]}
        return {**record, **spoken, "reply": refs}


def _above(comment: WorldComment) -> str:
    return comment.parent_id or comment.post_id


def _paged(ask: Ask, found: list[tuple[datetime, str]]) -> tuple[list[str], dict[str, str]]:
    """The addresses of one page, the newest first, and its cursor."""
    limit = int(ask.query.get("limit") or 50)
    if not 1 <= limit <= MOST:
        raise invalid(f"Error: limit must be 1 to {MOST}")
    keys = sorted((f"{_stamp(at)}::{uri}" for at, uri in found), reverse=True)
    rest = [key for key in keys if key < (ask.query.get("cursor") or "~")]
    cursor = {"cursor": rest[limit - 1]} if len(rest) > limit else {}
    return list(_addresses(rest[:limit])), cursor


def _addresses(keys: list[str]) -> Iterator[str]:
    yield from (key.partition("::")[2] for key in keys)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
