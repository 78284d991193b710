"""From a path to its report: the token, the property, the tokens of the quota.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/batchRunReports
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.gate import Call, pass_gate
from include.sandbox.google_analytics.failures import GoogleError, NoToken, told
from include.sandbox.google_analytics.reports import Report, report
from include.sandbox.state import Sandbox

PLATFORM = "google_analytics"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
PATH = re.compile(r"/v1beta/properties/(?P<property>[^/:]+):(?P<method>runReport|batchRunReports)")
MOST_REPORTS = 5
TOKENS_PER_HOUR, TOKENS_PER_DAY, TOKENS_A_REPORT = 40_000, 200_000, 8


class AnalyticsApi:
    """The API of one sandbox, with the quota that each property has used in each hour."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.used: Counter[tuple[str, str]] = Counter()

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        account = self.sandbox.account_with(PLATFORM, token=ask.bearer) if ask.bearer else None
        asked = PATH.fullmatch(ask.path)

        def fail(error: GoogleError) -> Report:
            raise error

        return await pass_gate(
            Call(
                platform=PLATFORM,
                method=ask.method,
                template=f"/v1beta/properties/{{id}}:{asked['method']}" if asked else ask.path,
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: _finish(lambda: self._answer(ask, asked, account)),
                refuse=lambda fault: _finish(lambda: fail(told(fault))),
                version="v1beta",
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _answer(self, ask: Ask, asked: re.Match[str] | None, account: DeclaredAccount | None) -> Report:
        if ask.path == "/token" and ask.method == "POST":
            return self._token(ask)
        if asked is None or ask.method != "POST":
            raise GoogleError(404, "The requested URL was not found on this server.")
        if account is None or account.token_is_dead:
            raise GoogleError(401, "Request had invalid authentication credentials.")
        if asked["property"] != account.native_id:
            raise GoogleError(403, "User does not have sufficient permissions for this property.")
        body = ask.body if isinstance(ask.body, dict) else {}
        if asked["method"] == "runReport":
            return self._report(account, body)
        return self._batch(account, body)

    def _batch(self, account: DeclaredAccount, body: Mapping[str, Any]) -> Report:
        requests = body.get("requests") or []
        if not 0 < len(requests) <= MOST_REPORTS:
            raise GoogleError(400, f"A batch holds 1 to {MOST_REPORTS} requests.")
        reports = [self._report(account, each) for each in requests]
        return {"reports": reports, "kind": "analyticsData#batchRunReports"}

    def _report(self, account: DeclaredAccount, asked: Mapping[str, Any]) -> Report:
        hour, day = (self.sandbox.clock.now().strftime(form) for form in ("%Y-%m-%dT%H", "%Y-%m-%d"))
        most = int(account.settings.get("tokens_per_hour") or TOKENS_PER_HOUR)
        if self.used[account.key, hour] >= most:
            raise GoogleError(429, "Exhausted property tokens per hour quota. It will return within an hour.")
        made = report(self.sandbox, account, asked)
        for span in (hour, day):
            self.used[account.key, span] += TOKENS_A_REPORT
        if asked.get("returnPropertyQuota"):
            made["propertyQuota"] = {
                "tokensPerHour": self._left(account, hour, most),
                "tokensPerDay": self._left(account, day, TOKENS_PER_DAY),
            }
        return made

    def _left(self, account: DeclaredAccount, span: str, most: int) -> Report:
        return {"consumed": TOKENS_A_REPORT, "remaining": max(most - self.used[account.key, span], 0)}

    def _token(self, ask: Ask) -> Report:
        """Give out the token of the account whose key signed the assertion (RFC 7523)."""
        if ask.form.get("grant_type") != GRANT:
            raise NoToken("unsupported_grant_type", "Invalid grant_type")
        try:
            claims = jwt.decode(ask.form.get("assertion", ""), options={"verify_signature": False})
            account = next(
                a for a in self.sandbox.accounts(PLATFORM) if a.settings.get("client_email") == claims["iss"]
            )
            address = f"{ask.base}/{PLATFORM}/token"
            key = str(account.settings["public_key"])
            claims = jwt.decode(ask.form["assertion"], key, algorithms=["RS256"], audience=address)
        except StopIteration:
            raise NoToken("invalid_grant", "Invalid grant: account not found") from None
        except (jwt.PyJWTError, KeyError) as wrong:
            raise NoToken("invalid_grant", f"Invalid JWT Signature. ({type(wrong).__name__})") from None
        if claims.get("scope") != SCOPE:
            raise NoToken("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return {"access_token": account.token, "expires_in": 3599, "token_type": "Bearer"}


def _finish(run: Callable[[], Report]) -> Response:
    status, body = 200, {}
    try:
        body = run()
    except GoogleError as error:
        status, body = error.code, error.body()
    except NoToken as refused:
        status, body = 400, refused.body()
    return Response(json.dumps(body), status, media_type="application/json; charset=UTF-8")


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the root."""
    return AnalyticsApi(sandbox).serve
