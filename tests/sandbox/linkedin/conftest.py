"""Asking LinkedIn as an organization, with the two headers that every call needs."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

HEADERS = {"LinkedIn-Version": "202607", "X-Restli-Protocol-Version": "2.0.0"}


@pytest.fixture
def here(set_up: Callable[..., RunningSandbox]) -> RunningSandbox:
    accounts = [
        {"platform": "linkedin", "name": "aurora", "token": "AQXaurora", "native_id": "2414183"},
        {"platform": "linkedin", "name": "lapsed", "token": "AQXlapsed", "token_state": "dead"},
    ]
    return set_up({"accounts": accounts})


@pytest.fixture
def linkedin(here: RunningSandbox, http: requests.Session) -> Callable[..., requests.Response]:
    """Ask LinkedIn: linkedin("POST", "/rest/posts", json={...}, headers={...})."""

    def ask(
        method: str, path: str, token: str = "AQXaurora", headers: dict[str, str] | None = None, **content: Any
    ) -> requests.Response:
        sent = {**HEADERS, **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        sent = {name: value for name, value in sent.items() if value}
        where = path if path.startswith("http") else f"{here.url}/linkedin{path}"
        return http.request(method, where, headers=sent, timeout=5, **content)

    return ask
