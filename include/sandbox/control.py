"""The sandbox's own controls under /_sandbox: what was asked of it, what is live, what shall fail, what time it is."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from include.sandbox.declaration import lags
from include.sandbox.slack.chat import person_says
from include.sandbox.slack.failures import SlackError
from include.sandbox.slack.reactions import react, take_back
from include.sandbox.state import Sandbox
from include.sandbox.talking import reword, say, withdraw

NOBODY = "There is no such person, channel or message in the workspace."


def routes(sandbox: Sandbox) -> list[Route]:
    """The routes below /_sandbox."""

    async def health(request: Request) -> Response:
        now = sandbox.clock.now().isoformat()
        return JSONResponse({"ok": True, "now": now, "seed": sandbox.seed, "accounts": _accounts(sandbox)})

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            sandbox.counters.clear()
        return JSONResponse(sandbox.counters.summary())

    async def live(request: Request) -> Response:
        return JSONResponse(live_posts(sandbox, f"{request.url.scheme}://{request.url.netloc}"))

    async def clock(request: Request) -> Response:
        return await _answered(request, lambda asked: _set_clock(sandbox, asked))

    async def faults(request: Request) -> Response:
        if request.method == "POST":
            return await _answered(request, sandbox.faults.arm)
        if request.method == "DELETE":
            sandbox.faults.clear()
        return JSONResponse({"faults": sandbox.faults.listed()})

    async def lag(request: Request) -> Response:
        return await _answered(request, lambda asked: _set_lag(sandbox, asked))

    async def comments(request: Request) -> Response:
        change = {"PATCH": reword, "DELETE": withdraw}.get(request.method, say)
        return await _answered(request, lambda asked: change(sandbox, asked))

    async def reaction(request: Request) -> Response:
        change = _person_takes_back if request.method == "DELETE" else _person_reacts
        return await _answered(request, lambda asked: change(sandbox, asked))

    async def message(request: Request) -> Response:
        return await _answered(request, lambda asked: _person_writes(sandbox, asked))

    return [
        Route("/_sandbox/health", health),
        Route("/_sandbox/requests", requests, methods=["GET", "DELETE"]),
        Route("/_sandbox/live", live),
        Route("/_sandbox/clock", clock, methods=["GET", "POST"]),
        Route("/_sandbox/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/lag", lag, methods=["GET", "POST"]),
        Route("/_sandbox/comments", comments, methods=["POST", "PATCH", "DELETE"]),
        Route("/_sandbox/slack/reactions", reaction, methods=["POST", "DELETE"]),
        Route("/_sandbox/slack/messages", message, methods=["POST"]),
    ]


def live_posts(sandbox: Sandbox, base: str) -> dict[str, Any]:
    """Every post of the log, oldest first. `times`: how often those very words are live on that account now."""
    said = Counter(post.said for post in sandbox.posts if post.live)
    rows = [
        {
            "platform": post.platform,
            "account": post.account,
            "remote_id": post.remote_id,
            "text": post.text,
            "link": post.link,
            "media": len(post.media),
            "reply_to": post.reply_to,
            "created_at": post.created_at.isoformat(),
            "url": post.url,
            "view_url": f"{base}/view/platforms#{post.remote_id}",
            "published": post.published,
            "deleted": post.deleted_at is not None,
            "times": said[post.said],
        }
        for post in sandbox.posts
    ]
    return {"posts": rows, "live": said.total()}


async def _answered(request: Request, change: Any) -> Response:
    """Do what the JSON body says; a sentence and 400 when it cannot be done."""
    try:
        asked = json.loads(await request.body() or b"{}")
        if not isinstance(asked, dict):
            raise ValueError("The body must be a JSON object.")
        return JSONResponse(change(asked))
    except (ValueError, KeyError) as error:
        return JSONResponse({"error": str(error)}, 400)


def _set_clock(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    if "now" in asked:
        sandbox.clock.set(datetime.fromisoformat(str(asked["now"]).replace("Z", "+00:00")))
    sandbox.clock.advance(float(asked.get("advance_s", 0)))
    return {"now": sandbox.clock.now().isoformat()}


def _set_lag(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    """Let the platforms' lists lag behind: {"x": 90}, in seconds. What is not named stays as it is."""
    sandbox.lists_lag_s |= lags(asked)
    return {"lists_lag_s": sandbox.lists_lag_s}


def _person_reacts(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    """Let one of the workspace's people react: {"channel", "ts", "name", "user": "Marta"}."""
    user, channel = _who_and_where(sandbox, asked)
    message = sandbox.slack.messages.get((channel, str(asked.get("ts"))))
    if message is None:
        raise ValueError(NOBODY)
    with _in_words():
        react(sandbox, channel, message, str(asked["name"]).strip(":"), user)
    return {"ok": True}


def _person_takes_back(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    """Let one of the workspace's people take a reaction back; asked as for reacting."""
    user, channel = _who_and_where(sandbox, asked)
    message = sandbox.slack.messages.get((channel, str(asked.get("ts"))))
    if message is None:
        raise ValueError(NOBODY)
    with _in_words():
        take_back(sandbox, channel, message, str(asked["name"]).strip(":"), user)
    return {"ok": True}


def _person_writes(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    """Let one of the workspace's people write: {"channel", "text", "user": "Marta", "thread_ts": optional}."""
    user, channel = _who_and_where(sandbox, asked)
    with _in_words():
        ts = person_says(sandbox, channel, user, str(asked["text"]), str(asked.get("thread_ts") or ""))
    return {"ok": True, "ts": ts}


def _who_and_where(sandbox: Sandbox, asked: dict[str, Any]) -> tuple[str, str]:
    slack = sandbox.slack
    user = next((i for i, name in slack.people.items() if asked.get("user") in (i, name)), None)
    channel = slack.channel_id(str(asked.get("channel", "")))
    if user is None or channel is None:
        raise ValueError(NOBODY)
    return user, channel


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except SlackError as error:
        raise ValueError(str(error)) from error


def _accounts(sandbox: Sandbox) -> list[dict[str, str]]:
    return [
        {"key": a.key, "platform": a.platform, "name": a.name, "native_id": a.native_id, "token_state": a.token_state}
        for a in sandbox.declaration.accounts
    ]
