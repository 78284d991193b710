"""What Graph's refusals mean. Neither status nor type tells them apart: throttles are HTTP 400 OAuthException too.

https://developers.facebook.com/docs/graph-api/guides/error-handling, read on 2026-11-23; the subcodes of posting are
not listed there and come from the maps of other publishers. The first row that fits counts: subcodes before codes.
"""

import re
import time
from typing import Any

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, Retired, TryLater
from platforms.transport.failures import Answer, Duplicate, Row, TooMuchAsked, explain_by
from platforms.transport.limits import meta_usage

_RENEW = "The Page's token is no longer valid. Give the connection a new Page access token."
_SERVED = "Facebook no longer serves a metric that was asked for."
_SLOW = "The limit of calls is reached; it will be tried again by itself."

TABLE = (
    Row({"code": 100, "message": "valid insights metric"}, Retired, _SERVED),
    Row({"code": 1, "message": "reduce the amount of data"}, TooMuchAsked, "One answer would be too big."),
    Row({"subcode": 1390008}, TryLater, "Posts come too fast; it will be tried again by itself.", wait_s=1800),
    Row({"subcode": 1366051}, Duplicate, "Facebook says that these photos are posted already."),
    Row({"subcode": 1366046}, Refused, "An image is too big; use one smaller than 4 MB."),
    Row({"subcode": 1346003}, Refused, "Facebook holds the content to be abusive; a person must look at it."),
    Row(
        {"subcode": 1404078}, Refused, "The Page needs Facebook's publishing authorization; its admin must ask for it."
    ),
    Row({"subcode": 1609008}, Refused, "Facebook takes no links to facebook.com; leave the link out."),
    Row({"subcode": {1363047, 1609010}}, OutcomeUnknown, "Facebook is out of order for a moment."),
    Row({"code": 506}, Duplicate, "Facebook says that this text is posted already."),
    Row({"code": 1609005}, Refused, "Facebook could not open the link; check that it works without a login."),
    Row(
        {"code": 368}, Refused, "Facebook has blocked the Page from posting for now; a person must look at its quality."
    ),
    Row({"code": {1, 2}}, OutcomeUnknown, "Facebook is out of order for a moment."),
    Row({"code": 4}, TryLater, f"{_SLOW} It counts for every account of the app.", wait_s=900),
    Row({"code": 17}, TryLater, _SLOW, wait_s=900),
    Row({"code": 32}, TryLater, f"{_SLOW} It counts for this Page.", wait_s=900),
    Row({"code": 613}, TryLater, _SLOW, wait_s=900),
    Row({"code": range(80000, 80010)}, TryLater, _SLOW, wait_s=900),
    Row({"code": {102, 190, 463, 467}}, CredentialsDead, _RENEW),
    Row({"code": 10}, Refused, "The token lacks a permission; the app must be granted it, and the token made anew."),
    Row({"code": range(200, 300)}, Refused, "The token lacks a permission or the person a task on the Page; grant it."),
    Row({"code": 100, "subcode": 33}, Refused, "It is gone, or the token may not see it; check the page_id."),
    Row({"code": 100}, Refused, "Facebook does not understand a parameter."),
    Row({"status": 401}, CredentialsDead, _RENEW),
)


def explain(answer: Answer) -> PlatformError:
    """The error that `answer` is; a throttle waits for as long as the usage headers say."""
    limit = meta_usage(answer.headers, time.time())
    return explain_by(TABLE, answer, facts(answer), limit.wait_s if limit else None)


def facts(answer: Answer) -> dict[str, Any]:
    """Graph's error object, flat: status, code, subcode, type, message, and the metric that the message names."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    error = error if isinstance(error, dict) else {}
    message = str(error.get("error_user_msg") or error.get("message") or "")
    named = re.search(r"\b(?:page|post)_[a-z0-9_]+", message)
    return {
        "status": answer.status,
        "code": error.get("code"),
        "subcode": error.get("error_subcode"),
        "type": error.get("type"),
        "message": message,
        "metric": named[0] if named else None,
    }
