"""Names of the AT Protocol: DIDs, handles, record keys, addresses of records, and content ids."""

import base64
import hashlib
import json
import re
from typing import Any

from include.sandbox.chance import chance
from include.sandbox.declaration import DeclaredAccount

POSTS = "app.bsky.feed.post"
GATES = "app.bsky.feed.threadgate"
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
# https://atproto.com/specs/tid: base32-sortable, the first bit 0; https://atproto.com/specs/handle
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
HANDLE = re.compile(r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")
DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")


def native_id(seed: int, name: str) -> str:
    """An account's DID."""
    return "did:plc:" + "".join(chance(seed, "bluesky", name).choices(BASE32, k=24))


def handle_of(account: DeclaredAccount) -> str:
    return str(account.settings.get("handle") or f"{account.name.replace('_', '-')}.test").lower()


def uri_of(account: DeclaredAccount, rkey: str) -> str:
    return f"at://{account.native_id}/{POSTS}/{rkey}"


def blob_cid(content: bytes) -> str:
    """The content id of raw bytes: CIDv1, raw, SHA-256."""
    return _cid(b"\x01\x55\x12\x20", content)


def record_cid(record: Any) -> str:
    """A content id for a record. The network hashes DAG-CBOR; here JSON is hashed, for nobody computes it again."""
    return _cid(b"\x01\x71\x12\x20", json.dumps(record, sort_keys=True).encode())


def _cid(prefix: bytes, content: bytes) -> str:
    whole = prefix + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(whole).decode().rstrip("=").lower()
