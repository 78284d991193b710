"""Bluesky's answers in our words. Pure."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from include.domain.posts import Receipt


def receipt(post_id: str, did: str, uri: str, accepted_at: datetime) -> Receipt:
    """A record that is there: its id is its address (`at://did/collection/key`)."""
    return Receipt(post_id, uri, f"https://bsky.app/profile/{did}/post/{key_of(uri)}", accepted_at)


def key_of(uri: str) -> str:
    """The record key of an address."""
    return uri.rpartition("/")[2]


def moment(text: Any) -> datetime:
    """A `createdAt`; now, where it cannot be read."""
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return datetime.now(UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def reply_refs(parent: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """What a reply says of whom it answers, from two records as `getRecord` gives them."""
    return {name: {"uri": r["uri"], "cid": r["cid"]} for name, r in (("root", root), ("parent", parent))}


def job_of(answer: Any) -> dict[str, Any]:
    """A video's job, which stands in the answer itself or below `jobStatus`."""
    data = answer if isinstance(answer, dict) else {}
    inner = data.get("jobStatus")
    return inner if isinstance(inner, dict) else data


def server_of(session: dict[str, Any]) -> str:
    """The address of the account's own server, from its DID document; empty where that does not say."""
    services = (session.get("didDoc") or {}).get("service") or []
    found = (str(s.get("serviceEndpoint") or "") for s in services if str(s.get("id", "")).endswith("#atproto_pds"))
    return next(found, "")


def web_did(address: str) -> str:
    """The `did:web` of a server: its host, a port written as %3A (https://w3c-ccg.github.io/did-method-web/)."""
    return "did:web:" + quote(urlsplit(address).netloc, safe="")
