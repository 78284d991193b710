"""Asking Mastodon: every answer is held against the published description where it stands beside the checkout."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from include.sandbox.running import RunningSandbox

CONTRACT = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "mastodon" / "openapi-4.7.0.json"
ACCOUNTS = [
    {"platform": "mastodon", "name": "bottega_aurora", "token": "m-aurora", "language": "it"},
    {"platform": "mastodon", "name": "mekong", "token": "m-mekong", "settings": {"instance": {"max_characters": 5000}}},
    {"platform": "mastodon", "name": "lapsed", "token": "m-lapsed", "token_state": "dead"},
]


@pytest.fixture(scope="session")
def contract() -> dict[str, Any] | None:
    return json.loads(CONTRACT.read_text()) if CONTRACT.is_file() else None


@pytest.fixture
def here(world: dict[str, Any], set_up: Callable[..., RunningSandbox]) -> RunningSandbox:
    world["accounts"] += ACCOUNTS
    return set_up(world)


def validate(contract: dict[str, Any], answer: requests.Response, method: str, path: str) -> None:
    template = "/".join("{id}" if part.isdigit() else part for part in path.split("/"))
    described = contract["paths"][template][method.lower()]["responses"].get(str(answer.status_code), {})
    for name in described.get("headers", {}):
        assert name in answer.headers or name in ("Link", "Mastodon-Async-Refresh"), name
    schema = described.get("content", {}).get("application/json", {}).get("schema")
    if schema and answer.status_code != 422:
        Draft202012Validator({**schema, "components": contract["components"]}).validate(answer.json())


@pytest.fixture
def mastodon(here: RunningSandbox, http: requests.Session, contract: Any) -> Callable[..., requests.Response]:
    """Ask as Bottega Aurora: mastodon("POST", "/api/v1/statuses", json={"status": "Ciao"})."""

    def ask(method: str, path: str, token: str = "m-aurora", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        answer = http.request(method, f"{here.url}/mastodon{path}", headers=headers, timeout=5, **more)
        if contract is not None:
            validate(contract, answer, method, path)
        return answer

    return ask
