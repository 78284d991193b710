"""What the Data API's refusals mean.

https://cloud.google.com/apis/design/errors for the statuses, the Data API's quotas page for what runs out; both read
on 2026-11-24.
"""

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.failures import Answer, Row, explain_by

_RENEW = "Google no longer accepts the credentials. Give the connection a new key or token."
_ROLE = "The account may not read this property. Give it the role Viewer there, in Analytics under Admin."

TABLE = (
    Row({"error": "invalid_grant"}, CredentialsDead, _RENEW),
    Row({"error": "invalid_client"}, CredentialsDead, _RENEW),
    Row({"status": "UNAUTHENTICATED"}, CredentialsDead, _RENEW),
    Row({"status": "PERMISSION_DENIED", "message": "has not been used"}, CredentialsDead, "Switch the Data API on."),
    Row({"status": "PERMISSION_DENIED"}, CredentialsDead, _ROLE),
    Row({"status": "RESOURCE_EXHAUSTED", "message": "per day"}, TryLater, "The day's tokens are used.", wait_s=14_400),
    Row({"status": "RESOURCE_EXHAUSTED", "message": "concurrent"}, TryLater, "Too many asked at once.", wait_s=30),
    Row({"status": "RESOURCE_EXHAUSTED"}, TryLater, "The hour's tokens are used.", wait_s=3600),
    Row({"status": "INVALID_ARGUMENT"}, Refused, "The question is not one that Google takes."),
    Row({"status": "NOT_FOUND"}, Refused, "There is no such property; check property_id in the connection's extra."),
    Row({"status": "UNAVAILABLE"}, OutcomeUnknown, "Google stumbled."),
    Row({"status": "INTERNAL"}, OutcomeUnknown, "Google stumbled."),
)


def explain(answer: Answer) -> PlatformError:
    """An API's error is an object, that of the token's address is a word."""
    data = answer.data if isinstance(answer.data, dict) else {}
    error = data.get("error")
    if isinstance(error, dict):
        facts = {"status": error.get("status"), "message": error.get("message"), "code": error.get("code")}
    else:
        facts = {"error": error, "message": data.get("error_description") or error}
    return explain_by(TABLE, answer, facts)
