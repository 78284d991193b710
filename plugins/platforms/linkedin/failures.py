"""What LinkedIn's refusals mean. A body has status and message; a code or a serviceErrorCode tells more.

learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling and .../rate-limits, read on 2026-11-24. The body
of a duplicate is quoted in Arisamiga/Linkedin-RSS#5, of a text too long in n8n-io/n8n#22899, of a version that is gone
in n8n-io/n8n#28600; the codes of 401 are not verified, so the status alone counts.
"""

import time
from typing import Any

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.failures import Answer, Duplicate, Row, explain_by
from platforms.transport.limits import retry_after

_DAY_S = 86_400
_VERSION = "LinkedIn no longer serves the version of its API that was asked for. Update Social Desk, or set"
_LATER = "it will be tried again by itself."

TABLE = (
    Row({"inputs": "DUPLICATE_POST"}, Duplicate, "LinkedIn says that this text is posted already."),
    Row({"message": "is a duplicate of urn:li:"}, Duplicate, "LinkedIn says that this text is posted already."),
    Row({"status": 426}, CredentialsDead, f"{_VERSION} linkedin_version in the connection's extra."),
    Row({"code": "VERSION_MISSING"}, CredentialsDead, f"{_VERSION} linkedin_version in the connection's extra."),
    Row({"status": 401}, CredentialsDead, "The token is no longer valid. Give the connection a new access token."),
    Row({"status": 403}, Refused, "The token may not do this for the organization; check its scopes, organization_id."),
    Row({"status": 404}, Refused, "It is not there (any more), or the token may not see it."),
    Row({"status": 429, "message": "limit"}, TryLater, f"The limit of the day is reached; {_LATER}", wait_s=_DAY_S),
    Row({"status": 429}, TryLater, f"There were too many calls; {_LATER}", wait_s=900),
    Row({"status": 409}, TryLater, f"Something else is changing it at this moment; {_LATER}"),
    Row({"status": 400, "message": "unable to obtain activity"}, TryLater, f"The post is not ready yet; {_LATER}"),
    Row({"status": 400, "message": "exceeded the maximum"}, Refused, "A text is too long for LinkedIn; shorten it."),
    Row({"status": 413}, Refused, "The file is too big for LinkedIn."),
    Row({"status": {400, 422}}, Refused, "LinkedIn does not accept the post or a part of it."),
    Row({"status": {500, 502, 503, 504}}, OutcomeUnknown, "LinkedIn is out of order for a moment."),
)


def explain(answer: Answer) -> PlatformError:
    """The error that `answer` is. Limits are of the day and end at midnight UTC; LinkedIn has no header for them."""
    now, said = time.time(), facts(answer)
    wait_s = retry_after(answer.headers, now)
    if wait_s is None and answer.status == 429 and "limit" in said["message"].lower():
        wait_s = _DAY_S - now % _DAY_S
    return explain_by(TABLE, answer, said, wait_s)


def facts(answer: Answer) -> dict[str, Any]:
    """The body, flat: status, code, service (its serviceErrorCode), message, inputs (the codes of what it refuses)."""
    body = answer.data if isinstance(answer.data, dict) else {}
    details = body.get("errorDetails")
    inputs = details.get("inputErrors") if isinstance(details, dict) else None
    codes = [str(each.get("code")) for each in inputs if isinstance(each, dict)] if isinstance(inputs, list) else []
    return {
        "status": answer.status,
        "code": body.get("code"),
        "service": body.get("serviceErrorCode"),
        "message": str(body.get("message") or ""),
        "inputs": " ".join(codes),
    }
