"""Asking Bluesky: `xrpc("GET", "com.atproto.repo.getRecord", ...)`, and every answer is held against its lexicon."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

LEXICONS = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "bluesky" / "lexicons"
QUIET = {"history": False}
ACCOUNTS = [
    {"platform": "bluesky", "name": "bottega_aurora", "token": "abcd-aurora"},
    {
        "platform": "bluesky",
        "name": "mekong",
        "token": "abcd-mekong",
        "settings": {"handle": "mekong.bsky.social", **QUIET},
    },
    {"platform": "bluesky", "name": "lapsed", "token": "abcd-lapsed", "token_state": "dead", "settings": QUIET},
]


@pytest.fixture
def here(world: dict[str, Any], set_up: Callable[..., RunningSandbox]) -> RunningSandbox:
    world["accounts"] += ACCOUNTS
    return set_up(world)


def lexicon(method: str) -> dict[str, Any] | None:
    file = LEXICONS.joinpath(*method.split(".")).with_suffix(".json")
    return json.loads(file.read_text()) if file.is_file() else None


def output_problems(method: str, answer: Any) -> list[str]:
    """What the lexicon demands of an answer and it does not have, or has and the lexicon does not know."""
    contract = lexicon(method)
    schema = contract["defs"]["main"].get("output", {}).get("schema") if contract else None
    if not schema or schema.get("type") != "object":
        return []
    missing = [name for name in schema.get("required", ()) if name not in answer]
    beside_job = {"jobId", "did", "state", "progress", "blob"} if "jobStatus" in answer else set()
    return missing + sorted(set(answer) - set(schema["properties"]) - beside_job)


@pytest.fixture
def xrpc(here: RunningSandbox, http: requests.Session) -> Callable[..., requests.Response]:
    def ask(method: str, name: str, token: str = "", /, *, data: Any = None, json: Any = None, **params: Any):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": "video/mp4"} if data is not None else {}
        url = f"{here.url}/bluesky/xrpc/{name}"
        answer = http.request(method, url, params=params, json=json, data=data, headers=headers, timeout=5)
        if answer.ok:
            assert output_problems(name, answer.json()) == []
        else:
            assert {"error", "message"} <= set(answer.json())
        return answer

    return ask


@pytest.fixture
def session(xrpc: Callable[..., requests.Response]) -> dict[str, Any]:
    """Bottega Aurora, signed in."""
    who = {"identifier": "bottega-aurora.test", "password": "abcd-aurora"}
    return xrpc("POST", "com.atproto.server.createSession", json=who).json()


@pytest.fixture
def create(xrpc: Callable[..., requests.Response], session: dict[str, Any]) -> Callable[..., requests.Response]:
    def ask(rkey: str = "3lbd5jkxo2c2a", **record: Any) -> requests.Response:
        said = {"$type": "app.bsky.feed.post", "text": "Buongiorno", "createdAt": "2026-11-20T12:00:00Z", **record}
        body = {"repo": session["did"], "collection": "app.bsky.feed.post", "rkey": rkey, "record": said}
        return xrpc("POST", "com.atproto.repo.createRecord", session["accessJwt"], json=body)

    return ask
