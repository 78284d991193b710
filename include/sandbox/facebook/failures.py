"""How Graph refuses: its numbers, its body, its HTTP statuses.

Shapes from developers.facebook.com/docs/graph-api/guides/error-handling and answers quoted in public issues. Nearly
everything is HTTP 400, a dead token and a throttle too: only the code tells them apart.
"""

import hashlib
from typing import Any

from include.sandbox.faults import Fault


class GraphError(Exception):
    """A refusal; `code` is Graph's number, `subcode` its finer one."""

    def __init__(
        self,
        message: str,
        code: int,
        *,
        subcode: int | None = None,
        status: int = 400,
        type: str = "OAuthException",  # noqa: A002  Graph's own word
        title: str = "",
        advice: str = "",
        transient: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code = status, code
        self.wait_minutes = 0
        self._optional = {
            "error_subcode": subcode,
            "is_transient": transient,
            "error_user_title": title,
            "error_user_msg": advice,
        }
        self._type = type

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        given = {k: v for k, v in self._optional.items() if v not in (None, "")}
        trace = hashlib.sha256(f"{self}{self.code}".encode()).hexdigest()[:20]
        return {
            "error": {"message": str(self), "type": self._type, "code": self.code, **given, "fbtrace_id": f"A{trace}"}
        }


def invalid(message: str, **more: Any) -> GraphError:
    """Error 100: a parameter that Graph does not take."""
    return GraphError(f"(#100) {message}", 100, **more)


def unknown_object(node: str) -> GraphError:
    return GraphError(
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        100,
        subcode=33,
        type="GraphMethodException",
    )


def no_such_alias(error: GraphError, ids: list[str]) -> GraphError:
    """What `ids=` answers where one of them is not there: it names that one. Other refusals stay as they are."""
    culprit = next((one for one in ids if f"'{one}'" in str(error)), None)
    if culprit is None or error.code != 100:
        return error
    return GraphError(f"(#803) Some of the aliases you requested do not exist: {culprit}", 803)


def nonexisting_field(name: str, node: str) -> GraphError:
    return invalid(f"Tried accessing nonexisting field ({name}) on node type ({node})")


def dead_token() -> GraphError:
    message = "Error validating access token: Session has expired on Friday, 20-Nov-26 09:00:00 PST."
    return GraphError(message, 190, subcode=463)


THROTTLES = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again. For more info, "
    "please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.",
}


def throttled(code: int, wait_s: float) -> GraphError:
    """A limit was reached; the wait is told in X-Business-Use-Case-Usage, in minutes, and nowhere else."""
    error = GraphError(THROTTLES.get(code, f"(#{code}) Request limit reached"), code, transient=code != 80001 or None)
    error.wait_minutes = max(1, round(wait_s / 60))
    return error


def told(fault: Fault) -> GraphError:
    """A fault of kind `status` in Graph's words: 429 is a throttle (code 4, 17, 32, 613 or 80001; HTTP 400).
    500 with code 1 says that too much was asked for at once."""
    code = int(fault.code) if fault.code.isdigit() else None
    if fault.status == 429 or code in THROTTLES:
        return throttled(code or 32, fault.retry_after)
    if code == 190 or fault.status == 401:
        return dead_token()
    if code == 1 and fault.status >= 500:
        return GraphError("Please reduce the amount of data you're asking for, then retry your request", 1, status=500)
    if fault.status >= 500:
        message = "An unexpected error has occurred. Please retry your request later."
        return GraphError(message, code or 2, status=fault.status, transient=True)
    return GraphError(f"(#{code or 1}) An unknown error occurred", code or 1, status=fault.status)
