"""The addresses of the pages for people, and of the images in them."""

import html
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from include.sandbox.state import Sandbox
from include.sandbox.view.platforms_page import platforms_page
from include.sandbox.view.slack_page import Shown, page, render


def routes(sandbox: Sandbox) -> list[Route]:
    """The routes below /view."""

    async def channels(request: Request) -> Response:
        slack = sandbox.slack
        said = {channel: len(slack.history(channel)) for channel in slack.channels}
        counts = {channel: "1 message" if n == 1 else f"{n} messages" for channel, n in said.items()}
        items = "".join(
            f'<li><a href="/view/slack/{html.escape(name)}">#{html.escape(name)}</a> · {counts[channel]}</li>'
            for channel, name in slack.channels.items()
        )
        head = f'<div class="channel">{html.escape(slack.team)}</div>'
        return HTMLResponse(page(slack.team, f'{head}<ul class="list">{items}</ul>'))

    async def channel(request: Request) -> Response:
        found = sandbox.slack.channel_id(request.path_params["channel"])
        if found is None:
            return HTMLResponse(page("Slack", '<div class="quiet">There is no such channel.</div>'), 404)
        return HTMLResponse(channel_page(sandbox, found, **_wanted(request.query_params)))

    async def platforms(request: Request) -> Response:
        return HTMLResponse(platforms_page(sandbox))

    async def media(request: Request) -> Response:
        return _media(sandbox, request.path_params["platform"], request.path_params["media_id"])

    return [
        Route("/view/slack", channels),
        Route("/view/slack/{channel}", channel),
        Route("/view/platforms", platforms),
        Route("/view/media/{platform}/{media_id}", media),
    ]


def _wanted(query: Mapping[str, str]) -> dict[str, Any]:
    """`zone`: whose clock the page shows. `last`: how many of the newest messages."""
    last = query.get("last", "")
    return {"zone": query.get("zone", "UTC"), "last": int(last) if last.isdecimal() else None}


def channel_page(sandbox: Sandbox, channel: str, zone: str = "UTC", last: int | None = None) -> str:
    """A channel as Slack shows it, whole or from its newest messages on."""
    slack = sandbox.slack
    messages = slack.history(channel)[-last:] if last else slack.history(channel)
    replies = {m.ts: [slack.shown(r) for r in slack.replies(channel, m.ts)] for m in messages}
    shown = Shown(
        people={**slack.people, slack.bot_user: slack.name_of(slack.bot_user)},
        channels=slack.channels,
        files={f.file_id: (f.name, f.mime, f.content) for f in slack.files.values() if f.completed_at},
        zone=zone,
    )
    return render([slack.shown(m) for m in messages], channel=slack.channels[channel], replies=replies, shown=shown)


def _media(sandbox: Sandbox, platform: str, media_id: str) -> Response:
    if platform == "slack":
        file = sandbox.slack.files.get(media_id)
        return Response(file.content, media_type=file.mime) if file else Response(status_code=404)
    stored = sandbox.posts.media(platform, media_id)
    if stored and stored.content:
        return Response(stored.content, media_type=stored.mime)
    # The seeded world's posts have no real pictures; a plain one stands for each.
    tint = sum(media_id.encode()) * 37 % 360
    square = f'<rect width="720" height="720" fill="hsl({tint},35%,70%)"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="720">{square}</svg>'
    return Response(svg, media_type="image/svg+xml")
