"""Speaks to one Facebook Page: publishes, finds, reads. Keeps no policy.

hook = FacebookHook("facebook_bottega_aurora")
hook.known_retired.add(("account_day", "page_impressions"))     not asked for
for response in hook.fetch("account_day", window): ...
hook.retired      -> [("account_day", "page_video_views", "facebook_bottega_aurora: could not ...")]
hook.requests_made -> 1
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from include.domain.errors import OutcomeUnknown, PlatformError, Retired, TryLater
from include.domain.posts import Media, Post, Receipt
from include.domain.records import RawResponse, Record
from include.domain.windows import Window
from platforms.facebook import reading, wording
from platforms.facebook.failures import explain
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import local_file
from platforms.transport.failures import Answer, Duplicate, TooMuchAsked
from platforms.transport.limits import meta_usage
from platforms.transport.paging import Params, pages
from platforms.transport.retirement import Retirement
from platforms.transport.session import Session

log = logging.getLogger(__name__)

API_VERSION = "v25.0"
MOST_DAYS = 90  # between since and until
MOST_POSTS = 100  # on one page
FEWEST_POSTS = 10


class FacebookHook(Connected):
    """A Publisher and a MetricSource for one Page.

    A metric that Facebook no longer serves is left out and told in `retired` as (stream, metric, reason); fill
    `known_retired` with (stream, metric) pairs before `fetch`, and they are not asked for.
    """

    default_host = "https://graph.facebook.com"

    def __init__(
        self,
        conn_id: str,
        *,
        access: Access | None = None,
        session: Session | None = None,
        known_retired: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(conn_id, access=access, session=session)
        self._retirement = Retirement(known_retired)

    @property
    def known_retired(self) -> set[tuple[str, str]]:
        return self._retirement.known

    @property
    def retired(self) -> list[tuple[str, str, str]]:
        return self._retirement.found

    def open_session(self, access: Access) -> Session:
        return Session(access, explain=explain, limits=meta_usage)

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post) -> Mapping[str, Any]:
        """Stage the images unseen: `{"media": [photo ids]}`. Facebook drops unused ones after a day."""
        return {"media": [self._stage(post, media) for media in post.media]}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /{page}/feed`. Graph has no key of its own: `find` compares what a reader sees."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        try:
            form = wording.feed(post, media_ids)
            answer = self.session.write(self._path("feed"), data=form, doing=f"publish post {post.post_id}")
        except Duplicate as duplicate:
            return self._found_instead(post, key, duplicate)
        remote_id = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not remote_id:
            said = f"{self.conn_id}: Facebook took post {post.post_id} and gave no id for it; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(post.post_id, str(remote_id), self._permalink(str(remote_id)), datetime.now(UTC))

    def find(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt | None:
        """The Page's recent posts, compared with `post`: text, link, number of images."""
        since = (post.publish_at - timedelta(minutes=10)) if post.publish_at else datetime.now(UTC) - timedelta(days=1)
        fields = f"{reading.POST_FIELDS},{reading.ATTACHMENT_FIELDS}"
        params = {"fields": fields, "since": int(since.timestamp()), "limit": MOST_POSTS}
        for _, answer in self._pages("published_posts", params, doing=f"look for post {post.post_id}"):
            for remote in answer.data["data"]:
                published = reading.moment(remote["created_time"])
                if published >= since and reading.is_same(post, remote):
                    url = remote.get("permalink_url") or f"https://www.facebook.com/{remote['id']}"
                    return Receipt(post.post_id, remote["id"], url, published)
        return None

    # --- reading -----------------------------------------------------------------------------------------------

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        """`account_day`: one call for 90 days, all periods. `posts`: those published in `window` (UTC), 100 a call."""
        if stream == "account_day":
            for part in window.split(MOST_DAYS):
                yield from self._account_days(part)
        elif stream == "posts":
            yield from self._posts(window)
        else:
            raise ValueError(f"Facebook has no stream {stream}; it has account_day and posts.")

    def read(self, response: RawResponse) -> Iterator[Record]:
        return reading.read(response)

    def _account_days(self, window: Window) -> Iterator[RawResponse]:
        def ask(metrics: Sequence[str], days: Window = window) -> Iterator[RawResponse]:
            # Without `period` Graph answers with every period that a metric has: one call instead of three.
            params = {"metric": ",".join(metrics), "since": str(days.first), "until": str(_day_after(days.last))}
            return self._responses("account_day", "insights", params, days)

        def probe(metrics: Sequence[str]) -> object:
            return next(ask(metrics, Window(window.last, window.last)), None)

        while metrics := self._retirement.alive("account_day", reading.PAGE_METRICS):
            try:
                yield from ask(metrics)
                return
            except Retired as refusal:
                self._retirement.bury("account_day", metrics, probe, refusal)

    def _posts(self, window: Window) -> Iterator[RawResponse]:
        since, until = (int(_midnight(day).timestamp()) for day in (window.first, _day_after(window.last)))

        def ask(metrics: Sequence[str], limit: int) -> Iterator[RawResponse]:
            nested = f",insights.metric({','.join(metrics)})" if metrics else ""
            fields = f"{reading.POST_FIELDS},{reading.ATTACHMENT_FIELDS},{reading.COUNTER_FIELDS}{nested}"
            params = {"fields": fields, "since": since, "until": until, "limit": limit}
            return self._responses("posts", "published_posts", params, window)

        def probe(metrics: Sequence[str]) -> object:
            return next(ask(metrics, 1), None)

        limit = MOST_POSTS
        while True:
            metrics = self._retirement.alive("posts", reading.POST_METRICS)
            try:
                yield from ask(metrics, limit)
                return
            except Retired as refusal:
                self._retirement.bury("posts", metrics, probe, refusal)
            except TooMuchAsked:
                if limit <= FEWEST_POSTS:
                    raise
                limit = max(limit // 2, FEWEST_POSTS)

    # --- how ---------------------------------------------------------------------------------------------------

    def _path(self, edge: str) -> str:
        version = self.access.extra.get("api_version") or API_VERSION
        return f"{version}/{self.access.extra.get('page_id') or 'me'}/{edge}"

    def _stage(self, post: Post, media: Media) -> str:
        doing = f"upload {Path(media.source).name} for post {post.post_id}"
        path, form = self._path("photos"), wording.photo(media)
        if wording.is_web(media.source):
            answer = self.session.upload(path, data=form, doing=doing)
        else:
            with local_file(media.source, self.conn_id) as file:
                answer = self.session.upload(path, data=form, files={"source": file}, doing=doing)
        photo_id = answer.data.get("id")
        if not photo_id:
            raise TryLater(f"{self.conn_id}: could not {doing}. The answer has no id.", wait_s=60, account=self.conn_id)
        return str(photo_id)

    def _found_instead(self, post: Post, key: str, duplicate: Duplicate) -> Receipt:
        """Facebook has the post already: ours, if it is in the list; else the text was used before, and is refused."""
        try:
            receipt = self.find(post, key=key)
        except PlatformError as error:
            raise OutcomeUnknown(f"{duplicate} Looking it up failed.", account=self.conn_id) from error
        if receipt is None:
            raise duplicate
        return receipt

    def _permalink(self, remote_id: str) -> str:
        """Where people see it. The post is out whatever comes of this: one try, else a composed address."""
        version = self._path("").split("/", maxsplit=1)[0]
        try:
            answer = self.session.read(
                f"{version}/{remote_id}", {"fields": "permalink_url"}, doing="ask for the post's address", tries=1
            )
            return str(answer.data["permalink_url"])
        except (PlatformError, KeyError, TypeError) as error:
            log.warning("%s: %s is live; its address is composed, for %s", self.conn_id, remote_id, error)
            return f"https://www.facebook.com/{remote_id}"

    def _responses(self, stream: str, edge: str, params: Params, window: Window) -> Iterator[RawResponse]:
        for asked, answer in self._pages(edge, params, doing=f"read {stream} of {window}"):
            asking = {
                "path": self._path(edge),
                "params": dict(asked),
                "first": str(window.first),
                "last": str(window.last),
            }
            yield RawResponse(self.conn_id, stream, asking, answer.body, datetime.now(UTC))

    def _pages(self, edge: str, params: Params, *, doing: str) -> Iterator[tuple[Params, Answer]]:
        def ask(asked: Params) -> Answer:
            answer = self.session.read(self._path(edge), asked, doing=doing)
            if not isinstance(answer.data, dict) or "data" not in answer.data:
                # Nothing may be concluded from it, least of all that a post is not there.
                said = f"{self.conn_id}: could not {doing}. The answer holds no list."
                raise TryLater(said, wait_s=60, account=self.conn_id)
            return answer

        return pages(ask, params, _next_page)


def _next_page(answer: Answer, asked: Params) -> Params | None:
    """The query of `paging.next`, without the token in it, to be put to our own address.

    Insights page through time and would go on into the future: they end with the window.
    """
    following = (answer.data.get("paging") or {}).get("next")
    if not following:
        return None
    params = {name: value for name, value in parse_qsl(urlsplit(following).query) if name != "access_token"}
    if "until" in asked and "metric" in asked and _seconds(params.get("since")) >= _seconds(asked["until"]):
        return None
    return params


def _seconds(moment: Any) -> float:
    """A `since` or `until`, as a date or in seconds since the epoch. Without one, the page belongs to the window."""
    text = str(moment or "0")
    return float(text) if text.isdigit() else _midnight(date.fromisoformat(text[:10])).timestamp()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
