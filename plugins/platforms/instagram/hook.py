"""Speaks to one Instagram account: publishes, finds, comments, deletes, tells its quota, hears, answers. Keeps no
policy.

hook = InstagramHook("instagram_bottega_aurora")
prepared = hook.prepare(post)                    {"items": ["17889615691921648"], "container": "17889615691921648"}
receipt = hook.publish(post, key="...", prepared=prepared)
hook.limits()                                    {"quota_total": 100, "quota_duration": 86400, "quota_usage": 2}

A container is Instagram's own key: it is published once at most, and says so (`status_code` PUBLISHED).
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from include.domain.comments import Comment
from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater, Unfinished
from include.domain.posts import Media, Part, Post, Receipt
from platforms.instagram import reading, wording
from platforms.instagram.conversation import Conversation
from platforms.instagram.failures import explain, of_container
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.limits import meta_usage
from platforms.transport.meta import (
    API_VERSION,
    Gone,
    GraphToken,
    earliest,
    following,
    send_file,
    still_waiting,
    text_of,
)
from platforms.transport.meta_lists import gone
from platforms.transport.paging import pages
from platforms.transport.remembered import remembered
from platforms.transport.session import Session

log = logging.getLogger(__name__)

POLLS = (1.0, 2.0, 5.0, 10.0, *(20.0,) * 8)  # three minutes; longer would keep a sender from other posts
MOST_ON_PAGE = 50
FOR_THE_ADDRESS = (3.0, 5.0)  # seconds to connect, seconds of silence
UNPUBLISHED = ("FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED")


class InstagramHook(Connected):
    """A Publisher, a Follower, a Remover, a LimitSource, a CommentSource and a Moderator for one account."""

    default_host = "https://graph.facebook.com"

    def __init__(
        self,
        conn_id: str,
        *,
        access: Access | None = None,
        session: Session | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(conn_id, access=access, session=session)
        self._pause = pause

    def open_session(self, access: Access) -> Session:
        return Session(access, explain=explain, limits=meta_usage, auth=GraphToken(access.token))

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Make the container and wait until Instagram has taken the media in: `{"items": [ids], "container": id}`.

        Raises Unfinished where that takes too long; its `prepared`, given as `earlier`, is waited for again, so that
        no container is made in vain. What of it failed, expired or is gone is made anew.
        """
        made = dict(earlier or {})
        if self._status_of(made.get("container"), post) == "PUBLISHED":
            return made  # it went out: `publish` is refused, and finds it
        return self._prepared(post, made if self._is_usable(post, made) else {})

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /{ig}/media_publish`. Whatever it answers, a container that is PUBLISHED went out."""
        prepared = prepared or self.prepare(post)
        form = {"creation_id": str(prepared.get("container"))}
        try:
            answer = self.session.write(self._edge("media_publish"), data=form, doing=f"publish post {post.post_id}")
        except (Refused, TryLater, CredentialsDead) as no:
            if no.status is None:  # not even asked
                raise
            return self._out_after_all(post, key, prepared, no)
        remote_id = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not remote_id:
            said = f"{self.conn_id}: Instagram took post {post.post_id} and gave no id for it; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(post.post_id, str(remote_id), self._permalink(str(remote_id)), datetime.now(UTC))

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """By the container, which alone decides; its medium is the one of the recent ones that has the caption and the
        kind, and of several the nearest to `since`. Without a container these decide.

        A story has no caption: none is taken for the post unless the container is out and no other one fits.
        """
        status, story = self._status_of((prepared or {}).get("container"), post), post.format == "story"
        if status in UNPUBLISHED:
            return None
        if story and status != "PUBLISHED":
            raise self._undecided(post, "its container cannot be seen, and a story has no words to know it by")
        first = earliest(post, since)
        same = reading.all_same(post, self._recent(post, first), first)
        if story and len(same) > 1:
            raise self._undecided(post, f"{len(same)} stories of its kind are out, and it is one of them")
        if same:
            remote = reading.nearest(same, since)
            published, url = reading.moment(remote["timestamp"]), remote.get("permalink") or _profile()
            return Receipt(post.post_id, str(remote["id"]), str(url), published)
        if status == "PUBLISHED":
            raise self._undecided(post, "it is out, but is not in Instagram's list of media yet")
        return None

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """`POST /{media}/comments`: the first comment."""
        doing = f"comment on post {post.post_id}"
        if part.kind != "comment":
            said = f"{self.conn_id}: could not publish part {part.number} of {post.post_id}. Instagram has no threads."
            raise Refused(said, account=self.conn_id)
        answer = self.session.write(self._path(f"{after[0]}/comments"), data={"message": part.text}, doing=doing)
        remote_id = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not remote_id:
            said = f"{self.conn_id}: Instagram gave no id for the comment on post {post.post_id}; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(post.post_id, str(remote_id), self._permalink(after[0]), datetime.now(UTC))

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        """The comment among those under the post: the same words, said by the account itself."""
        for comment in self._comments(post, after[0], earliest(post, since)):
            if reading.plain(comment.get("text")) != reading.plain(part.text):
                continue
            if not comment.get("username"):
                raise self._undecided(post, "a comment says the same, and Instagram does not tell whose it is")
            if comment["username"] == self._username:
                said_at = reading.moment(comment["timestamp"])
                return Receipt(post.post_id, str(comment["id"]), self._permalink(after[0]), said_at)
        return None

    def delete(self, remote_id: str) -> None:
        """`DELETE /{media}`: the whole post. What is gone already counts as done."""
        try:
            self.session.write(self._path(remote_id), method="DELETE", doing=f"delete {remote_id}")
        except Gone as gone:
            log.info("%s: %s was gone already: %s", self.conn_id, remote_id, gone)

    def limits(self) -> Mapping[str, Any]:
        """quota_total, quota_duration (seconds) and quota_usage of the sliding day."""
        params = {"fields": "config,quota_usage"}
        answer = self.session.read(self._edge("content_publishing_limit"), params, doing="ask for the quota")
        return reading.limits(answer.data)

    # --- containers --------------------------------------------------------------------------------------------

    def _is_usable(self, post: Post, made: Mapping[str, Any]) -> bool:
        """Whether it can be gone on from."""
        parts = [*made.get("items", ()), *filter(None, [made.get("container")])]
        return all(self._status_of(part, post) not in ("", "ERROR", "EXPIRED") for part in parts)

    def _prepared(self, post: Post, made: dict[str, Any]) -> Mapping[str, Any]:
        made["items"] = list(made.get("items", ()))
        for media in post.media[len(made["items"]) :]:
            try:
                made["items"].append(self._stage(post, media))
            except TryLater as late:
                raise Unfinished(str(late), made, wait_s=late.wait_s, account=self.conn_id) from late
        for item in made["items"]:
            self._wait_for(post, item, made)
        if not wording.is_carousel(post):
            made["container"] = made["items"][0]
        elif not made.get("container"):
            made["container"] = self._create(post, wording.carousel(post, made["items"]), "join the carousel of")
        self._wait_for(post, made["container"], made)
        return made

    def _stage(self, post: Post, media: Media) -> str:
        """A container for one image or video. A local video is sent: as one stream, to the address that comes back."""
        form = wording.container(post, media)
        if not wording.is_sent(media):
            return self._create(post, form, f"hand over {media.name} for")
        answer = self._container(post, form, f"announce {media.name} for")
        container = str(answer.data["id"])
        address = str(answer.data.get("uri") or f"https://rupload.facebook.com/ig-api-upload/{API_VERSION}/{container}")
        most = wording.constraints()["surfaces"]["reel"]["max_bytes"]["value"]
        with opened(media, most_bytes=most, account=self.conn_id) as file:
            send_file(self.session, address, file, doing=f"upload {media.name} for post {post.post_id}")
        return container

    def _create(self, post: Post, form: Mapping[str, str], what: str) -> str:
        return str(self._container(post, form, what).data["id"])

    def _container(self, post: Post, form: Mapping[str, str], what: str) -> Answer:
        doing = f"{what} post {post.post_id}"
        answer = self.session.upload(self._edge("media"), data=form, doing=doing)
        if not isinstance(answer.data, dict) or not answer.data.get("id"):
            raise TryLater(f"{self.conn_id}: could not {doing}. The answer has no id.", wait_s=60, account=self.conn_id)
        return answer

    def _wait_for(self, post: Post, container: str, made: Mapping[str, Any]) -> None:
        """Until Instagram has taken the container's media in."""
        if still_waiting(lambda: self._is_ready(post, container), POLLS, self._pause):
            said = f"{self.conn_id}: Instagram is still at work on the media of post {post.post_id}."
            raise Unfinished(said, dict(made), wait_s=60, account=self.conn_id)

    def _is_ready(self, post: Post, container: str) -> bool:
        answer = self._status(container, f"prepare post {post.post_id}")
        status = answer.data.get("status_code")
        if status == "ERROR":
            raise of_container(answer)
        if status == "EXPIRED":
            said = f"{self.conn_id}: the container of post {post.post_id} expired; a new one is made."
            raise TryLater(said, wait_s=5, account=self.conn_id)
        return status in ("FINISHED", "PUBLISHED")

    def _status(self, container: str, doing: str) -> Answer:
        answer = self.session.read(self._path(container), {"fields": "status_code,status"}, doing=doing)
        if not isinstance(answer.data, dict) or "status_code" not in answer.data:
            said = f"{self.conn_id}: could not {doing}. The answer holds no status."
            raise TryLater(said, wait_s=60, account=self.conn_id)
        return answer

    def _status_of(self, container: Any, post: Post) -> str:
        """The container's status; empty where there is none, or none that can be seen."""
        if not container:
            return ""
        try:
            return str(self._status(str(container), f"look for post {post.post_id}").data["status_code"])
        except Gone:
            return ""

    # --- hearing and answering ---------------------------------------------------------------------------------

    def comments(self, since: datetime) -> Iterator[Comment]:
        """A call for every fifty media. Edits are not told, comments under ads not heard."""
        return self._conversation.comments(since)

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """A call for each 50, and some more to find those that are not there."""
        return gone(self.session, self._path(""), comment_ids, doing=f"look for {len(comment_ids)} comments")

    def hide(self, comment_id: str) -> None:
        """The account's own comments stay visible, although Instagram says yes."""
        self._conversation.set_hidden(comment_id, True)

    def show(self, comment_id: str) -> None:
        self._conversation.set_hidden(comment_id, False)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """A hidden comment cannot be answered. There is no key: `find_answer` compares words, author and time."""
        return self._conversation.answer(comment_id, text)

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        return self._conversation.find_answer(comment_id, text, since, lambda: self._username)

    # --- how ---------------------------------------------------------------------------------------------------

    def _out_after_all(self, post: Post, key: str, prepared: Mapping[str, Any], no: PlatformError) -> Receipt:
        """Instagram says no, or not now: truly, unless the container went out."""
        try:
            status = self._status_of(prepared.get("container"), post)
            receipt = self.find(post, key=key, prepared=prepared) if status == "PUBLISHED" else None
        except PlatformError as error:
            if isinstance(no, CredentialsDead) and isinstance(error, CredentialsDead):
                raise no from None
            raise OutcomeUnknown(f"{no} Looking it up failed.", account=self.conn_id) from error
        if receipt is None:
            raise no
        return receipt

    def _undecided(self, post: Post, why: str) -> TryLater:
        said = f"{self.conn_id}: could not tell what became of post {post.post_id}: {why}."
        return TryLater(said, wait_s=60, account=self.conn_id)

    def _recent(self, post: Post, since: datetime) -> Iterator[Mapping[str, Any]]:
        edge, doing = ("stories" if post.format == "story" else "media"), f"look for post {post.post_id}"
        params = {} if post.format == "story" else {"since": int(since.timestamp())}
        return self._listed(f"{self._node}/{edge}", reading.MEDIA_FIELDS, doing, **params)

    def _comments(self, post: Post, media: str, first: datetime) -> Iterator[Mapping[str, Any]]:
        """Those since `first`. Their order is not documented; where they go back in time, the rest is not read."""
        before = None
        for comment in self._listed(
            f"{media}/comments", reading.COMMENT_FIELDS, f"look for the comment on post {post.post_id}"
        ):
            said_at = reading.moment(comment["timestamp"])
            if said_at >= first:
                yield comment
            elif before and said_at < before:
                return
            before = said_at

    def _listed(self, edge: str, fields: str, doing: str, **params: Any) -> Iterator[Mapping[str, Any]]:
        def ask(asked: Mapping[str, Any]) -> Answer:
            answer = self.session.read(self._path(edge), asked, doing=doing)
            if not isinstance(answer.data, dict) or "data" not in answer.data:
                # Nothing may be concluded from it, least of all that a post is not there.
                said = f"{self.conn_id}: could not {doing}. The answer holds no list."
                raise TryLater(said, wait_s=60, account=self.conn_id)
            return answer

        asked = {"fields": fields, "limit": MOST_ON_PAGE, **params}
        return (row for _, answer in pages(ask, asked, following) for row in answer.data["data"])

    def _permalink(self, remote_id: str) -> str:
        """Where people see it. The post is out whatever comes of this, and its receipt not yet kept: one try, with
        little patience, else the network's front page."""
        asked, doing = {"fields": "permalink"}, "ask for the post's address"
        try:
            answer = self._impatient.read(self._path(remote_id), asked, doing=doing, tries=1)
            return str(answer.data["permalink"])
        except (PlatformError, KeyError, TypeError) as error:
            log.warning("%s: %s is live; its address is not known, for %s", self.conn_id, remote_id, error)
            return _profile()

    @remembered
    def _conversation(self) -> Conversation:
        return Conversation(self.session, self._path, self._node)

    @remembered
    def _impatient(self) -> Session:
        access = self.session.access
        auth = GraphToken(access.token)
        return Session(access, explain=explain, limits=meta_usage, auth=auth, timeout=FOR_THE_ADDRESS)

    @remembered
    def _username(self) -> str:
        answer = self.session.read(self._path(self._node), {"fields": "username"}, doing="ask for the account's name")
        name = text_of(answer.data, "username")
        if not name:
            said = f"{self.conn_id}: Instagram does not tell the account's name."
            raise TryLater(said, wait_s=60, account=self.conn_id)
        return name

    def _edge(self, edge: str) -> str:
        return self._path(f"{self._node}/{edge}")

    def _path(self, rest: str) -> str:
        return f"{self.access.extra.get('api_version') or API_VERSION}/{rest}"

    @remembered
    def _node(self) -> str:
        """The account's id: the connection's, else that of the account behind the token's Page."""
        if named := self.access.extra.get("ig_user_id"):
            return str(named)
        answer = self.session.read(
            self._path("me"), {"fields": "instagram_business_account"}, doing="ask for the Page's Instagram account"
        )
        account = answer.data.get("instagram_business_account") if isinstance(answer.data, dict) else None
        if not isinstance(account, dict) or not account.get("id"):
            said = f"{self.conn_id}: the token's Page has no Instagram account; put ig_user_id into the connection."
            raise CredentialsDead(said, account=self.conn_id)
        return str(account["id"])


def _profile() -> str:
    return "https://www.instagram.com/"
