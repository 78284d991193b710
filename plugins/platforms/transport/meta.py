"""What Meta's networks share: how Graph refuses, how its token is shown, how a file goes to its upload servers.

https://developers.facebook.com/docs/graph-api/guides/error-handling, read on 2026-11-23. Neither status nor type tells
refusals apart: throttles are HTTP 400 OAuthException too. Uploads: the resumable-uploads page of Instagram and the
reels page of the Video API, read on 2026-11-24; how those servers refuse (`debug_info`) is not documented and comes
from answers quoted in public issues.
"""

import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

import requests

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, Retired, TryLater
from include.domain.posts import Post
from platforms.transport.failures import Answer, Explain, Row, TooMuchAsked, explain_by
from platforms.transport.limits import meta_usage
from platforms.transport.paging import Params
from platforms.transport.session import BearerToken, Session

API_VERSION = "v25.0"
CLOCKS = timedelta(minutes=2)
"""By so much may Meta's clocks and ours differ."""


class Gone(Refused):
    """What was asked for is not there, or the token may not see it."""


class GraphToken(BearerToken):
    """`Bearer` for Graph, `OAuth` for the upload servers, which know no other word."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        super().__call__(request)
        if "file_size" in request.headers:
            request.headers["Authorization"] = f"OAuth {self.token.reveal()}"
        return request


def rows(network: str, renew: str) -> tuple[Row, ...]:
    """The rows that hold for each of Meta's networks; a network's own go before them. `renew` is how its token is."""
    slow = "The limit of calls is reached; it will be tried again by itself."
    return (
        Row({"code": 100, "message": "valid insights metric"}, Retired, f"{network} no longer serves a metric."),
        Row({"code": 1, "message": "reduce the amount of data"}, TooMuchAsked, "One answer would be too big."),
        Row({"subcode": 1404078}, Refused, "The Page needs Facebook's publishing authorization; its admin must ask."),
        Row({"code": 368}, Refused, f"{network} has blocked it from posting for now; a person must look at why."),
        Row({"code": {1, 2}}, OutcomeUnknown, f"{network} is out of order for a moment."),
        Row({"code": 4}, TryLater, f"{slow} It counts for every account of the app.", wait_s=900),
        Row({"code": 17}, TryLater, slow, wait_s=900),
        Row({"code": 32}, TryLater, f"{slow} It counts for this Page.", wait_s=900),
        Row({"code": 613}, TryLater, slow, wait_s=900),
        Row({"code": range(80000, 80010)}, TryLater, slow, wait_s=900),
        Row({"code": {102, 190, 463, 467}}, CredentialsDead, renew),
        Row({"code": 10}, Refused, "The token lacks a permission; grant it to the app, and make the token anew."),
        Row({"code": range(200, 300)}, Refused, "The token lacks a permission, or its person a task; grant it."),
        Row({"code": 100, "subcode": 33}, Gone, "It is gone, or the token may not see it; check the connection's id."),
        Row({"code": 803}, Gone, "It is gone, or the token may not see it; check the connection's id."),
        Row({"code": 100}, Refused, f"{network} does not understand a parameter."),
        Row({"upload": "NotAuthorized"}, CredentialsDead, renew),
        Row({"upload": "PartialRequest"}, TryLater, "The file did not arrive whole; it is sent again."),
        Row({"retriable": {True}}, TryLater, "The upload server is busy; the file is sent again."),
        Row({"upload": "Error"}, Refused, "The upload server does not take the file; look at what it said."),
        Row({"status": 401}, CredentialsDead, renew),
    )  # fmt: skip


def explained(table: Sequence[Row]) -> Explain:
    """How a network with this table explains its refusals; a throttle waits for as long as the usage headers say."""

    def explain(answer: Answer) -> PlatformError:
        limit = meta_usage(answer.headers, time.time())
        return explain_by(table, answer, facts(answer), limit.wait_s if limit else None)

    return explain


def facts(answer: Answer) -> dict[str, Any]:
    """Graph's error object, flat: status, code, subcode, type, message, and the metric that the message names. Of an
    upload server: the type of its error as `upload`, `retriable`, message."""
    data = answer.data if isinstance(answer.data, dict) else {}
    error, upload = (part if isinstance(part, dict) else {} for part in (data.get("error"), data.get("debug_info")))
    message = str(error.get("error_user_msg") or error.get("message") or upload.get("message") or "")
    named = re.search(r"\b(?:page|post)_[a-z0-9_]+", message)
    return {
        "status": answer.status,
        "code": error.get("code"),
        "subcode": error.get("error_subcode"),
        "type": error.get("type"),
        "message": message,
        "metric": named[0] if named else None,
        "upload": upload.get("type"),
        "retriable": upload.get("retriable"),
    }


def send_file(session: Session, address: str, file: BinaryIO, *, doing: str) -> None:
    """All of `file` to the upload address that Graph gave out, in one stream. Sending it again does no harm.

    The token goes to Meta's own hosts and to the host of the connection, to no other.
    """
    file.seek(0)
    headers = {"offset": "0", "file_size": str(size_of(file))}
    answer = session.upload(address, data=file, headers=headers, signed=_may_have_token(session, address), doing=doing)
    if not isinstance(answer.data, dict) or answer.data.get("success") is not True:
        account = session.access.account
        raise TryLater(f"{account}: could not {doing}. The upload was not confirmed.", wait_s=60, account=account)


def earliest(post: Post, since: datetime | None) -> datetime:
    """From when on something there may be `post`: from the call on, begun at `since`, by clocks that differ. Whoever
    knows of no call looks from ten minutes before the post's time, and without a time over a day."""
    if since is not None:
        return since - CLOCKS
    return post.publish_at - timedelta(minutes=10) if post.publish_at else datetime.now(UTC) - timedelta(days=1)


def text_of(data: Any, name: str) -> str:
    """A field of an answer that is to hold an id or an address; empty where it does not."""
    value = data.get(name) if isinstance(data, dict) else None
    return "" if value is None else str(value)


def size_of(file: BinaryIO) -> int:
    """Bytes from the beginning to the end; the place in it is kept."""
    place = file.tell()
    size = file.seek(0, 2)
    file.seek(place)
    return size


def following(answer: Answer, asked: Params) -> Params | None:
    """The query of `paging.next`, without the token in it, to be put to our own address; None after the last page."""
    address = (answer.data.get("paging") or {}).get("next")
    if not address:
        return None
    return {name: value for name, value in parse_qsl(urlsplit(address).query) if name != "access_token"}


def still_waiting(ready: Callable[[], bool], pauses: Sequence[float], pause: Callable[[float], None]) -> bool:
    """Ask `ready` now and after each pause; whether it is still not so in the end."""
    if ready():
        return False
    for seconds in pauses:
        pause(seconds)
        if ready():
            return False
    return True


def _may_have_token(session: Session, address: str) -> bool:
    url, own = urlsplit(address), urlsplit(session.access.base_url)
    return url[:2] == own[:2] or (url.scheme == "https" and (url.hostname or "").endswith(".facebook.com"))
