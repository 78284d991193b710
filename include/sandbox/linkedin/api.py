"""From a path to its endpoint: the token, the two headers that every call needs, and the answer."""

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from include.sandbox.asking import Ask, read_ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.gate import Call, pass_gate
from include.sandbox.linkedin import comments, posts
from include.sandbox.linkedin.media import MediaDesk
from include.sandbox.linkedin.problems import (
    LinkedInProblem,
    invalid,
    no_token,
    retired_version,
    revoked_token,
    told,
    unknown_token,
)
from include.sandbox.state import Sandbox

FIRST_ALIVE = "202512"
"""The oldest version that answers: 202511 was sunset on 2026-11-16 (learn.microsoft.com/linkedin/marketing/
integrations/migrations). Fixed, so that no sandbox stops working with the calendar."""

TEMPLATES = (
    "/rest/posts",
    "/rest/posts/:urn",
    "/rest/images",
    "/rest/images/:urn",
    "/rest/videos",
    "/rest/videos/:urn",
    "/rest/organizationAcls",
    "/rest/organizationalEntityNotifications",
    "/rest/socialActions/:urn/comments",
    "/rest/socialActions/:urn/comments/:id",
    "/dms-uploads/:token/:part",
)
Given = tuple[int, dict[str, str], dict[str, Any] | None]


class LinkedInApi:
    """The API of one sandbox, with its uploads under way."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.desk = MediaDesk(sandbox)

    async def serve(self, request: Request) -> Response:
        ask = await read_ask(request, "/" + request.path_params["path"])
        template = next((t for t in TEMPLATES if _parts(t, ask.path)), ask.path)
        account = self.sandbox.account_with("linkedin", token=ask.bearer) if ask.bearer else None

        def fail(problem: LinkedInProblem) -> Given:
            raise problem

        return await pass_gate(
            Call(
                platform="linkedin",
                method=ask.method,
                template=template,
                path=ask.path,
                account=account.name if account else "",
                answer=lambda: _finish(lambda: self._answer(ask, template, account)),
                refuse=lambda fault: _finish(lambda: fail(told(fault))),
                version=ask.headers.get("linkedin-version", ""),
            ),
            self.sandbox.counters,
            self.sandbox.faults,
        )

    def _answer(self, ask: Ask, template: str, account: DeclaredAccount | None) -> Given:
        parts = _parts(template, ask.path) or ()
        if template.startswith("/dms-uploads/") and ask.method == "PUT":
            return 201, {"ETag": f'"{self.desk.put(parts[0], parts[1], ask)}"'}, None
        caller = _signed_in(ask, account)
        _check_headers(ask)
        if ask.broken:
            raise invalid("/", "the body is no JSON")
        endpoint = self._endpoints(ask, caller, parts).get((_method(ask), template))
        if endpoint is None:
            raise LinkedInProblem(404, "No virtual resource found", code="RESOURCE_NOT_FOUND")
        return endpoint()

    def _endpoints(
        self, ask: Ask, caller: DeclaredAccount, parts: tuple[str, ...]
    ) -> dict[tuple[str, str], Callable[[], Given]]:
        sandbox, desk, urn = self.sandbox, self.desk, parts[0] if parts else ""
        comment = "/rest/socialActions/:urn/comments"
        return {
            ("POST", "/rest/posts"): lambda: _created(posts.create(sandbox, desk, caller, ask.body)),
            ("GET", "/rest/posts"): lambda: (200, {}, posts.by_author(sandbox, caller, ask.query)),
            ("GET", "/rest/posts/:urn"): lambda: (200, {}, posts.one(sandbox, caller, urn)),
            ("PARTIAL_UPDATE", "/rest/posts/:urn"): lambda: _done(lambda: posts.edit(sandbox, caller, urn, ask.body)),
            ("DELETE", "/rest/posts/:urn"): lambda: _done(lambda: posts.delete(sandbox, caller, urn)),
            ("initializeUpload", "/rest/images"): lambda: (200, {}, desk.register_image(caller, ask)),
            ("initializeUpload", "/rest/videos"): lambda: (200, {}, desk.register_video(caller, ask)),
            ("finalizeUpload", "/rest/videos"): lambda: (200, {}, desk.finalize(caller, ask) or None),
            ("GET", "/rest/organizationAcls"): lambda: (200, {}, posts.roles(caller, ask.query)),
            ("GET", "/rest/images/:urn"): lambda: (200, {}, desk.look(caller, urn)),
            ("GET", "/rest/videos/:urn"): lambda: (200, {}, desk.look(caller, urn)),
            ("POST", comment): lambda: _commented(comments.create(sandbox, caller, urn, ask.body)),
            ("GET", comment): lambda: (200, {}, comments.listed(sandbox, caller, urn, ask.query)),
            ("GET", f"{comment}/:id"): lambda: (200, {}, comments.one(sandbox, caller, urn, parts[1])),
            ("GET", "/rest/organizationalEntityNotifications"): lambda: (
                200,
                {},
                comments.notifications(sandbox, caller, ask.query),
            ),
            ("DELETE", f"{comment}/:id"): lambda: _done(
                lambda: comments.delete(sandbox, caller, urn, parts[1], ask.query)
            ),
        }


def _method(ask: Ask) -> str:
    """What a Rest.li request means: its `action`, its X-RestLi-Method where it tells more, or the HTTP method."""
    if ask.method != "POST":
        return ask.method
    return ask.query.get("action") or ask.headers.get("x-restli-method", "").upper() or "POST"


def _signed_in(ask: Ask, account: DeclaredAccount | None) -> DeclaredAccount:
    if not ask.bearer:
        raise no_token()
    if account is None:
        raise unknown_token()
    if account.token_is_dead:
        raise revoked_token()
    return account


def _check_headers(ask: Ask) -> None:
    version = ask.headers.get("linkedin-version", "")
    if not version:
        raise LinkedInProblem(400, "A version must be present. Please specify a version", code="VERSION_MISSING")
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version) or version < FIRST_ALIVE:
        raise retired_version(version)
    if ask.headers.get("x-restli-protocol-version") != "2.0.0":
        raise LinkedInProblem(400, "Syntax exception in path variables", code="ILLEGAL_ARGUMENT")


def _created(urn: str) -> Given:
    return 201, {"x-restli-id": urn}, None


def _commented(comment: dict[str, Any]) -> Given:
    return 201, {"x-restli-id": comment["id"]}, comment


def _done(change: Callable[[], None]) -> Given:
    change()
    return 204, {}, None


def _finish(run: Callable[[], Given]) -> Response:
    try:
        status, headers, body = run()
    except LinkedInProblem as problem:
        status, body = problem.status, problem.body
        headers = {"Retry-After": f"{problem.wait_s:.0f}"} if problem.wait_s else {}
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    return Response(content, status, headers, media_type="application/json" if content else None)


def _parts(template: str, path: str) -> tuple[str, ...] | None:
    """What stands in the path where the template has a name; None where it is another path."""
    found = re.fullmatch(re.sub(r":\w+", "([^/]+)", template), path)
    return found.groups() if found else None


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the API's root."""
    return LinkedInApi(sandbox).serve
