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
from include.sandbox.mastodon.failures import MastodonError, told
from include.sandbox.mastodon.instance import credential_account, instance
from include.sandbox.mastodon.limits import Limits, Window
from include.sandbox.mastodon.media import MediaDesk
from include.sandbox.mastodon.statuses import Statuses
from include.sandbox.mastodon.talk import Talk
from include.sandbox.state import Sandbox

Answer = tuple[Any, int]

TEMPLATES = (
    "/api/v2/instance",
    "/api/v2/media",
    "/api/v1/media/:id",
    "/api/v1/statuses",
    "/api/v1/statuses/:id",
    "/api/v1/statuses/:id/context",
    "/api/v1/notifications",
    "/api/v1/accounts/verify_credentials",
    "/api/v1/accounts/:id/statuses",
)


class MastodonApi:
    """The API of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self._limits = sandbox, Limits()
        self.desk = MediaDesk(sandbox)
        self.statuses = Statuses(sandbox, self.desk)
        self.talk = Talk(sandbox, self.statuses)

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        template = next((t for t in TEMPLATES if re.fullmatch(t.replace(":id", r"\d+"), ask.path)), ask.path)
        account = self.sandbox.account_with("mastodon", token=ask.bearer) if ask.bearer else None
        who = account.native_id if account else "nobody"
        window, over = self._limits.spend(who, ask.method, template, self.sandbox.clock.now())

        def refused(error: MastodonError) -> Answer:
            raise error

        return await pass_gate(
            Call(
                platform="mastodon",
                method=ask.method,
                template=template,
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: self._finish(lambda: self._answer(ask, template, account, over), window),
                refuse=lambda fault: self._finish(lambda: refused(told(fault)), window),
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _answer(self, ask: Ask, template: str, account: DeclaredAccount | None, over: bool) -> Answer:
        if over:
            raise MastodonError(429)
        if (ask.method, template) == ("GET", "/api/v2/instance"):
            return instance(account), 200
        if account is None or account.token_is_dead:
            raise MastodonError(401)
        if ask.broken:
            raise MastodonError(400, "Error occurred while parsing request parameters")
        call = self._endpoints(ask, account).get((ask.method, template))
        if call is None:
            raise MastodonError(404, "The page you are looking for isn't here.")
        return call()

    def _endpoints(self, ask: Ask, account: DeclaredAccount) -> dict[tuple[str, str], Callable[[], Answer]]:
        said, desk, talk = self.statuses, self.desk, self.talk
        named = next((part for part in ask.path.split("/") if part.isdigit()), "")
        return {
            ("POST", "/api/v2/media"): lambda: desk.upload(account, ask),
            ("GET", "/api/v1/media/:id"): lambda: desk.status(account, named),
            ("PUT", "/api/v1/media/:id"): lambda: desk.describe(account, named, ask),
            ("POST", "/api/v1/statuses"): lambda: (said.create(account, ask, self._thread_of(account)), 200),
            ("GET", "/api/v1/statuses"): lambda: (talk.several(account, ask), 200),
            ("GET", "/api/v1/statuses/:id"): lambda: (talk.show(account, named), 200),
            ("GET", "/api/v1/statuses/:id/context"): lambda: (talk.context(account, named), 200),
            ("GET", "/api/v1/notifications"): lambda: (talk.notifications(account, ask), 200),
            ("PUT", "/api/v1/statuses/:id"): lambda: (said.edit(account, named, ask), 200),
            ("DELETE", "/api/v1/statuses/:id"): lambda: (said.delete(account, named), 200),
            ("GET", "/api/v1/accounts/verify_credentials"): lambda: (credential_account(self.sandbox, account), 200),
            ("GET", "/api/v1/accounts/:id/statuses"): lambda: (talk.list(self._named(named), ask), 200),
        }

    def _thread_of(self, account: DeclaredAccount) -> Callable[[str], str]:
        def thread(status_id: str) -> str:
            try:
                return self.talk.thread_of(account, status_id)
            except MastodonError:
                said = "The post you are trying to reply to does not appear to exist."
                raise MastodonError(404, said) from None

        return thread

    def _named(self, native_id: str) -> DeclaredAccount:
        account = self.sandbox.account_with("mastodon", native_id=native_id)
        if account is None:
            raise MastodonError(404)
        return account

    def _finish(self, run: Callable[[], Answer], window: Window) -> Response:
        wait_s = 0.0
        try:
            body, status = run()
        except MastodonError as error:
            body, status, wait_s = {"error": error.words}, error.status, error.wait_s
        headers = window.headers(wait_s, self.sandbox.clock.now())
        content = json.dumps(body, ensure_ascii=False)
        return Response(content, status, headers, media_type="application/json; charset=utf-8")


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the instance's root."""
    return MastodonApi(sandbox).serve
