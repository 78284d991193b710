"""What Mastodon's refusals mean: `{"error": words}` with a status. There are no codes; the words are the instance's.

https://docs.joinmastodon.org/methods/statuses/#create, /methods/media/, and mastodon/mastodon config/locales/en.yml.
"""

import time
from typing import Any

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.failures import Answer, Row, explain_by
from platforms.transport.limits import until_iso_reset


class Gone(Refused):
    """It is not there, or not for this account to see."""


_RENEW = "The token is no longer valid. Make a new one on the instance under Preferences, Development."

TABLE = (
    Row({"status": 401}, CredentialsDead, _RENEW),
    Row({"status": 403, "message": "login is currently disabled"}, CredentialsDead, "A person must log in there."),
    Row({"status": 403, "message": "authorized scopes"}, CredentialsDead, "The token lacks a scope; make a new one."),
    Row(
        {"status": 403, "message": "pending approval"}, CredentialsDead, "The instance has yet to approve the account."
    ),
    Row({"status": 403}, Refused, "The instance forbids it; look at what it said."),
    Row({"status": {404, 410}}, Gone, "It is not there (any more)."),
    Row({"status": 422, "message": "not finished processing"}, TryLater, "The media are not ready.", wait_s=15),
    Row(
        {"status": 422, "message": "already attached"}, TryLater, "The upload is gone; it is uploaded again.", wait_s=5
    ),
    Row({"status": 422, "message": "character limit"}, Refused, "The text is too long for this instance."),
    Row({"status": 422, "message": "content type"}, Refused, "The instance does not take that kind of file."),
    Row({"status": 422, "message": "file size"}, Refused, "The file is too big for this instance; make it smaller."),
    Row({"status": 422, "message": "processing"}, Refused, "The instance cannot process the file; save it anew."),
    Row({"status": 413}, Refused, "The file is too big for this instance; make it smaller."),
    Row({"status": 422}, Refused, "The instance does not accept the post."),
    Row({"status": 429}, TryLater, "The limit of calls is reached; it is tried again.", wait_s=300),
    Row({"status": {500, 502, 503, 504}}, OutcomeUnknown, "The instance is out of order for a moment."),
)


def explain(answer: Answer) -> PlatformError:
    """The error that `answer` is; a throttle waits until the moment in `X-RateLimit-Reset`."""
    wait_s = until_iso_reset(answer.headers, time.time()) if answer.status == 429 else None
    return explain_by(TABLE, answer, facts(answer), wait_s)


def facts(answer: Answer) -> dict[str, Any]:
    """status, message."""
    said = answer.data if isinstance(answer.data, dict) else {}
    parts = (said.get("error"), said.get("error_description"))
    return {"status": answer.status, "message": "; ".join(str(part) for part in parts if part)}
