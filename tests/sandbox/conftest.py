"""A sandbox per test, and the platforms' published contracts where they stand beside the checkout."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from include.sandbox.declaration import parse_declaration
from include.sandbox.running import RunningSandbox
from include.sandbox.server import bind, build
from include.sandbox.state import Sandbox

CONTRACTS = Path(__file__).resolve().parents[3] / "shared" / "contracts"

WORLD: dict[str, Any] = {
    "accounts": [
        {
            "platform": "facebook",
            "name": "bottega_aurora",
            "title": "Bottega Aurora",
            "brand": "aurora",
            "token": "EAAaurora",
            "language": "it",
            "timezone": "Europe/Rome",
        },
        {"platform": "facebook", "name": "mekong", "title": "Mekong", "token": "EAAmekong", "language": "lo"},
        {"platform": "facebook", "name": "lapsed", "token": "EAAlapsed", "token_state": "dead"},
        {"platform": "x", "name": "bottega_aurora", "title": "Bottega Aurora", "token": "x-aurora", "language": "it"},
        {"platform": "x", "name": "mekong", "token": "x-mekong", "language": "lo", "timezone": "Asia/Vientiane"},
        {"platform": "x", "name": "lapsed", "token": "x-lapsed", "token_state": "dead"},
    ],
    "slack": {
        "token": "xoxb-desk",
        "team": "Bottega",
        "channels": ["#aurora", "#desk-ops"],
        "users": ["Marta"],
    },
}
NOON = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
"""A Friday."""

Answer = Callable[..., requests.Response]


@pytest.fixture
def world() -> dict[str, Any]:
    return json.loads(json.dumps(WORLD))


class Stage:
    """One server for all tests, on which each test sets up its own sandbox: to start and stop one takes 0.2 s."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Stage, str]]:
    stage, listener = Stage(), bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(stage, log_level="warning", lifespan="off", date_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield stage, f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def set_up(stage: tuple[Stage, str]) -> Callable[..., RunningSandbox]:
    """Set up a sandbox of a world, at noon of Friday, 20 November 2026."""

    def start(world: dict[str, Any], seed: int = 7, journal: Path | None = None) -> RunningSandbox:
        sandbox = Sandbox(parse_declaration(world, seed), seed, journal)
        sandbox.clock.set(NOON)
        stage[0].app = build(sandbox)
        return RunningSandbox(stage[1], sandbox)

    return start


@pytest.fixture
def here(world: dict[str, Any], set_up: Callable[..., RunningSandbox]) -> RunningSandbox:
    """The usual sandbox, fresh."""
    return set_up(world)


@pytest.fixture(scope="session")
def http() -> Iterator[requests.Session]:
    """Connections that are kept open, for most tests are not about connections."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def graph(here: RunningSandbox, http: requests.Session) -> Answer:
    """Ask the Graph API as Bottega Aurora's Page: graph("GET", "/me/insights", metric=...)."""

    def ask(method: str, path: str, token: str = "EAAaurora", **params: Any) -> requests.Response:
        sent = {"access_token": token, **params}
        where = f"{here.url}/facebook/v25.0{path}"
        if method == "POST":
            return http.post(where, data=sent, timeout=5)
        return http.request(method, where, params=sent, timeout=5)

    return ask


@pytest.fixture
def tell(here: RunningSandbox) -> Answer:
    """Arm a fault."""

    def arm(**fault: Any) -> requests.Response:
        return requests.post(f"{here.url}/_sandbox/faults", json=fault, timeout=5)

    return arm


@pytest.fixture(scope="session")
def contracts() -> Path:
    """The folder of published contracts; a test that needs it is skipped where there is none."""
    if not CONTRACTS.is_dir():
        pytest.skip(f"The platforms' contracts are not beside this checkout ({CONTRACTS}).")
    return CONTRACTS


@pytest.fixture
def png() -> bytes:
    """A picture of one pixel."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f6178e"
        "5d0000000049454e44ae426082"
    )
