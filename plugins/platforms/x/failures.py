"""What X's refusals mean. Problems carry a type address, a title and a detail; older parts of X answer with codes.

https://docs.x.com/x-api/fundamentals/response-codes-and-errors
"""

import time
from typing import Any

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.failures import Answer, Duplicate, Row, explain_by

_RENEW = "The token is no longer valid. Authorize the app anew and give the connection the new token."

TABLE = (
    Row({"status": 403, "message": "duplicate content"}, Duplicate, "X says that this text is posted already."),
    Row({"legacy_code": 187}, Duplicate, "X says that this text is posted already."),
    Row({"type": "usage-capped"}, Refused, "The plan's volume is used up; raise it or wait for its renewal."),
    Row({"status": 402}, Refused, "The credits are used up; buy some in X's developer console."),
    Row({"legacy_code": 88}, TryLater, "The limit of calls is reached; it will be tried again by itself.", wait_s=900),
    Row({"status": 429}, TryLater, "The limit of calls is reached; it will be tried again by itself.", wait_s=900),
    Row({"type": "unsupported-authentication"}, CredentialsDead, "This call needs a user's token, not the app's."),
    Row({"status": 401}, CredentialsDead, _RENEW),
    Row({"legacy_code": {32, 89}}, CredentialsDead, _RENEW),
    Row({"legacy_code": {64, 326}}, CredentialsDead, "The account is locked or suspended; a person must log in to X."),
    Row({"type": "client-forbidden"}, Refused, "The app may not do this; enrol it in a project with that access."),
    Row({"type": "oauth1-permissions"}, Refused, "The app may only read; give it write permission, then a new token."),
    Row({"type": "not-authorized-for-resource"}, Refused, "The token may not see it; check the connection's user_id."),
    Row({"type": "resource-not-found"}, Refused, "It is not there (any more); check the connection's user_id."),
    Row({"status": 413}, Refused, "The file is too big for X."),
    Row({"type": "invalid-request"}, Refused, "X does not understand the request."),
    Row({"status": 400}, Refused, "X does not accept the post or a parameter."),
    Row({"status": 403}, Refused, "X forbids it; look at what it said and at the app's permissions."),
    Row({"status": {500, 502, 503, 504}}, OutcomeUnknown, "X is out of order for a moment."),
)


def explain(answer: Answer) -> PlatformError:
    """The error that `answer` is; a throttle waits until the time in `x-rate-limit-reset`."""
    reset = answer.headers.get("x-rate-limit-reset", "")
    until_reset = max(float(reset) - time.time(), 1.0) if reset.isdigit() and answer.status == 429 else None
    return explain_by(TABLE, answer, facts(answer), until_reset)


def facts(answer: Answer) -> dict[str, Any]:
    """A problem (or its first error), flat: status, type, title, message, legacy_code."""
    problem = answer.data if isinstance(answer.data, dict) else {}
    errors = problem.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    said = [problem.get("detail"), first.get("detail"), first.get("message"), problem.get("message")]
    return {
        "status": answer.status,
        "type": problem.get("type") or first.get("type"),
        "title": problem.get("title") or first.get("title"),
        "message": "; ".join(dict.fromkeys(str(part) for part in said if part)) or problem.get("title") or "",
        "legacy_code": first.get("code") or problem.get("code"),
    }
