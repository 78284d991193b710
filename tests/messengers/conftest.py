"""A Slack on this machine that gives recorded answers, and a messenger that talks to it."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from messengers.slack import SlackMessenger
from platforms.transport.access import Access

TOKEN = "xoxb-marked-secret-7f3c"


class Slack:
    """`says("chat.postMessage", {...}, ...)`: one answer after the other, the last again and again. An answer is a
    body, or (status, headers, body); `None` drops the connection. `asked` holds (method, arguments)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.tokens: set[str | None] = set()
        self.answers: dict[str, list[Any]] = {}
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def says(self, method: str, *answers: Any) -> None:
        self.answers[method] = list(answers)

    def arguments(self, method: str) -> list[dict[str, Any]]:
        return [arguments for asked, arguments in self.asked if asked == method]

    def _next(self, method: str) -> Any:
        queue = self.answers.get(method) or [{"ok": False, "error": "unknown_method"}]
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        slack = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                method = self.path.removeprefix("/api/")
                slack.tokens.add(self.headers.get("Authorization"))
                slack.asked.append((method, _arguments(self.headers.get("Content-Type") or "", body)))
                answer = slack._next(method)
                if answer is not None:
                    self._say(*(answer if isinstance(answer, tuple) else (200, {}, answer)))

            def _say(self, status: int, headers: dict[str, str], body: Any) -> None:
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


def _arguments(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        return dict(json.loads(body))
    if content_type.startswith("application/x-www-form-urlencoded") and b"=" in body:
        return {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    return {"content": body}


@pytest.fixture
def slack() -> Iterator[Slack]:
    recorded = Slack()
    threading.Thread(target=recorded.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield recorded
    recorded.http.shutdown()
    recorded.http.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def new_messenger(slack: Slack, waits: list[float]) -> Callable[..., SlackMessenger]:
    def build(url: str = "", **more: Any) -> SlackMessenger:
        access = Access.to("slack_desk", f"{url or slack.url}/api/", TOKEN)
        return SlackMessenger("slack_desk", access=access, pause=waits.append, **more)

    return build


@pytest.fixture
def messenger(new_messenger: Callable[..., SlackMessenger]) -> SlackMessenger:
    return new_messenger()
