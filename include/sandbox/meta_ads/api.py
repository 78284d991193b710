"""From a Graph path to its endpoint, for ad accounts: the token, the node, the edge, the usage headers."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, dead_token, invalid, told, unknown_object
from include.sandbox.facebook.fields import parse_fields
from include.sandbox.gate import Call, pass_gate
from include.sandbox.meta_ads import insights
from include.sandbox.meta_ads.entities import GONE, Entities
from include.sandbox.meta_ads.reports import Report, Reports
from include.sandbox.state import Sandbox

PLATFORM = "meta_ads"
DEFAULT_VERSION = "v25.0"
ALWAYS = frozenset(("access_token", "format", "pretty", "locale", "debug"))
LISTS = frozenset(("campaigns", "adsets", "ads"))
LIST_TAKES = frozenset(("fields", "limit", "after", "effective_status"))
DEFAULT_LIMIT, MOST, MOST_ROWS = 25, 500, 1000

Answer = dict[str, Any]


class AdsApi:
    """The API of one sandbox, with the reports under way."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.reports = Reports()

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        pieces = [piece for piece in ask.path.split("/") if piece]
        version = pieces.pop(0) if pieces and re.fullmatch(r"v\d+\.\d+", pieces[0]) else DEFAULT_VERSION
        token = ask.params.get("access_token") or ask.bearer
        account = self.sandbox.account_with(PLATFORM, token=str(token)) if token else None

        def fail(error: GraphError) -> Answer:
            raise error

        return await pass_gate(
            Call(
                platform=PLATFORM,
                method=ask.method,
                template=_template(pieces, set(self.reports.runs)),
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: self._finish(lambda: self._answer(ask, pieces, account), account, version),
                refuse=lambda fault: self._finish(lambda: fail(told(fault)), account, version),
                version=version,
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _answer(self, ask: Ask, pieces: list[str], account: DeclaredAccount | None) -> Answer:
        if account is None:
            raise GraphError("Invalid OAuth access token - Cannot parse access token", 190)
        if account.token_is_dead:
            raise dead_token()
        if ask.broken:
            raise invalid("The request body is not valid JSON")
        asked = {name: value for name, value in ask.params.items() if name not in ALWAYS}
        if not pieces and "ids" in asked:
            nodes = str(asked.pop("ids")).split(",")
            return {node: self._node(ask, [node], dict(asked), account) for node in nodes}
        return self._node(ask, pieces, asked, account)

    def _node(self, ask: Ask, pieces: list[str], asked: Answer, account: DeclaredAccount) -> Answer:
        entities = Entities(self.sandbox, account)
        if pieces and pieces[0] == f"act_{account.native_id}":
            return self._ad_account(ask, pieces[1:], asked, entities)
        if pieces and pieces[0] in self.reports.runs:
            return self._run(ask, pieces, asked, account)
        campaign = entities.find(pieces[0]) if len(pieces) == 1 else None
        if campaign and ask.method == "GET":
            return entities.campaign(campaign, _fields(asked))
        if campaign and ask.method == "POST":
            return entities.change(campaign, asked)
        adset = entities.find_adset(pieces[0]) if len(pieces) == 1 else None
        if adset and ask.method == "GET":
            return entities.part(*adset, _fields(asked))
        if adset and ask.method == "POST":
            return entities.change_adset(*adset, asked)
        raise unknown_object(pieces[0] if pieces else "")

    def _ad_account(self, ask: Ask, edge: list[str], asked: Answer, entities: Entities) -> Answer:
        account = entities.account
        match (ask.method, *edge):
            case ("GET",):
                return entities.ad_account(_fields(asked))
            case ("GET", "insights"):
                return self._page(ask, asked, self._insights(account, asked), MOST_ROWS)
            case ("POST", "insights"):
                return {"report_run_id": self.reports.begin(account, self._insights(account, asked)).report_id}
            case ("GET", name) if name in LISTS:
                _takes(asked, LIST_TAKES)
                found = _of_status(getattr(entities, name)([*_fields(asked), "effective_status"]), asked)
                return self._page(ask, asked, [_without_status(row, asked) for row in found], MOST)
        raise unknown_object("/".join(edge))

    def _run(self, ask: Ask, pieces: list[str], asked: Answer, account: DeclaredAccount) -> Answer:
        report = self._report(pieces[0], account)
        match (ask.method, *pieces[1:]):
            case ("GET",):
                return report.shown()
            case ("GET", "insights"):
                return self._read(ask, asked, report)
        raise unknown_object(pieces[0])

    def _insights(self, account: DeclaredAccount, asked: Mapping[str, Any]) -> list[Answer]:
        _takes(asked, insights.TAKEN)
        return insights.rows(self.sandbox, account, asked)

    def _report(self, node: str, account: DeclaredAccount) -> Report:
        report = self.reports.runs[node]
        if report.account != account:
            raise unknown_object(node)
        return report

    def _read(self, ask: Ask, asked: Answer, report: Report) -> Answer:
        if not report.is_done:
            raise GraphError("(#2601) The report is not yet available", 2601, transient=True)
        return self._page(ask, asked, report.rows, MOST_ROWS)

    def _page(self, ask: Ask, asked: Answer, rows: list[Answer], most: int) -> Answer:
        limit, start = str(asked.get("limit", DEFAULT_LIMIT)), str(asked.get("after", "0"))
        if not limit.isdigit() or not start.isdigit():
            raise invalid("Invalid cursors values provided")
        size, at = min(int(limit) or DEFAULT_LIMIT, most), int(start)
        page: Answer = {"data": rows[at : at + size]}
        if page["data"]:
            page["paging"] = {"cursors": {"before": str(at), "after": str(at + size)}}
        if at + size < len(rows):
            kept = {**asked, "limit": size, "after": at + size, "access_token": "sandbox-token-of-the-link"}
            query = urlencode(
                {name: value if isinstance(value, str) else json.dumps(value) for name, value in kept.items()}
            )
            page["paging"]["next"] = f"{ask.base}/{PLATFORM}{ask.path}?{query}"
        return page

    def _finish(self, run: Callable[[], Answer], account: DeclaredAccount | None, version: str) -> Response:
        status, wait = 200, 0
        try:
            body = run()
        except GraphError as error:
            status, body, wait = error.status, error.body(), error.wait_minutes
        use = {"call_count": 100 if wait else 1, "total_cputime": 1, "total_time": 1, "type": "ads_insights"}
        headers = {"facebook-api-version": version}
        headers["x-fb-ads-insights-throttle"] = json.dumps({"app_id_util_pct": 1.0, "acc_id_util_pct": 1.0})
        if account:
            business = {**use, "estimated_time_to_regain_access": wait, "ads_api_access_tier": "standard_access"}
            headers["X-Business-Use-Case-Usage"] = json.dumps({account.native_id: [business]})
        return Response(json.dumps(body), status, headers, media_type="application/json; charset=UTF-8")


def _fields(asked: Mapping[str, Any]) -> list[str]:
    given = asked.get("fields")
    return [field.name for field in parse_fields(str(given))] if given else []


def _of_status(rows: list[Answer], asked: Mapping[str, Any]) -> list[Answer]:
    """What is archived is listed for whoever asks for it, what is deleted for nobody.

    https://developers.facebook.com/ads/blog/post/2014/09/24/deleted-vs-archived/, read on 2026-11-24.
    """
    given = asked.get("effective_status")
    wanted = json.loads(given) if isinstance(given, str) else given
    shown = wanted or {row["effective_status"] for row in rows} - {*GONE}
    return [row for row in rows if row["effective_status"] in shown and row["effective_status"] != "DELETED"]


def _without_status(row: Answer, asked: Mapping[str, Any]) -> Answer:
    return row if "effective_status" in _fields(asked) else {k: v for k, v in row.items() if k != "effective_status"}


def _takes(asked: Mapping[str, Any], names: frozenset[str]) -> None:
    """Refuse a parameter that the edge does not have. Graph itself passes over most of them in silence."""
    if unknown := set(asked) - names:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")


def _template(pieces: list[str], reports: set[str]) -> str:
    """The endpoint's name in the counters: /act_{id}/insights, /{report_run}, /{campaign}; `ids=` alone is /."""
    if not pieces:
        return "/"
    node = "/act_{id}" if pieces[0].startswith("act_") else "/{report_run}" if pieces[0] in reports else "/{campaign}"
    return node + (f"/{pieces[1]}" if len(pieces) > 1 else "")


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the root."""
    return AdsApi(sandbox).serve
