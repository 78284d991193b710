"""How X refuses: problem documents (RFC 7807), whole answers or partial `errors` beside the data.

From the contract's `Problem` schemas and docs.x.com/x-api/fundamentals/response-codes-and-errors.
"""

from typing import Any

from include.sandbox.faults import Fault

TYPES = "https://api.twitter.com/2/problems/"


class XProblem(Exception):
    """A refused request: its status and its body."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "about:blank", **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.wait_s: float | None = None
        shown = {"title": title, "detail": detail, "type": kind}
        self.body: dict[str, Any] = {**more, **shown, **({"status": status} if kind == "about:blank" else {})}


def unauthorized() -> XProblem:
    return XProblem(401, "Unauthorized", "Unauthorized")


def invalid(message: str, **parameters: list[str]) -> XProblem:
    """One parameter that X does not take, with its value."""
    return XProblem(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        TYPES + "invalid-request",
        errors=[{"parameters": parameters, "message": message}],
    )


def forbidden(detail: str) -> XProblem:
    return XProblem(403, "Forbidden", detail)


def not_found(resource: str, parameter: str, value: str) -> dict[str, Any]:
    """A partial error: that resource does not exist."""
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": TYPES + "resource-not-found",
    }


def field_unauthorized(field: str, parameter: str, post_id: str) -> dict[str, Any]:
    """A partial error: that field of that post is not for this caller, or no longer."""
    return {
        "resource_id": post_id,
        "parameter": parameter,
        "resource_type": "tweet",
        "section": "data",
        "title": "Field Authorization Error",
        "value": post_id,
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with {parameter} : [{post_id}].",
        "type": TYPES + "not-authorized-for-field",
        "field": field,
    }


def too_many(wait_s: float | None = None) -> XProblem:
    problem = XProblem(429, "Too Many Requests", "Too Many Requests")
    problem.wait_s = wait_s
    return problem


def told(fault: Fault) -> XProblem:
    """A fault of kind `status` in X's words."""
    if fault.status == 429:
        return too_many(fault.retry_after)
    if fault.status == 401:
        return unauthorized()
    if fault.status == 403:
        return forbidden("You are not permitted to perform this action.")
    titles = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
    title = titles.get(fault.status, "Error")
    return XProblem(fault.status, title, title)
