"""From a Graph path to its endpoint: version, node, edge; the token; the usage headers on every answer."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, dead_token, invalid, throttled, told, unknown_object
from include.sandbox.facebook.fields import Field, parse_fields
from include.sandbox.facebook.insights import TAKEN as INSIGHTS_TAKE
from include.sandbox.facebook.insights import post_insights
from include.sandbox.facebook.paging import page_of_posts
from include.sandbox.facebook.publishing import delete_post, post_photo, post_to_feed
from include.sandbox.facebook.reading import Reader, counted, reactions
from include.sandbox.gate import Call, pass_gate
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, counters_of, find_said

DEFAULT_VERSION = "v25.0"
POST_ID = re.compile(r"\d+_\d+")
ALWAYS = {"access_token", "fields", "format", "pretty", "locale", "debug", "suppress_http_code", "appsecret_proof"}
FEED_READS = {"limit", "after", "before", "since", "until", "include_hidden", "show_expired", "with"}

Answer = dict[str, Any]


class Graph:
    """The API of one sandbox, with the calls that each Page made in the last day."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._calls: dict[str, list[datetime]] = {}

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        pieces = [piece for piece in ask.path.split("/") if piece]
        version = pieces.pop(0) if pieces and re.fullmatch(r"v\d+\.\d+", pieces[0]) else DEFAULT_VERSION
        account = self._account(ask)
        template = _template(pieces, {a.native_id for a in self.sandbox.accounts("facebook")})

        def finish(run: Callable[[], Answer]) -> Response:
            return self._finish(run, account, version)

        def fail(error: GraphError) -> Answer:
            raise error

        return await pass_gate(
            Call(
                platform="facebook",
                method=ask.method,
                template=template,
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: finish(lambda: self._answer(ask, pieces, version)),
                refuse=lambda fault: finish(lambda: fail(told(fault))),
                version=version,
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _account(self, ask: Ask) -> DeclaredAccount | None:
        token = ask.params.get("access_token") or ask.bearer
        return self.sandbox.account_with("facebook", token=str(token)) if token else None

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
        if not pieces or len(pieces) > 3:
            raise GraphError(f"Unknown path components: /{'/'.join(pieces)}", 2500)
        node = account.native_id if pieces[0] == "me" else pieces[0]
        return _Endpoint(self.sandbox, account, ask, node, pieces[1:], version).answer()

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
        if status == 400 and body["error"]["code"] == 190:
            headers["WWW-Authenticate"] = 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token."'
        text = json.dumps(body, ensure_ascii=True)
        return Response(text, status, headers, media_type="application/json; charset=UTF-8")

    def _usage(self, account: DeclaredAccount | None, wait: int) -> dict[str, str]:
        calls = len(self._calls.get(account.key, [])) if account else 0
        percent = 100 if wait else min(100, 100 * calls // self.sandbox.declaration.page_calls)
        usage = {"call_count": percent, "total_cputime": percent // 3, "total_time": percent // 2}
        headers = {"X-App-Usage": json.dumps(usage)}
        if account:
            business = {**usage, "type": "pages", "estimated_time_to_regain_access": wait}
            headers["X-Business-Use-Case-Usage"] = json.dumps({account.native_id: [business]})
        return headers


class _Endpoint:
    """One request to one node or edge, its token being good."""

    def __init__(
        self, sandbox: Sandbox, account: DeclaredAccount, ask: Ask, node: str, edge: list[str], version: str
    ) -> None:
        self.sandbox, self.account, self.ask, self.node, self.edge = sandbox, account, ask, node, edge
        root = f"{ask.base}/facebook/{version}"
        self.url = "/".join([root, node, *edge])
        self.reader = Reader(sandbox, account, root)
        self.params = {k: v for k, v in ask.params.items() if k not in ALWAYS}

    def answer(self) -> Answer:
        if self.node == self.account.native_id:
            return self._page()
        if self.node in {a.native_id for a in self.sandbox.accounts("facebook")}:
            raise GraphError(
                "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content "
                "Access' feature.",
                10,
            )
        if POST_ID.fullmatch(self.node):
            return self._post()
        media = self.sandbox.posts.media("facebook", self.node)
        if media is None or media.account != self.account.name or self.edge or self.ask.method != "GET":
            raise unknown_object(self.node)
        self._takes(set())
        return self.reader.photo(media, self._fields())

    def _page(self) -> Answer:
        match (self.ask.method, *self.edge):
            case ("GET",):
                self._takes(set())
                return self.reader.page(self._fields())
            case ("GET", "insights"):
                self._takes(INSIGHTS_TAKE)
                return self.reader.insights(self._signed(self.params), self.url)
            case ("GET", "insights", metric):
                self._takes(INSIGHTS_TAKE)
                return self.reader.insights(self._signed({**self.params, "metric": metric}), self.url)
            case ("GET", "published_posts" | "feed" | "posts"):
                self._takes(FEED_READS)
                return self._posts()
            case ("POST", "feed"):
                return post_to_feed(self.sandbox, self.account, self.params)
            case ("POST", "photos"):
                return post_photo(self.sandbox, self.account, self.ask, self.params)
        raise self._unsupported()

    def _post(self) -> Answer:
        if self.ask.method == "DELETE" and not self.edge:
            return delete_post(self.sandbox, self.account, self.node)
        said = find_said(self.sandbox, self.account, self.node)
        if said is None:
            raise unknown_object(self.node)
        if self.ask.method == "GET" and not self.edge:
            self._takes(set())
            return self.reader.post(said, self._fields())
        if self.ask.method == "GET" and len(self.edge) == 1:
            return self._edge_of(said, Field(self.edge[0], {k: str(v) for k, v in self.params.items()}))
        raise self._unsupported()

    def _edge_of(self, said: Said, field: Field) -> Answer:
        counters = counters_of(self.sandbox, self.account, said)
        match field.name:
            case "insights":
                self._takes(INSIGHTS_TAKE)
                metric, period = self.params.get("metric"), str(self.params.get("period", "lifetime"))
                retired = self.sandbox.declaration.retired_metrics
                return {"data": post_insights(self.node, counters, metric, period, retired)}
            case "comments":
                return counted(field, counters.comments, {"order": "ranked", "can_comment": True})
            case "reactions":
                return reactions(field, counters)
            case "attachments":
                return self.reader.attachments(said, self._fields()) or {"data": []}
        raise self._unsupported()

    def _posts(self) -> Answer:
        fields = self._fields()
        asked = self._signed(self.params)
        if "fields" in self.ask.params:
            asked["fields"] = self.ask.params["fields"]
        posts, paging = page_of_posts(self.sandbox, self.account, asked, self.url)
        data = [self.reader.post(said, fields) for said in posts]
        return {"data": data, "paging": paging} if paging else {"data": data}

    def _signed(self, params: dict[str, Any]) -> dict[str, Any]:
        """Graph's paging links carry the token, like the request's own address."""
        return {**params, "access_token": self.account.token}

    def _fields(self) -> tuple[Field, ...]:
        given = self.ask.params.get("fields")
        return parse_fields(given if isinstance(given, str) else ",".join(given)) if given else ()

    def _takes(self, names: set[str]) -> None:
        """Refuse a parameter that the edge does not have. Graph itself passes over most of them in silence."""
        if unknown := set(self.params) - names:
            raise invalid(f"Param {min(unknown)} is not valid for this edge")

    def _unsupported(self) -> GraphError:
        method = self.ask.method.lower()
        if self.edge and self.ask.method == "GET":
            kind = "PagePost" if "_" in self.node else "Page"
            return invalid(f"Tried accessing nonexisting field ({self.edge[0]}) on node type ({kind})")
        message = f"Unsupported {method} request. Please read the Graph API documentation at "
        return GraphError(message + "https://developers.facebook.com/docs/graph-api", 100, type="GraphMethodException")


def _template(pieces: list[str], pages: set[str]) -> str:
    """The endpoint's name in the counters: /{page}/insights, /{post}, /{object}; `me` alone is /me."""
    if not pieces:
        return "/"
    node = "/{page}" if pieces[0] in pages or pieces[0] == "me" else "/{post}" if "_" in pieces[0] else "/{object}"
    if pieces == ["me"]:
        node = "/me"
    return node + (f"/{pieces[1]}" if len(pieces) > 1 else "")


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the Graph root."""
    return Graph(sandbox).serve
