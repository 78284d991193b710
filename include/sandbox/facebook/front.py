"""How Graph meets a request, whichever of Meta's networks it is for: version, token, calls of the day, usage."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, dead_token, invalid, throttled, told
from include.sandbox.faults import Fault
from include.sandbox.gate import Call, pass_gate
from include.sandbox.state import Sandbox

DEFAULT_VERSION = "v25.0"

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose token is good. `pieces` is its path without the version, `root` the versioned API's address."""

    account: DeclaredAccount
    ask: Ask
    pieces: list[str]
    root: str
    version: str


class Front:
    """One network's Graph: `answer` does what was asked, `template` names an endpoint for the counters, `tell` says a
    fault in its words.

    It counts the calls that each account made in the last day.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        network: str,
        answer: Callable[[Asked], Answer],
        template: Callable[[list[str]], str],
        tell: Callable[[Fault], GraphError] = told,
    ) -> None:
        self.sandbox, self._network, self._answer_it, self._template = sandbox, network, answer, template
        self._tell = tell
        self._calls: dict[str, list[datetime]] = {}

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        pieces = [piece for piece in ask.path.split("/") if piece]
        version = pieces.pop(0) if pieces and re.fullmatch(r"v\d+\.\d+", pieces[0]) else DEFAULT_VERSION
        account = self._account(ask)

        def finish(run: Callable[[], Answer]) -> Response:
            return self._finish(run, account, version)

        def fail(error: GraphError) -> Answer:
            raise error

        return await pass_gate(
            Call(
                platform=self._network,
                method=ask.method,
                template=self._template(pieces),
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: finish(lambda: self._answer(ask, pieces, version)),
                refuse=lambda fault: finish(lambda: fail(self._tell(fault))),
                version=version,
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _account(self, ask: Ask) -> DeclaredAccount | None:
        token = ask.params.get("access_token") or ask.bearer
        return self.sandbox.account_with(self._network, token=str(token)) if token else None

    def _answer(self, ask: Ask, pieces: list[str], version: str) -> Answer:
        if not (ask.params.get("access_token") or ask.bearer):
            raise GraphError("An access token is required to request this resource.", 104)
        account = self._account(ask)
        if account is None:
            raise GraphError("Invalid OAuth access token - Cannot parse access token", 190)
        if account.token_is_dead:
            raise dead_token()
        self._throttle(account)
        if ask.broken:
            raise invalid("The request body is not valid JSON")
        if len(pieces) > 3 or not (pieces or "ids" in ask.query):
            raise GraphError(f"Unknown path components: /{'/'.join(pieces)}", 2500)
        return self._answer_it(Asked(account, ask, pieces, f"{ask.base}/{self._network}/{version}", version))

    def _throttle(self, account: DeclaredAccount) -> None:
        now = self.sandbox.clock.now()
        recent = [at for at in self._calls.get(account.key, []) if now - at < timedelta(days=1)]
        if len(recent) >= self.sandbox.declaration.page_calls:
            raise throttled(80001, (recent[0] + timedelta(days=1) - now).total_seconds())
        self._calls[account.key] = [*recent, now]

    def _finish(self, run: Callable[[], Answer], account: DeclaredAccount | None, version: str) -> Response:
        status, wait = 200, 0
        try:
            body = run()
        except GraphError as error:
            status, body, wait = error.status, error.body(), error.wait_minutes
        headers = self._usage(account, wait) | {"facebook-api-version": version, "x-fb-request-id": "sandbox"}
        if status == 400 and body.get("error", {}).get("code") == 190:
            headers["WWW-Authenticate"] = 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token."'
        text = json.dumps(body, ensure_ascii=True)
        return Response(text, status, headers, media_type="application/json; charset=UTF-8")

    def _usage(self, account: DeclaredAccount | None, wait: int) -> dict[str, str]:
        calls = len(self._calls.get(account.key, [])) if account else 0
        percent = 100 if wait else min(100, 100 * calls // self.sandbox.declaration.page_calls)
        usage = {"call_count": percent, "total_cputime": percent // 3, "total_time": percent // 2}
        headers = {"X-App-Usage": json.dumps(usage)}
        if account:
            kind = "pages" if self._network == "facebook" else self._network
            business = {**usage, "type": kind, "estimated_time_to_regain_access": wait}
            headers["X-Business-Use-Case-Usage"] = json.dumps({account.native_id: [business]})
        return headers
