"""Google's refusals: a code, a status and a message. https://cloud.google.com/apis/design/errors"""

from typing import Any

from include.sandbox.faults import Fault

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class GoogleError(Exception):
    """A refusal as it goes out."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message

    def body(self) -> dict[str, Any]:
        status = STATUSES.get(self.code, "UNKNOWN")
        return {"error": {"code": self.code, "message": self.message, "status": status}}


class NoToken(Exception):
    """A refusal of the address that gives out tokens, in OAuth's words (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description

    def body(self) -> dict[str, Any]:
        return {"error": self.error, "error_description": self.description}


def told(fault: Fault) -> GoogleError:
    """A fault that somebody ordered, in Google's words."""
    said = "Exhausted property tokens per hour quota." if fault.status == 429 else "Internal error encountered."
    return GoogleError(fault.status, said)
