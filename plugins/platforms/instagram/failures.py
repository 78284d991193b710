"""What Instagram's refusals mean. The first row that fits counts: its own subcodes before Meta's common codes.

https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes, read on
2026-11-24. The subcodes 2207023 to 2207085 that are not listed there come from the maps of other publishers.

A post has been seen live after 4/2207051 ("we restrict certain activity"): the outcome is unknown, and looked up.
"""

import re
from typing import Any

from include.domain.errors import OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.failures import Answer, Row, explain_by
from platforms.transport.meta import explained, facts, rows

__all__ = ["TABLE", "explain", "facts", "of_container"]

RENEW = "The token is no longer valid. Give the connection a new access token."
_ANEW = "Its container is gone; nothing was published, and a new one is made."
_FETCH = "Instagram could not fetch the media; its address must be open to the whole internet."

TABLE = (
    Row({"subcode": 2207051}, OutcomeUnknown, "Instagram takes it for spam; it may be out all the same."),
    Row({"subcode": 2207042}, TryLater, "The posts of these 24 hours are used up; it goes out later.", wait_s=3600),
    Row({"subcode": 2207027}, TryLater, "Instagram is still at work on the media.", wait_s=30),
    Row({"subcode": {2207020, 2207008, 2207006}}, TryLater, _ANEW, wait_s=5),
    Row({"subcode": 2207003}, TryLater, "Instagram took too long to fetch the media.", wait_s=60),
    Row({"subcode": {2207032, 2207053, 2207082}}, TryLater, "Instagram could not take the media this time.", wait_s=60),
    Row({"subcode": 2207001}, OutcomeUnknown, "Instagram is out of order for a moment."),
    Row({"subcode": {2207052, 2207077}}, Refused, _FETCH),
    Row({"subcode": 2207050}, Refused, "The account is restricted; open the Instagram app and follow what it says."),
    Row({"subcode": 2207004}, Refused, "An image is too big; use one of at most 8 MB."),
    Row({"subcode": 2207005}, Refused, "An image is no JPEG; save it as one."),
    Row({"subcode": 2207009}, Refused, "An image is too tall or too wide; crop it to between 4:5 and 1.91:1."),
    Row({"subcode": 2207010}, Refused, "The caption is too long; shorten it to 2,200 characters."),
    Row({"subcode": 2207040}, Refused, "The caption mentions too many accounts; 20 are allowed."),
    Row({"subcode": 2207028}, Refused, "A carousel takes 2 to 10 images and videos."),
    Row({"subcode": 2207023}, Refused, "Instagram does not know this kind of media."),
    Row({"subcode": {2207026, 2207085}}, Refused, "The video cannot be read; save it as an MP4 with H.264 and AAC."),
    Row({"subcode": 2207057}, Refused, "The cover lies outside of the video."),
    *rows("Instagram", RENEW),
)  # fmt: skip

explain = explained(TABLE)


def of_container(answer: Answer) -> PlatformError:
    """Why a container ended in ERROR; its `status` tells the subcode. Nothing was published: never OutcomeUnknown."""
    said = str(answer.data.get("status") or "")
    subcode = re.search(r"\b2207\d{3}\b", said)
    told: dict[str, Any] = {"subcode": int(subcode[0]) if subcode else None, "message": said}
    error = explain_by(TABLE, answer, told)
    if isinstance(error, OutcomeUnknown):
        return TryLater(str(error), wait_s=60, account=answer.account, status=answer.status)
    return error
