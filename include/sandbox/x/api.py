"""From a path to its endpoint: who asks, how often, and the answer with its rate limit headers."""

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.gate import Call, pass_gate
from include.sandbox.state import Sandbox
from include.sandbox.x.access import account_of, signed_in
from include.sandbox.x.limits import Limits, Window
from include.sandbox.x.media import MediaDesk
from include.sandbox.x.problems import XProblem, invalid, not_found, told, too_many
from include.sandbox.x.publishing import create, delete
from include.sandbox.x.reading import USER_EXPANSIONS, Reader, wanted
from include.sandbox.x.talk import hide
from include.sandbox.x.timelines import check_id, lookup, mentions, takes, user_posts

Answer = dict[str, Any]

TEMPLATES = (
    "/2/tweets",
    "/2/tweets/:id",
    "/2/tweets/:tweet_id/hidden",
    "/2/users/me",
    "/2/users/:id",
    "/2/users/:id/tweets",
    "/2/users/:id/mentions",
    "/2/media/upload",
    "/2/media/upload/initialize",
    "/2/media/upload/:id/append",
    "/2/media/upload/:id/finalize",
    "/2/media/metadata",
)


class XApi:
    """The API of one sandbox, with its uploads under way and its users' windows."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.desk = MediaDesk(sandbox)
        self._limits = Limits()

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        template = next((t for t in TEMPLATES if _matches(t, ask.path)), ask.path)
        account = account_of(self.sandbox, ask)
        user = account.native_id if account else "nobody"
        window = self._limits.window(user, ask.method, template, self.sandbox.clock.now())

        def fail(problem: XProblem) -> Answer:
            raise problem

        return await pass_gate(
            Call(
                platform="x",
                method=ask.method,
                template=template,
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: self._finish(lambda: self._answer(ask, template, account, window), ask, window),
                refuse=lambda fault: self._finish(lambda: fail(told(fault)), ask, window),
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _answer(self, ask: Ask, template: str, account: DeclaredAccount | None, window: Window) -> Answer:
        caller = signed_in(account)
        if window.used >= window.limit:
            raise too_many()
        window.used += 1
        if ask.broken:
            raise invalid("Invalid JSON in the request body.")
        path_id = next((p for p in ask.path.split("/")[3:] if p.isdigit()), ask.path.split("/")[-1])
        return self._endpoint(ask, template, caller, path_id)

    def _endpoint(self, ask: Ask, template: str, caller: DeclaredAccount, path_id: str) -> Answer:
        sandbox, desk = self.sandbox, self.desk
        endpoints: dict[tuple[str, str], Callable[[], Answer]] = {
            ("POST", "/2/tweets"): lambda: create(sandbox, desk, caller, ask.body),
            ("GET", "/2/tweets"): lambda: lookup(sandbox, caller, ask.query.get("ids", "").split(","), ask.query),
            ("GET", "/2/tweets/:id"): lambda: lookup(sandbox, caller, [path_id], ask.query),
            ("DELETE", "/2/tweets/:id"): lambda: delete(sandbox, caller, path_id),
            ("GET", "/2/users/me"): lambda: self._user(ask, caller, caller),
            ("GET", "/2/users/:id"): lambda: self._of_user(ask, caller, path_id, self._user),
            ("GET", "/2/users/:id/tweets"): lambda: self._of_user(ask, caller, path_id, self._timeline),
            ("GET", "/2/users/:id/mentions"): lambda: self._of_user(ask, caller, path_id, self._mentions),
            ("PUT", "/2/tweets/:tweet_id/hidden"): lambda: hide(sandbox, caller, path_id, ask.body),
            ("POST", "/2/media/upload/initialize"): lambda: desk.initialize(caller, ask),
            ("POST", "/2/media/upload/:id/append"): lambda: desk.append(caller, path_id, ask),
            ("POST", "/2/media/upload/:id/finalize"): lambda: desk.finalize(caller, path_id),
            ("POST", "/2/media/upload"): lambda: desk.one_shot(caller, ask),
            ("GET", "/2/media/upload"): lambda: desk.status(caller, ask),
            ("POST", "/2/media/metadata"): lambda: desk.describe(caller, ask),
        }
        endpoint = endpoints.get((ask.method, template))
        if endpoint is None:
            status, title = (405, "Method Not Allowed") if template in TEMPLATES else (404, "Not Found")
            raise XProblem(status, title, title)
        return endpoint()

    def _of_user(
        self,
        ask: Ask,
        caller: DeclaredAccount,
        user_id: str,
        read: Callable[[Ask, DeclaredAccount, DeclaredAccount], Answer],
    ) -> Answer:
        check_id("id", user_id)
        account = self.sandbox.account_with("x", native_id=user_id)
        return read(ask, caller, account) if account else {"errors": [not_found("user", "id", user_id)]}

    def _user(self, ask: Ask, caller: DeclaredAccount, account: DeclaredAccount) -> Answer:
        takes(ask.query, {"user.fields", "expansions", "tweet.fields"})
        return {"data": Reader(self.sandbox, caller, wanted(ask.query, USER_EXPANSIONS)).user(account)}

    def _timeline(self, ask: Ask, caller: DeclaredAccount, account: DeclaredAccount) -> Answer:
        return user_posts(self.sandbox, Reader(self.sandbox, caller, wanted(ask.query)), account, ask.query)

    def _mentions(self, ask: Ask, caller: DeclaredAccount, account: DeclaredAccount) -> Answer:
        return mentions(self.sandbox, Reader(self.sandbox, caller, wanted(ask.query)), account, ask.query)

    def _finish(self, run: Callable[[], Answer], ask: Ask, window: Window) -> Response:
        wait = None
        try:
            body, status = run(), 201 if (ask.method, ask.path) == ("POST", "/2/tweets") else 200
        except XProblem as problem:
            body, status, wait = problem.body, problem.status, problem.wait_s
        headers = window.headers()
        if wait is not None:
            reset = int(self.sandbox.clock.now().timestamp() + wait)
            headers |= {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
        kind = "application/json" if status < 400 else "application/problem+json"
        return Response(json.dumps(body, ensure_ascii=False), status, headers, media_type=f"{kind}; charset=utf-8")


def _matches(template: str, path: str) -> bool:
    pattern = re.sub(r":\w+", "[^/]+", template)
    return re.fullmatch(pattern, path) is not None and (pattern == template or path not in TEMPLATES)


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the API's root."""
    return XApi(sandbox).serve
