"""The HTTP application, and the server that binds it to loopback and to nothing else."""

import socket
from email.utils import format_datetime
from ipaddress import ip_address

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.sandbox import control, registry
from include.sandbox.gate import Exposed
from include.sandbox.media_folder import route as media_route
from include.sandbox.state import Sandbox
from include.sandbox.view import routes as pages

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
FRONT = """Social Desk sandbox

/view/slack      the messages
/view/platforms  what is live
/media/          the files of the folder that the world names as media_dir
/_sandbox/       health, requests, live, clock, faults, lag
/slack/api/      Slack's Web API, and below /{platforms}/ those networks' APIs
"""


def build(sandbox: Sandbox) -> ASGIApp:
    """The application that serves one sandbox."""
    served = {name: module.serve(sandbox) for name, module in registry.served().items()}
    routes = [Route(f"/{name}/{{path:path}}", serve, methods=METHODS) for name, serve in served.items()]
    front = Route("/", _front)
    return Exposed(
        _Dated(
            Starlette(routes=[front, media_route(sandbox), *routes, *control.routes(sandbox), *pages.routes(sandbox)]),
            sandbox,
        )
    )


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on loopback. Raises ValueError with a sentence for any other host."""
    if host != "localhost" and not _loopback(host):
        raise ValueError(
            f"The sandbox listens on this machine only, not on {host}: it has no passwords and forgives much. "
            "Leave --host out, or give 127.0.0.1."
        )
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    return listener


def server_of(sandbox: Sandbox) -> uvicorn.Server:
    """A uvicorn server without an access log; the sandbox's own clock dates its answers."""
    config = uvicorn.Config(
        build(sandbox),
        access_log=False,
        log_level="warning",
        date_header=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


class _Dated:
    """Dates every answer by the sandbox's clock, so that a client can tell how far off its own is."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app, self._sandbox = app, sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._sandbox.clock.now(), usegmt=True).encode()
                message["headers"] = [*message["headers"], (b"date", date)]
            await send(message)

        await self._app(scope, receive, dated)


async def _front(request: Request) -> PlainTextResponse:
    return PlainTextResponse(FRONT.format(platforms="/, /".join(registry.platforms())))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
