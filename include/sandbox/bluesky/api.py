"""From an XRPC method to its answer: GET for a query, POST for a procedure, with the rate limit's headers."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.bluesky.failures import XrpcError, invalid, told
from include.sandbox.bluesky.limits import Limits, check
from include.sandbox.bluesky.repo import Repo
from include.sandbox.bluesky.sessions import Sessions
from include.sandbox.bluesky.video import VideoService
from include.sandbox.gate import Call, pass_gate
from include.sandbox.state import Sandbox

Answer = dict[str, Any]


class BlueskyApi:
    """The methods of one sandbox's server."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self._limits = sandbox, Limits()
        self._sessions = sessions = Sessions(sandbox)
        repo = Repo(sandbox, sessions)
        video = VideoService(sandbox, sessions, repo)
        self.methods: dict[tuple[str, str], Callable[[Ask], Answer]] = {
            ("POST", "com.atproto.server.createSession"): sessions.create,
            ("POST", "com.atproto.server.refreshSession"): sessions.refresh,
            ("GET", "com.atproto.server.getSession"): sessions.show,
            ("GET", "com.atproto.server.getServiceAuth"): sessions.service_token,
            ("GET", "com.atproto.identity.resolveHandle"): self._resolve,
            ("POST", "com.atproto.repo.uploadBlob"): repo.upload,
            ("POST", "com.atproto.repo.createRecord"): repo.create,
            ("POST", "com.atproto.repo.deleteRecord"): repo.delete,
            ("POST", "com.atproto.repo.putRecord"): repo.put,
            ("GET", "com.atproto.repo.getRecord"): repo.get,
            ("GET", "com.atproto.repo.listRecords"): repo.list,
            ("GET", "app.bsky.notification.listNotifications"): repo.feeds.notifications,
            ("GET", "app.bsky.feed.getAuthorFeed"): repo.feeds.author,
            ("GET", "app.bsky.feed.getPosts"): repo.feeds.posts,
            ("GET", "app.bsky.video.getUploadLimits"): video.limits,
            ("POST", "app.bsky.video.uploadVideo"): video.upload,
            ("GET", "app.bsky.video.getJobStatus"): video.status,
        }

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        ask = dataclasses.replace(ask, base=f"{ask.base}/bluesky")
        method = ask.path.removeprefix("/xrpc/")
        account = self._sessions.caller(ask)
        headers, over = self._limits.spend(method, account.native_id if account else "nobody", self.sandbox.clock.now())

        def refused(error: XrpcError) -> Answer:
            raise error

        return await pass_gate(
            Call(
                platform="bluesky",
                method=ask.method,
                template=ask.path,
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: self._finish(lambda: self._answer(ask, method, over), headers),
                refuse=lambda fault: self._finish(lambda: refused(told(fault)), headers),
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _answer(self, ask: Ask, method: str, over: bool) -> Answer:
        check(over)
        if ask.broken:
            raise invalid("Unable to parse body as JSON")
        call = self.methods.get((ask.method, method))
        if call is not None:
            return call(ask)
        if any(name == method for _, name in self.methods):
            raise XrpcError("InvalidRequest", f"Incorrect HTTP method ({ask.method}) for {method}", 405)
        raise XrpcError("MethodNotImplemented", "Method Not Implemented", 501)

    def _resolve(self, ask: Ask) -> Answer:
        """`resolveHandle`: the sandbox knows its own accounts."""
        account = self._sessions.known(ask.query.get("handle", ""))
        if account is None or "." not in ask.query["handle"]:
            raise invalid("Unable to resolve handle")
        return {"did": account.native_id}

    def _finish(self, run: Callable[[], Answer], headers: dict[str, str]) -> Response:
        try:
            body, status = run(), 200
        except XrpcError as error:
            body, status = error.body, error.status
            if status == 429 and error.wait_s:
                reset = int(self.sandbox.clock.now().timestamp() + error.wait_s)
                headers = {**headers, "ratelimit-remaining": "0", "ratelimit-reset": str(reset)}
        return Response(
            json.dumps(body, ensure_ascii=False), status, headers, media_type="application/json; charset=utf-8"
        )


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the server's root."""
    return BlueskyApi(sandbox).serve
