"""The gates of threads: records that say who may answer and which replies are hidden. Lexicon app.bsky.feed.threadgate.

A gate lies in the repository of the thread's first post, under the same key. They live as long as the process.
"""

from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.bluesky.failures import XrpcError, invalid
from include.sandbox.bluesky.identity import GATES, POSTS, record_cid
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox

MOST_HIDDEN, MOST_RULES = 300, 5
PROPERTIES = {"$type", "post", "allow", "createdAt", "hiddenReplies"}


class Gates:
    """Every account's gates by record key."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._kept: dict[tuple[str, str], dict[str, Any]] = {}

    def put(self, account: DeclaredAccount, body: dict[str, Any]) -> dict[str, Any]:
        """`putRecord`. `swapRecord` is the record that is to be replaced: a content id, or null where there is none."""
        rkey, record = str(body.get("rkey")), body["record"]
        _check(account, rkey, record)
        before = self._kept.get((account.native_id, rkey))
        if "swapRecord" in body and body["swapRecord"] != (record_cid(before) if before else None):
            raise XrpcError("InvalidSwap", f"Record was at {record_cid(before) if before else None}")
        self._kept[account.native_id, rkey] = record
        was = set((before or {}).get("hiddenReplies") or ())
        for uri in was ^ set(record.get("hiddenReplies") or ()):
            event = {"kind": "hidden", "platform": "bluesky", "comment_id": uri, "hidden": uri not in was}
            self._sandbox.commit({**event, "at": self._sandbox.clock.now().isoformat()})
        return {**_shown(account, rkey, record, value=False), "validationStatus": "valid"}

    def get(self, account: DeclaredAccount, rkey: str) -> dict[str, Any]:
        record = self._kept.get((account.native_id, rkey))
        if record is None:
            raise invalid(f"Could not locate record: at://{account.native_id}/{GATES}/{rkey}", "RecordNotFound")
        return _shown(account, rkey, record)

    def list(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        """The newest first, by record key."""
        limit, before = int(ask.query.get("limit") or 50), ask.query.get("cursor") or "~"
        keys = sorted((k for did, k in self._kept if did == account.native_id and k < before), reverse=True)
        page = [_shown(account, rkey, self._kept[account.native_id, rkey]) for rkey in keys[:limit]]
        return {"records": page, **({"cursor": keys[limit - 1]} if len(keys) > limit else {})}


def _check(account: DeclaredAccount, rkey: str, record: Any) -> None:
    if not isinstance(record, dict) or record.get("$type") != GATES or record.keys() - PROPERTIES:
        raise invalid(f"Invalid {GATES} record")
    if record.get("post") != f"at://{account.native_id}/{POSTS}/{rkey}":
        raise invalid("The gate must have the key of the thread's first post, and lie in the same repository")
    hidden, rules = record.get("hiddenReplies") or [], record.get("allow") or []
    if not isinstance(record.get("createdAt"), str):
        raise invalid('Record must have the property "createdAt"')
    if len(hidden) > MOST_HIDDEN or len(rules) > MOST_RULES:
        raise invalid(f"Record/hiddenReplies must not have more than {MOST_HIDDEN} elements, nor allow {MOST_RULES}")
    if not all(isinstance(uri, str) and uri.startswith("at://") for uri in hidden):
        raise invalid("Record/hiddenReplies must be at-uris")


def _shown(account: DeclaredAccount, rkey: str, record: dict[str, Any], *, value: bool = True) -> dict[str, Any]:
    place = {"uri": f"at://{account.native_id}/{GATES}/{rkey}", "cid": record_cid(record)}
    return {**place, **({"value": record} if value else {})}
