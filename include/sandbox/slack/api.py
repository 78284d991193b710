"""From a path below Slack's root to its method, and the upload addresses that Slack hands out."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.gate import Call, pass_gate
from include.sandbox.slack.arguments import Arguments, check_token
from include.sandbox.slack.failures import SlackError, told
from include.sandbox.slack.files import receive
from include.sandbox.slack.methods import METHODS
from include.sandbox.state import Sandbox

SCOPES = "chat:write,files:write,files:read,channels:read,groups:read,reactions:read,channels:history,groups:history"
UPLOAD = "/upload/v1/"


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below Slack's root."""

    async def endpoint(request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        upload = ask.path.startswith(UPLOAD)
        call = Call(
            platform="slack",
            method=ask.method,
            template=UPLOAD + "{file}" if upload else ask.path,
            path=ask.path,
            account="",
            answer=lambda: _upload(sandbox, ask) if upload else _answer(sandbox, ask),
            refuse=told,
        )
        return await pass_gate(call, sandbox.counters, sandbox.faults)

    return endpoint


def _answer(sandbox: Sandbox, ask: Ask) -> Response:
    try:
        method = METHODS.get(ask.path.removeprefix("/api/"))
        if method is None:
            raise SlackError("unknown_method", req_method=ask.path.removeprefix("/api/"))
        check_token(sandbox.slack, ask)
        body = {"ok": True, **method(sandbox, Arguments(ask), ask)}
    except SlackError as error:
        body = error.body
    return JSONResponse(body, headers={"x-oauth-scopes": SCOPES})


def _upload(sandbox: Sandbox, ask: Ask) -> Response:
    try:
        return PlainTextResponse(receive(sandbox, ask.path.removeprefix(UPLOAD), ask))
    except SlackError as error:
        return PlainTextResponse(str(error), 400)
