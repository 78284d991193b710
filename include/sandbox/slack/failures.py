"""How Slack refuses: HTTP 200 with `ok: false` and a word; 429 alone is a status."""

from typing import Any

from starlette.responses import JSONResponse, Response

from include.sandbox.faults import Fault


class SlackError(Exception):
    """A refusal; `error` is Slack's word for it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.body = {"ok": False, "error": error, **more}


def invalid_blocks(problems: list[str]) -> SlackError:
    """What is wrong with the blocks, each with a JSON pointer to where."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return SlackError("invalid_blocks", errors=problems, response_metadata={"messages": messages})


def told(fault: Fault) -> Response:
    """A fault of kind `status` in Slack's words: 429 is `ratelimited`; `code` names any other error."""
    if fault.code:
        return JSONResponse({"ok": False, "error": fault.code})
    if fault.status == 429:
        headers = {"Retry-After": str(max(1, round(fault.retry_after)))}
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
    if fault.status in (401, 403):
        return JSONResponse({"ok": False, "error": "invalid_auth"})
    return Response("upstream connect error", fault.status, media_type="text/plain")
