"""Speaks to one Facebook Page: publishes, finds, comments, edits, deletes, reads, hears, answers. Keeps no policy.

hook = FacebookHook("facebook_bottega_aurora")
hook.known_retired.add(("account_day", "page_impressions"))     not asked for
for response in hook.fetch("account_day", window): ...
hook.retired      -> [("account_day", "page_video_views", "facebook_bottega_aurora: could not ...")]
hook.requests_made -> 1
"""

import logging
import time as clock
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from include.domain.comments import Comment, Lead
from include.domain.errors import OutcomeUnknown, PlatformError, Refused, Retired, TryLater
from include.domain.posts import Media, Part, Post, Receipt
from include.domain.records import RawResponse, Record
from include.domain.windows import Window
from platforms.facebook import reading, wording
from platforms.facebook.conversation import Conversation
from platforms.facebook.failures import explain
from platforms.facebook.videos import Videos
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import local_file
from platforms.transport.failures import Answer, Duplicate, TooMuchAsked
from platforms.transport.limits import meta_usage
from platforms.transport.meta import API_VERSION, Gone, GraphToken, earliest, following, text_of
from platforms.transport.meta_lists import gone
from platforms.transport.paging import Params, pages
from platforms.transport.remembered import remembered
from platforms.transport.retirement import Retirement
from platforms.transport.session import Session

log = logging.getLogger(__name__)

MOST_DAYS = 90  # between since and until
MOST_POSTS = 100  # on one page
ANSWERED_WITHIN = timedelta(minutes=15)  # a call is done by then, or never
FEWEST_POSTS = 10


class FacebookHook(Connected):
    """A Publisher, a Follower, a Remover, an Editor, a MetricSource, a CommentSource, a Moderator and a LeadSource for
    one Page.

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
        pause: Callable[[float], None] = clock.sleep,
    ) -> None:
        super().__init__(conn_id, access=access, session=session)
        self._pause = pause
        self._retirement = Retirement(known_retired)

    @property
    def known_retired(self) -> set[tuple[str, str]]:
        return self._retirement.known

    @property
    def retired(self) -> list[tuple[str, str, str]]:
        return self._retirement.found

    def open_session(self, access: Access) -> Session:
        return Session(access, explain=explain, limits=meta_usage, auth=GraphToken(access.token))

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Stage what goes out, unseen: `{"media": [photo ids]}`, or `{"video": id, "session": id}` for a video.

        Facebook drops unused photos after a day; an upload that is not finished is no post.
        """
        if wording.has_video(post):
            return self._videos.stage(post)
        return {"media": [self._stage(post, media) for media in post.media]}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """One call: `POST /{page}/feed`, the finish of a video's upload, or `POST /{page}/photo_stories`.

        Graph has no key of its own: `find` goes by the video's id, or compares what a reader sees.
        """
        prepared = prepared or self.prepare(post)
        if wording.has_video(post):
            try:
                return self._videos.finish(post, prepared)
            except Refused as refusal:
                return self._found_instead(post, key, prepared, refusal)
        edge, form = "feed", wording.feed(post, list(prepared.get("media", ())))
        if post.format == "story":
            edge, form = "photo_stories", {"photo_id": str(prepared["media"][0])}
        try:
            answer = self.session.write(self._path(edge), data=form, doing=f"publish post {post.post_id}")
        except Duplicate as duplicate:
            return self._found_instead(post, key, prepared, duplicate)
        remote_id = text_of(answer.data, "post_id" if post.format == "story" else "id")
        if not remote_id:
            said = f"{self.conn_id}: Facebook took post {post.post_id} and gave no id for it; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(post.post_id, remote_id, _composed(remote_id), datetime.now(UTC))

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """A story among the Page's stories by its photo or video; a video by its id, for it is not in the lists while
        Facebook works on it; else the recent posts, compared with `post`: the ids of its photos, or text and link."""
        prepared, doing = prepared or {}, f"look for post {post.post_id}"
        if post.format == "story" and (receipt := self._find_story(post, prepared, doing)):
            return receipt
        if prepared.get("video"):
            try:
                return self._videos.find(post, str(prepared["video"]), doing)
            except Gone:
                log.info("%s: video %s cannot be seen; the posts are compared", self.conn_id, prepared["video"])
        return None if post.format == "story" else self._find_post(post, prepared, since, doing)

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """`POST /{post}/comments`: the first comment."""
        doing = f"comment on post {post.post_id}"
        if part.kind != "comment":
            said = f"{self.conn_id}: could not publish part {part.number} of {post.post_id}. Facebook has no threads."
            raise Refused(said, account=self.conn_id)
        answer = self.session.write(self._node(f"{after[0]}/comments"), data={"message": part.text}, doing=doing)
        remote_id = text_of(answer.data, "id")
        if not remote_id:
            said = f"{self.conn_id}: Facebook gave no id for the comment on post {post.post_id}; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(post.post_id, remote_id, _composed(remote_id), datetime.now(UTC))

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        """The comment among those under the post: the same words, said by the Page itself. The oldest come first, and
        those from long after the call are not read: under a post that is much talked of there are thousands."""
        asked = {"fields": reading.COMMENT_FIELDS, "order": "chronological", "limit": MOST_POSTS}
        path, doing = self._node(f"{after[0]}/comments"), f"look for the comment on post {post.post_id}"
        for _, answer in self._pages(path, asked, doing=doing):
            for comment in answer.data["data"]:
                said_at = reading.moment(comment["created_time"])
                if since and said_at > since + ANSWERED_WITHIN:
                    return None
                if said_at < earliest(post, since) or not reading.is_same_text(part.text, comment.get("message")):
                    continue
                if self._is_own(comment, doing):
                    return Receipt(post.post_id, comment["id"], _address(comment), said_at)
        return None

    def delete(self, remote_id: str) -> None:
        """`DELETE /{post}`. What is gone already counts as done."""
        try:
            self.session.write(self._node(remote_id), method="DELETE", doing=f"delete {remote_id}")
        except Gone as gone:
            log.info("%s: %s was gone already: %s", self.conn_id, remote_id, gone)

    def edit(self, post: Post, remote_id: str) -> None:
        """`POST /{post}` with the text as it is now; of a video that is not yet a post, its description."""
        form = {"message" if "_" in remote_id else "description": wording.message(post)}
        self.session.write(self._node(remote_id), data=form, doing=f"edit post {post.post_id}")

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

    # --- hearing and answering ---------------------------------------------------------------------------------

    @property
    def unheard(self) -> list[str]:
        """What `comments` could not hear, a sentence each: comments under ads, without the permission to see them."""
        return self._conversation.unheard

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Three calls for a Page that is not talked of much. Edits are not told: read further back to see them."""
        return self._conversation.comments(since)

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """A call for each 50, and some more to find those that are not there."""
        return gone(self.session, self._node(""), comment_ids, doing=f"look for {len(comment_ids)} comments")

    def leads(self, since: datetime) -> Iterator[Lead]:
        """Facebook keeps them for 90 days."""
        return self._conversation.leads(since)

    def hide(self, comment_id: str) -> None:
        """Facebook refuses it for the Page's own comments."""
        self._conversation.set_hidden(comment_id, True)

    def show(self, comment_id: str) -> None:
        self._conversation.set_hidden(comment_id, False)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """Graph has no key of its own: `find_answer` compares words, author and time. `delete` takes it back."""
        return self._conversation.answer(comment_id, text)

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        return self._conversation.find_answer(comment_id, text, since, self._is_own)

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

    @remembered
    def _conversation(self) -> Conversation:
        return Conversation(self.session, self._node, str(self.access.extra.get("page_id") or "me"))

    @remembered
    def _videos(self) -> Videos:
        return Videos(self.session, self._path("").rstrip("/"), self._pause)

    def _path(self, edge: str) -> str:
        return self._node(f"{self.access.extra.get('page_id') or 'me'}/{edge}")

    def _node(self, rest: str) -> str:
        return f"{self.access.extra.get('api_version') or API_VERSION}/{rest}"

    def _stage(self, post: Post, media: Media) -> str:
        doing = f"upload {media.name} for post {post.post_id}"
        path, form = self._path("photos"), wording.photo(media)
        if media.is_web:
            answer = self.session.upload(path, data=form, doing=doing)
        else:
            with local_file(media.source, self.conn_id) as file:
                answer = self.session.upload(path, data=form, files={"source": file}, doing=doing)
        photo_id = text_of(answer.data, "id")
        if not photo_id:
            raise TryLater(f"{self.conn_id}: could not {doing}. The answer has no id.", wait_s=60, account=self.conn_id)
        return photo_id

    def _find_story(self, post: Post, prepared: Mapping[str, Any], doing: str) -> Receipt | None:
        ours = {str(prepared.get("video") or ""), *map(str, prepared.get("media", ()))} - {""}
        for _, answer in self._pages(self._path("stories"), {"fields": reading.STORY_FIELDS}, doing=doing):
            for story in answer.data["data"]:
                if str(story.get("media_id")) in ours:
                    url = str(story.get("url") or _composed(story["post_id"]))
                    return Receipt(post.post_id, str(story["post_id"]), url, reading.story_moment(story))
        return None

    def _find_post(self, post: Post, prepared: Mapping[str, Any], since: datetime | None, doing: str) -> Receipt | None:
        """Raises TryLater where a post might be ours or might not."""
        since, ours = earliest(post, since), [str(photo) for photo in prepared.get("media", ())]
        fields = f"{reading.POST_FIELDS},{reading.ATTACHMENT_FIELDS}"
        params = {"fields": fields, "since": int(since.timestamp()), "limit": MOST_POSTS}
        unclear = ""
        for _, answer in self._pages(self._path("published_posts"), params, doing=doing):
            for remote in answer.data["data"]:
                published = reading.moment(remote["created_time"])
                same = reading.is_same(post, remote, ours) if published >= since else False
                url = _address(remote)
                if same:
                    return Receipt(post.post_id, remote["id"], url, published)
                unclear = url if same is None else unclear
        if unclear:
            said = f"{self.conn_id}: could not {doing}. {unclear} says the same, and may be it or another; look at it."
            raise TryLater(said, wait_s=60, account=self.conn_id)
        return None

    def _found_instead(self, post: Post, key: str, prepared: Mapping[str, Any], refusal: Refused) -> Receipt:
        """Facebook says no: because it has the post already, if it is there. A duplicate that is nowhere to be seen
        is no proof that nothing is out; else it is refused in truth."""
        try:
            receipt = self.find(post, key=key, prepared=prepared)
        except PlatformError as error:
            raise OutcomeUnknown(f"{refusal} Looking it up failed.", account=self.conn_id) from error
        if receipt is None and isinstance(refusal, Duplicate):
            said = f"{refusal} No such post is in its list yet; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=refusal.status)
        if receipt is None:
            raise refusal
        return receipt

    def _is_own(self, comment: Mapping[str, Any], doing: str) -> bool:
        """Whether the Page said it. Graph tells the author to the Page's token alone."""
        author = text_of(comment.get("from"), "id")
        if not author:
            said = f"{self.conn_id}: could not {doing}. {_address(comment)} says the same, and not whose it is."
            raise TryLater(said, wait_s=60, account=self.conn_id)
        return author == self._page_id

    @remembered
    def _page_id(self) -> str:
        """The connection may know the Page by its name, or not at all."""
        page = self._node(str(self.access.extra.get("page_id") or "me"))
        told = text_of(self.session.read(page, {"fields": "id"}, doing="ask for the Page's id").data, "id")
        if not told:
            raise TryLater(f"{self.conn_id}: Facebook does not tell the Page's id.", wait_s=60, account=self.conn_id)
        return told

    def _responses(self, stream: str, edge: str, params: Params, window: Window) -> Iterator[RawResponse]:
        for asked, answer in self._pages(self._path(edge), params, doing=f"read {stream} of {window}"):
            asking = {
                "path": self._path(edge),
                "params": dict(asked),
                "first": str(window.first),
                "last": str(window.last),
            }
            yield RawResponse(self.conn_id, stream, asking, answer.body, datetime.now(UTC), answer.parsed)

    def _pages(self, path: str, params: Params, *, doing: str) -> Iterator[tuple[Params, Answer]]:
        def ask(asked: Params) -> Answer:
            answer = self.session.read(path, asked, doing=doing)
            if not isinstance(answer.data, dict) or "data" not in answer.data:
                # Nothing may be concluded from it, least of all that a post is not there.
                said = f"{self.conn_id}: could not {doing}. The answer holds no list."
                raise TryLater(said, wait_s=60, account=self.conn_id)
            return answer

        return pages(ask, params, _next_page)


def _address(node: Mapping[str, Any]) -> str:
    """Where people see a post or a comment."""
    return str(node.get("permalink_url") or _composed(node["id"]))


def _composed(remote_id: str) -> str:
    """Facebook leads on from it. Between its yes and the receipt nothing is asked that may hang."""
    return f"https://www.facebook.com/{remote_id}"


def _next_page(answer: Answer, asked: Params) -> Params | None:
    """Insights page through time and would go on into the future: they end with the window."""
    params = following(answer, asked)
    if params and "until" in asked and "metric" in asked and _seconds(params.get("since")) >= _seconds(asked["until"]):
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
