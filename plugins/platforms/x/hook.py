"""Speaks to one X account: publishes, finds, reads. Keeps no policy.

hook = XHook("x_bottega_aurora")
prepared = hook.prepare(post)                        {"media": ["1880028106020515840"]}
receipt = hook.publish(post, key="...", prepared=prepared)
hook.requests_made                                   counts, for every call costs money
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from typing import Any, BinaryIO

from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.posts import Media, Post, Receipt
from include.domain.records import RawResponse, Record
from include.domain.windows import Window
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import opened
from platforms.transport.failures import Answer, Duplicate
from platforms.transport.limits import x_rate_limit
from platforms.transport.paging import Params, pages
from platforms.transport.session import Session
from platforms.x import reading, wording
from platforms.x.failures import explain

MOST_POSTS = 100
PIECE_BYTES = 1_000_000  # of an upload; 5 MB were refused with 413
PRIVATE_FOR = timedelta(days=30)
PROCESSING_ASKS = 10  # how often to ask for a video before the task gives its slot back


class XHook(Connected):
    """A Publisher and a MetricSource for one account. `retired` stays empty: X's fields are part of its contract."""

    default_host = "https://api.x.com"

    def __init__(
        self,
        conn_id: str,
        *,
        access: Access | None = None,
        session: Session | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(conn_id, access=access, session=session)
        self.known_retired: set[tuple[str, str]] = set()
        self.retired: list[tuple[str, str, str]] = []
        self._pause = pause

    def open_session(self, access: Access) -> Session:
        return Session(access, explain=explain, limits=x_rate_limit, auth=_oauth1(access))

    @cached_property
    def user_id(self) -> str:
        """Who we are: `user_id` of the connection, else asked once."""
        stated = self.access.extra.get("user_id")
        return str(stated) if stated else str(self._me().data["data"]["id"])

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post) -> Mapping[str, Any]:
        """Upload the media and wait until X can show them: `{"media": [media ids]}`; kept for a day at least."""
        return {"media": [self._upload(post, media) for media in post.media]}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /2/tweets`. X has no key of its own: it refuses the same text, and `find` compares texts."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        try:
            words = wording.body(post, media_ids)
            answer = self.session.write("2/tweets", json=words, doing=f"publish post {post.post_id}")
        except Duplicate as duplicate:
            return self._found_instead(post, key, duplicate)
        remote_id = _data(answer).get("id")
        if not remote_id:
            said = f"{self.conn_id}: X took post {post.post_id} and gave no id for it; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(post.post_id, remote_id, reading.address(remote_id), datetime.now(UTC))

    def find(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt | None:
        """The account's recent posts, compared with `post`: text with its addresses in full, number of media."""
        since = (post.publish_at - timedelta(minutes=10)) if post.publish_at else datetime.now(UTC) - timedelta(days=1)
        asked = {"start_time": _stamp(since), "exclude": "retweets", reading.POST_FIELDS: reading.SEEN}
        for _, answer in self._timeline(asked, doing=f"look for post {post.post_id}"):
            for remote in answer.data.get("data") or ():
                if reading.is_same(post, remote):
                    published = reading.moment(remote["created_at"])
                    return Receipt(post.post_id, remote["id"], reading.address(remote["id"]), published)
        return None

    # --- reading -----------------------------------------------------------------------------------------------

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        """`account_day`: today's level, if today is in `window`. `posts`: those published in it (UTC), 100 a call."""
        if stream == "account_day":
            if datetime.now(UTC).date() in window:
                yield self._response(stream, window, "2/users/me", reading.USER, self._me())
        elif stream == "posts":
            for part, fields in _parts(window, datetime.now(UTC)):
                yield from self._posts(part, fields)
        else:
            raise ValueError(f"X has no stream {stream}; it has account_day and posts.")

    def read(self, response: RawResponse) -> Iterator[Record]:
        return reading.read(response)

    def _posts(self, window: Window, metrics: str) -> Iterator[RawResponse]:
        asked = {
            "start_time": _stamp(_midnight(window.first)),
            "exclude": "retweets",
            reading.POST_FIELDS: f"{reading.SEEN},{metrics}",
            **reading.MEDIA,
        }
        until = _midnight(window.last + timedelta(days=1))
        if until < datetime.now(UTC):  # X takes no moment that has not come
            asked["end_time"] = _stamp(until)
        for params, answer in self._timeline(asked, doing=f"read posts of {window}"):
            yield self._response("posts", window, self._timeline_path, params, answer)

    # --- how ---------------------------------------------------------------------------------------------------

    @property
    def _timeline_path(self) -> str:
        return f"2/users/{self.user_id}/tweets"

    def _me(self) -> Answer:
        return self._whole(self.session.read("2/users/me", reading.USER, doing="ask who the account is"), "data")

    def _whole(self, answer: Answer, part: str) -> Answer:
        """An answer that holds `part`. X may refuse with status 200, and that must not pass for an empty list."""
        if isinstance(answer.data, dict) and part in answer.data:
            return answer
        if isinstance(answer.data, dict) and answer.data.get("errors"):
            raise explain(answer)
        raise self._not_ready(answer.doing, f"The answer has no {part}")

    def _timeline(self, asked: Params, *, doing: str) -> Iterator[tuple[Params, Answer]]:
        def ask(params: Params) -> Answer:
            return self._whole(self.session.read(self._timeline_path, params, doing=doing), "meta")

        return pages(ask, {**asked, "max_results": MOST_POSTS}, _next_page)

    def _response(self, stream: str, window: Window, path: str, params: Params, answer: Answer) -> RawResponse:
        asked = {"path": path, "params": dict(params), "first": str(window.first), "last": str(window.last)}
        return RawResponse(self.conn_id, stream, asked, answer.body, datetime.now(UTC))

    def _upload(self, post: Post, media: Media) -> str:
        """https://docs.x.com/x-api/media/quickstart/media-upload-chunked, in the contract's dedicated endpoints."""
        doing = f"upload {media.source.rsplit('/', maxsplit=1)[-1]} for post {post.post_id}"
        with opened(media, most_bytes=wording.most_bytes(media), account=self.conn_id) as file:
            media_id = self._send_pieces(file, media, doing)
        self._wait_until_shown(media_id, doing)
        if media.alt:
            words = {"id": media_id, "metadata": {"alt_text": {"text": media.alt}}}
            self.session.upload("2/media/metadata", json=words, doing=f"{doing}, with its words")
        return media_id

    def _send_pieces(self, file: BinaryIO, media: Media, doing: str) -> str:
        about = {
            "media_type": wording.MEDIA_TYPES[media.suffix],
            "media_category": wording.media_category(media),
            "total_bytes": file.seek(0, os.SEEK_END),
        }
        media_id = _data(self.session.upload("2/media/upload/initialize", json=about, doing=doing)).get("id")
        if not media_id:
            raise self._not_ready(doing, "X gave no id for it")
        file.seek(0)
        for number, piece in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
            part = {"media": ("piece", piece, "application/octet-stream")}
            path, which = f"2/media/upload/{media_id}/append", {"segment_index": str(number)}
            self.session.upload(path, data=which, files=part, doing=doing)
        return str(media_id)

    def _wait_until_shown(self, media_id: str, doing: str) -> None:
        answer = self.session.upload(f"2/media/upload/{media_id}/finalize", doing=doing)
        for _ in range(PROCESSING_ASKS):
            processing = _data(answer).get("processing_info") or {"state": "succeeded"}
            if processing.get("state") == "succeeded":
                return
            if processing.get("state") == "failed":
                said = f"{self.conn_id}: could not {doing}. X cannot process the file; save it anew as MP4 or JPEG."
                raise Refused(said, account=self.conn_id)
            self._pause(min(float(processing.get("check_after_secs") or 1), 5.0))
            asked = {"command": "STATUS", "media_id": media_id}
            answer = self.session.read("2/media/upload", asked, doing=doing)
        raise self._not_ready(doing, "X is still processing the file")

    def _not_ready(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self.conn_id}: could not {doing}. {why}.", wait_s=60, account=self.conn_id)

    def _found_instead(self, post: Post, key: str, duplicate: Duplicate) -> Receipt:
        """X has the post already: ours, if it is in the list; else the text was used before, and is refused."""
        try:
            receipt = self.find(post, key=key)
        except PlatformError as error:
            raise OutcomeUnknown(f"{duplicate} Looking it up failed.", account=self.conn_id) from error
        if receipt is None:
            raise duplicate
        return receipt


def _oauth1(access: Access) -> AuthBase | None:
    """A signature instead of a bearer token, where the connection's extra has the four parts of OAuth 1.0a."""
    names = ("consumer_key", "consumer_secret", "token", "token_secret")
    parts = {name: str(access.extra.get(name) or "") for name in names}
    if access.token or not any(parts.values()):
        return None
    if not all(parts.values()):
        missing = ", ".join(name for name, part in parts.items() if not part)
        said = f"{access.account}: the connection's extra lacks {missing} for OAuth 1.0a; add what is missing."
        raise CredentialsDead(said, account=access.account)
    return OAuth1(
        parts["consumer_key"],
        client_secret=parts["consumer_secret"],
        resource_owner_key=parts["token"],
        resource_owner_secret=parts["token_secret"],
    )


def _parts(window: Window, now: datetime) -> Iterator[tuple[Window, str]]:
    """The window in two: posts too old for private metrics (asking for them leaves holes), and those that have them."""
    young = (now - PRIVATE_FOR).date() + timedelta(days=1)
    if window.first < young:
        yield Window(window.first, min(window.last, young - timedelta(days=1))), reading.PUBLIC
    if window.last >= young:
        yield Window(max(window.first, young), window.last), f"{reading.PUBLIC},{reading.PRIVATE}"


def _next_page(answer: Answer, asked: Params) -> Params | None:
    token = (answer.data.get("meta") or {}).get("next_token")
    return {**asked, "pagination_token": token} if token else None


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    return data if isinstance(data, dict) else {}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock(), UTC)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
