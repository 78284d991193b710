"""Every request of a platform passes here: it is counted, and the fault that was told for it strikes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from include.sandbox.counters import Counters
from include.sandbox.faults import Fault, Faults

TRANSPORT = "sandbox.transport"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that found its endpoint. `answer` does it; `refuse` says a status fault in the platform's words."""

    platform: str
    method: str
    template: str
    path: str
    account: str
    answer: Callable[[], Response]
    refuse: Callable[[Fault], Response]
    version: str = ""


class Silence(Response):
    """No answer at all: the connection is closed on the caller."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[TRANSPORT].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


class Exposed:
    """Lets `Silence` reach the connection: the server's `send` belongs to the object that holds it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server: Any = getattr(send, "__self__", None)
        scope[TRANSPORT] = getattr(server, "transport", None)
        await self._app(scope, receive, send)


async def pass_gate(call: Call, counters: Counters, faults: Faults) -> Response:  # noqa: PLR0911  one per kind
    """Count the call, and answer it as its endpoint or its fault says."""
    counters.count(call.platform, call.method, call.template, call.version)
    fault = faults.strike(call.platform, call.method, call.template, call.path, call.account)
    if fault is None:
        return call.answer()
    match fault.kind:
        case "drop_before":
            return Silence()
        case "drop_after":
            call.answer()
            return Silence()
        case "delay":
            await asyncio.sleep(fault.seconds)
            return call.answer()
        case "status":
            if fault.commit:
                call.answer()
            return call.refuse(fault)
        case "malformed":
            return _half(call.answer())
        case _:
            return _slowly(call.answer(), fault.seconds)


def _half(response: Response) -> Response:
    body = bytes(response.body)
    return Response(body[: len(body) // 2], response.status_code, _headers(response))


def _slowly(response: Response, seconds: float) -> Response:
    body = bytes(response.body)

    async def chunks() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        await asyncio.sleep(seconds)
        yield body[len(body) // 2 :]

    return StreamingResponse(chunks(), response.status_code, _headers(response))


def _headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "content-length"}
