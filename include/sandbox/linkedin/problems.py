"""How LinkedIn refuses: `status`, `message`, and a `code` or a `serviceErrorCode`; a refused post has `errorDetails`.

learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling and .../rate-limits; the bodies of 422 and of a
text too long as quoted in Arisamiga/Linkedin-RSS#5 and n8n-io/n8n#22899; the codes of 401 are not verified.
"""

from typing import Any

from include.sandbox.faults import Fault

INPUT = "com.linkedin.content.common.exception.BadRequestResponseException: "


class LinkedInProblem(Exception):
    """A refused request: its status, its body, and the seconds of a Retry-After where there is one."""

    def __init__(self, status: int, message: str, *, wait_s: float = 0, **more: Any) -> None:
        super().__init__(message)
        self.status, self.wait_s = status, wait_s
        self.body: dict[str, Any] = {"message": message, "status": status, **more}


def no_token() -> LinkedInProblem:
    return LinkedInProblem(401, "Empty oauth2_access_token", serviceErrorCode=401)


def unknown_token() -> LinkedInProblem:
    return LinkedInProblem(401, "Invalid access token", serviceErrorCode=65600, code="INVALID_ACCESS_TOKEN")


def revoked_token() -> LinkedInProblem:
    message = "The token used in the request has been revoked by the user"
    return LinkedInProblem(401, message, serviceErrorCode=65601, code="REVOKED_ACCESS_TOKEN")


def retired_version(version: str) -> LinkedInProblem:
    return LinkedInProblem(426, f"Requested version {version}01 is not active", code="NONEXISTENT_VERSION")


def forbidden(what: str) -> LinkedInProblem:
    message = f"Not enough permissions to access: {what}"
    return LinkedInProblem(403, message, serviceErrorCode=100, code="ACCESS_DENIED")


def not_found(what: str) -> LinkedInProblem:
    return LinkedInProblem(404, f"{what} cannot be found", code="NOT_FOUND")


def invalid(field: str, why: str) -> LinkedInProblem:
    """A field of the body or a parameter that LinkedIn does not take."""
    message = (
        f"Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [{field}]"
    )
    return LinkedInProblem(400, f"{message}: {why}", code="ILLEGAL_ARGUMENT")


def refused_input(message: str, code: str, *, status: int = 400) -> LinkedInProblem:
    """A post that is well formed and not wanted."""
    details = {"inputErrors": [{"description": message, "input": {}, "code": code}]}
    kind = "com.linkedin.common.error.BadRequest"
    return LinkedInProblem(status, INPUT + message, errorDetailType=kind, errorDetails=details)


def day_limit() -> LinkedInProblem:
    message = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
    return LinkedInProblem(429, message, serviceErrorCode=101)


def told(fault: Fault) -> LinkedInProblem:
    """A fault of kind `status` in LinkedIn's words. A 429 that names seconds protects LinkedIn's own machines."""
    if fault.status == 429:
        return LinkedInProblem(429, "Too many requests", wait_s=fault.retry_after) if fault.retry_after else day_limit()
    if fault.status == 401:
        return revoked_token()
    if fault.status == 403:
        return forbidden("partnerApiPostsExternal.CREATE.20260701")
    return LinkedInProblem(fault.status, "Internal Server Error" if fault.status == 500 else "Error")
