"""An account's repository: uploadBlob, createRecord, getRecord, listRecords, deleteRecord for posts, and putRecord for
the gates of threads.

A record key that is taken is answered with 500 InternalServerError, as the server does today (bluesky-social/atproto
issue 3718; pull request 4728 would name the error, and was open on 2026-11-24). A reply to what is not there is
refused; the real server does not look.
"""

from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.bluesky.failures import XrpcError, invalid, stumbled
from include.sandbox.bluesky.feeds import Feeds
from include.sandbox.bluesky.gates import Gates
from include.sandbox.bluesky.identity import GATES, POSTS, TID, blob_cid, handle_of, record_cid, uri_of
from include.sandbox.bluesky.records import blobs_of, check_post
from include.sandbox.bluesky.sessions import Sessions
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.images import kind_of
from include.sandbox.posts import LoggedPost, StoredMedia, post_event
from include.sandbox.state import Sandbox, media_event

MOST_BLOB_BYTES = 300_000_000


class Repo:
    """The repositories of one server. `_records` are the posts' records as they were sent, while the process lives."""

    def __init__(self, sandbox: Sandbox, sessions: Sessions) -> None:
        self._sandbox, self._sessions = sandbox, sessions
        self._records: dict[str, dict[str, Any]] = {}
        self.feeds, self._gates = Feeds(sandbox, sessions, self._records), Gates(sandbox)

    def upload(self, ask: Ask) -> dict[str, Any]:
        account = self._sessions.signed_in(ask)
        if not ask.raw:
            raise invalid("Request encoding (Content-Type) required but not provided")
        if len(ask.raw) > MOST_BLOB_BYTES:
            raise XrpcError("PayloadTooLarge", "request entity too large", 413)
        mime = kind_of(ask.raw) or ask.headers.get("content-type", "application/octet-stream")
        return {"blob": self.keep(account, ask.raw, mime)}

    def keep(self, account: DeclaredAccount, content: bytes, mime: str) -> dict[str, Any]:
        """Store a blob; the answer refers to it."""
        cid = blob_cid(content)
        if self._blob(account, cid) is None:
            media = StoredMedia(f"{account.native_id}/{cid}", "bluesky", account.name, mime, content, self._now())
            self._sandbox.commit(media_event(media))
        return {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": len(content)}

    def create(self, ask: Ask) -> dict[str, Any]:
        account, body = self._own(ask, "record")
        record, rkey = body["record"], str(body.get("rkey") or _tid(self._sandbox))
        if not TID.fullmatch(rkey):
            raise invalid(f"Invalid record key: {POSTS} wants a tid, not {rkey}")
        check_post(record, lambda cid: self._blob(account, cid))
        self._check_reply(record)
        uri = uri_of(account, rkey)
        taken = self._sandbox.posts.find("bluesky", uri)
        if taken is not None and taken.live:
            raise stumbled()
        self._publish(account, uri, rkey, record)
        return {**self._strong(uri), "commit": {"cid": record_cid([uri]), "rev": rkey}, "validationStatus": "valid"}

    def delete(self, ask: Ask) -> dict[str, Any]:
        """Take a record away; one that is not there is away."""
        account, body = self._own(ask, "rkey")
        uri = uri_of(account, str(body["rkey"]))
        post = self._sandbox.posts.find("bluesky", uri)
        if post is not None and post.live:
            event = {"kind": "delete", "platform": "bluesky", "remote_id": uri, "at": self._now().isoformat()}
            self._sandbox.commit(event)
        return {}

    def get(self, ask: Ask) -> dict[str, Any]:
        account = self._named(ask.query.get("repo", ""))
        uri = uri_of(account, ask.query.get("rkey", ""))
        if ask.query.get("collection") == GATES:
            return self._gates.get(account, ask.query.get("rkey", ""))
        if ask.query.get("collection") == POSTS:
            post = self._sandbox.posts.find("bluesky", uri)
            if post is not None and post.live:
                return self._shown(post)
        raise invalid(f"Could not locate record: {uri}", "RecordNotFound")

    def list(self, ask: Ask) -> dict[str, Any]:
        """The newest first, by record key; `cursor` is the key that a page ended with."""
        account, limit = self._named(ask.query.get("repo", "")), int(ask.query.get("limit") or 50)
        if not 1 <= limit <= 100:
            raise invalid("Error: limit can not be greater than 100")
        if ask.query.get("collection") == GATES:
            return self._gates.list(account, ask)
        posts = [p for p in self._sandbox.posts.of("bluesky", account.name) if p.live]
        before = ask.query.get("cursor") or "~"
        rest = sorted((p for p in posts if _rkey(p) < before), key=_rkey, reverse=True)
        page = [self._shown(post) for post in rest[:limit]] if ask.query.get("collection") == POSTS else []
        return {"records": page, **({"cursor": _rkey(rest[limit - 1])} if len(rest) > limit else {})}

    def put(self, ask: Ask) -> dict[str, Any]:
        """Write a gate; posts are created and never changed."""
        account, body = self._own(ask, "record", GATES)
        return self._gates.put(account, body)

    def _publish(self, account: DeclaredAccount, uri: str, rkey: str, record: dict[str, Any]) -> None:
        embed, reply = record.get("embed") or {}, record.get("reply") or {}
        media = tuple(f"{account.native_id}/{cid}" for cid, _ in blobs_of(record))
        for cid, alt in blobs_of(record):
            named = {"kind": "media_alt", "platform": "bluesky", "media_id": f"{account.native_id}/{cid}", "alt": alt}
            self._sandbox.commit(named)
        link = (embed.get("external") or {}).get("uri")
        parent, root = ((reply.get(name) or {}).get("uri") for name in ("parent", "root"))
        under = root if root and root != parent else ""
        url = f"https://bsky.app/profile/{handle_of(account)}/post/{rkey}"
        self._records[uri] = record
        post = LoggedPost(
            "bluesky", account.name, uri, record["text"], link, media, self._now(), url, reply_to=parent, under=under
        )
        self._sandbox.commit(post_event(post))

    def _check_reply(self, record: dict[str, Any]) -> None:
        for ref in (record.get("reply") or {}).values():
            if self.feeds.strong(ref["uri"]) != {"uri": ref["uri"], "cid": ref["cid"]}:
                raise invalid(f"There is no record {ref['uri']} with that cid to reply to")

    def _shown(self, post: LoggedPost) -> dict[str, Any]:
        return {**self._strong(post.remote_id), "value": self._record(post.remote_id)}

    def _strong(self, uri: str) -> dict[str, str]:
        return {"uri": uri, "cid": record_cid([uri, self._record(uri)["text"]])}

    def _record(self, uri: str) -> dict[str, Any]:
        """As it was sent; after a restart, what the log still knows of it."""
        post = self._sandbox.posts.find("bluesky", uri)
        assert post is not None
        known = {"$type": POSTS, "text": post.text, "createdAt": post.created_at.isoformat()}
        return self._records.get(uri) or known

    def _own(self, ask: Ask, needed: str, kept: str = POSTS) -> tuple[DeclaredAccount, dict[str, Any]]:
        account = self._sessions.signed_in(ask)
        body = ask.body if isinstance(ask.body, dict) else {}
        for name in ("repo", "collection", needed):
            if not body.get(name):
                raise invalid(f'Input must have the property "{name}"')
        if self._named(str(body["repo"])) != account:
            raise XrpcError("AuthenticationRequired", "Authentication Required", 401)
        if body["collection"] != kept:
            raise invalid(f"The sandbox keeps {kept} here, not {body['collection']}")
        return account, body

    def _named(self, repo: str) -> DeclaredAccount:
        account = self._sessions.known(repo)
        if account is None:
            raise invalid(f"Could not find repo: {repo}")
        return account

    def _blob(self, account: DeclaredAccount, cid: str) -> StoredMedia | None:
        return self._sandbox.posts.media("bluesky", f"{account.native_id}/{cid}")

    def _now(self) -> Any:
        return self._sandbox.clock.now()


def _rkey(post: LoggedPost) -> str:
    return post.remote_id.rpartition("/")[2]


def _tid(sandbox: Sandbox) -> str:
    """A key of the server's own making, from the time."""
    value, digits = int(sandbox.clock.now().timestamp() * 1e6) << 10, "234567abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[value >> shift & 31] for shift in range(60, -1, -5))
