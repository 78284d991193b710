"""What the Marketing API's refusals mean; Graph's own rows stand in `platforms.transport.meta`.

https://developers.facebook.com/docs/marketing-api/error-reference, read on 2026-11-24.
"""

from include.domain.errors import Refused, TryLater
from platforms.transport.failures import Row, TooMuchAsked
from platforms.transport.meta import explained, rows

_RENEW = "The token of the ad account is no longer valid. Give the connection a new one."
_SLOW = "The limit of calls is reached; it will be tried again by itself."

TABLE = (
    Row({"code": 100, "subcode": 1487534}, TooMuchAsked, "One answer would be too big."),
    Row({"code": 100, "subcode": 3018}, Refused, "Meta keeps 37 months; ask for later days."),
    Row({"subcode": 1885272}, Refused, "The daily budget is below what Meta allows; set a higher one."),
    Row({"subcode": 1487246}, Refused, "The campaign is archived or deleted; nothing of it can be changed."),
    Row({"subcode": 2446079}, TryLater, _SLOW, wait_s=3600),
    Row({"code": 2601}, TryLater, "The report is not ready yet.", wait_s=60),
    Row({"code": 294}, Refused, "The token lacks ads_management; grant it to let the desk set budgets."),
    *rows("Meta Ads", _RENEW),
)

explain = explained(TABLE)
