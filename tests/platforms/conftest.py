"""A server that gives recorded answers over a real socket, and hooks that talk to it."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from requests.auth import AuthBase

from platforms.facebook.hook import FacebookHook
from platforms.transport.access import Access
from platforms.transport.failures import Answer, Explain, explain_by
from platforms.transport.limits import Parser
from platforms.transport.session import Session
from platforms.x.hook import XHook

TOKEN = "EAAB-marked-secret-7f3c"


@dataclass(frozen=True)
class Said:
    """One recorded answer. `how` it ends: whole, `hang` (never), `reset` (before a byte), `cut` (in the middle)."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "whole"

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    connection: int  # the client's port

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


class Recorded:
    """The server. `says("GET /path", Said(...), ...)`: one answer after the other, the last again and again; a
    function of the request may stand for an answer."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, list[Said | Callable[[Asked], Said]]] = {}
        self.over = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def says(self, route: str, *answers: Said | Callable[[Asked], Said]) -> None:
        self.answers[route] = list(answers)

    def requests(self, route: str) -> list[Asked]:
        return [a for a in self.asked if f"{a.method} {a.path}" == route]

    def _next(self, asked: Asked) -> Said:
        self.asked.append(asked)
        queue = self.answers.get(f"{asked.method} {asked.path}")
        if not queue:
            return Said({"error": {"message": f"no answer recorded for {asked.method} {asked.path}", "code": 0}}, 404)
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        return answer(asked) if callable(answer) else answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorded = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                port = self.client_address[1]
                self._say(recorded._next(Asked(self.command, url.path, query, dict(self.headers), body, port)))

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

            def _say(self, said: Said) -> None:
                if said.how == "hang":
                    recorded.over.wait(20)
                if said.how in ("hang", "reset"):
                    # A linger of zero seconds makes the kernel send a reset instead of a polite end.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(said.status)
                self.send_header("Content-Length", str(len(said.content) + (100 if said.how == "cut" else 0)))
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.content)
                self.close_connection = said.how == "cut"

            def finish(self) -> None:
                if self.connection.fileno() != -1:
                    super().finish()

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture
def server() -> Iterator[Recorded]:
    recorded = Recorded()
    thread = threading.Thread(target=recorded.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield recorded
    recorded.over.set()
    recorded.http.shutdown()
    recorded.http.server_close()


@pytest.fixture
def waits() -> list[float]:
    """How long the client paused, instead of pausing."""
    return []


@pytest.fixture
def new_session(server: Recorded, waits: list[float]) -> Callable[..., Session]:
    def build(
        account: str = "facebook_aurora",
        *,
        url: str = "",
        explain: Explain = lambda answer: explain_by((), answer, {}),
        limits: Parser = lambda headers, now: None,
        auth: AuthBase | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Session:
        access = Access.to(account, url or server.url, TOKEN, extra)
        return Session(access, explain=explain, limits=limits, auth=auth, timeout=(0.5, 0.3), pause=waits.append)

    return build


@pytest.fixture
def facebook(server: Recorded, waits: list[float]) -> FacebookHook:
    return _quick(FacebookHook("facebook_aurora", access=Access.to("facebook_aurora", server.url, TOKEN)), waits)


@pytest.fixture
def x(server: Recorded, waits: list[float]) -> XHook:
    access = Access.to("x_aurora", server.url, TOKEN, {"user_id": "42"})
    return _quick(XHook("x_aurora", access=access, pause=waits.append), waits)


def _quick(hook: Any, waits: list[float]) -> Any:
    """The hook's own session, with less patience."""
    hook.session._timeout = (0.5, 0.3)
    hook.session._pause = waits.append
    return hook


@pytest.fixture
def answer_of() -> Callable[..., Answer]:
    def build(data: Any, status: int = 400, headers: dict[str, str] | None = None) -> Answer:
        return Answer("acct", "publish post p1", status, headers or {}, json.dumps(data).encode(), data)

    return build


@pytest.fixture
def talking() -> Callable[..., AbstractContextManager[str]]:
    """Begins a server that says whatever `say(connection)` says to each who comes: `with talking(say) as where`."""

    @contextmanager
    def begin(say: Callable[[socket.socket], object], tls: ssl.SSLContext | None = None) -> Iterator[str]:
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(listener, say, tls), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.close()

    def serve(listener: socket.socket, say: Callable[[socket.socket], object], tls: ssl.SSLContext | None) -> None:
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), tls.wrap_socket(wire, server_side=True) if tls else wire as client:
                client.recv(4096)
                say(client)

    return begin


@pytest.fixture
def said() -> type[Said]:
    return Said
