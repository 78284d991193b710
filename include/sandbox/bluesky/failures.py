"""How XRPC refuses: a status, and `{"error": name, "message": words}` (https://atproto.com/specs/xrpc)."""

from typing import Any

from include.sandbox.faults import Fault

NAMES = {401: "AuthenticationRequired", 403: "Forbidden", 404: "NotFound", 413: "PayloadTooLarge"}
STUMBLES = {
    500: ("InternalServerError", "Internal Server Error"),
    502: ("UpstreamFailure", "Upstream Failure"),
    503: ("NotEnoughResources", "Service Unavailable"),
    504: ("UpstreamTimeout", "Upstream Timeout"),
}


class XrpcError(Exception):
    """A refused call. `more` stands beside the two fields."""

    def __init__(self, error: str, message: str, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.status, self.wait_s = status, 0.0
        self.body: dict[str, Any] = {**more, "error": error, "message": message}


def invalid(message: str, error: str = "InvalidRequest") -> XrpcError:
    return XrpcError(error, message)


def too_many(wait_s: float = 0) -> XrpcError:
    error = XrpcError("RateLimitExceeded", "Rate Limit Exceeded", 429)
    error.wait_s = wait_s
    return error


def stumbled(status: int = 500) -> XrpcError:
    name, words = STUMBLES.get(status, STUMBLES[500])
    return XrpcError(name, words, status)


def told(fault: Fault) -> XrpcError:
    """A fault of kind `status` in XRPC's words; `code` is the error's name, ExpiredToken with 400 for example."""
    if fault.status == 429:
        return too_many(fault.retry_after)
    if fault.code:
        words = "Token has expired" if fault.code == "ExpiredToken" else fault.code
        return XrpcError(fault.code, words, fault.status)
    if fault.status >= 500:
        return stumbled(fault.status)
    return XrpcError(NAMES.get(fault.status, "InvalidRequest"), "It was refused.", fault.status)
