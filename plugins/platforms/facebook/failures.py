"""What Facebook's refusals mean. The first row that fits counts: subcodes before codes, ours before Meta's common ones.

https://developers.facebook.com/docs/graph-api/guides/error-handling, read on 2026-11-23; the subcodes of posting are
not listed there and come from the maps of other publishers.
"""

from include.domain.errors import OutcomeUnknown, Refused, TryLater
from platforms.transport.failures import Duplicate, Row
from platforms.transport.meta import explained, facts, rows

__all__ = ["TABLE", "explain", "facts"]

RENEW = "The Page's token is no longer valid. Give the connection a new Page access token."

TABLE = (
    Row({"subcode": 1390008}, TryLater, "Posts come too fast; it will be tried again by itself.", wait_s=1800),
    Row({"subcode": 1366051}, Duplicate, "Facebook says that these photos are posted already."),
    Row({"subcode": 1366046}, Refused, "An image is too big; use one smaller than 4 MB."),
    Row({"subcode": 1346003}, Refused, "Facebook holds the content to be abusive; a person must look at it."),
    Row({"subcode": 1609008}, Refused, "Facebook takes no links to facebook.com; leave the link out."),
    Row({"subcode": {1363047, 1609010}}, OutcomeUnknown, "Facebook is out of order for a moment."),
    Row({"code": 506}, Duplicate, "Facebook says that this text is posted already."),
    Row({"code": 1609005}, Refused, "Facebook could not open the link; check that it works without a login."),
    Row({"code": 6000}, Refused, "Facebook cannot read the video file; save it anew as an MP4 with H.264 and AAC."),
    *rows("Facebook", RENEW),
)

explain = explained(TABLE)
