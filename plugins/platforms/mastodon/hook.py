"""Speaks to one Mastodon account on its own instance: publishes, finds, edits, deletes, hears, answers. Keeps
no policy.

hook = MastodonHook("mastodon_aurora")
hook.limits()                             {"max_characters": 500, "characters_reserved_per_url": 23, ...}
prepared = hook.prepare(post)             {"media": ["109...", "110..."]}
receipt = hook.publish(post, key="...", prepared=prepared)

The same key is the same `Idempotency-Key`: for an hour the instance answers a second call with the first one's post.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from include.domain.comments import Comment
from include.domain.errors import OutcomeUnknown, Refused, TryLater, Unfinished
from include.domain.posts import Media, Part, Post, Receipt
from platforms.mastodon import hearing, reading, wording
from platforms.mastodon.failures import Gone, explain
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.forms import form
from platforms.transport.likeness import CLOCKS, oldest
from platforms.transport.limits import iso_rate_limit
from platforms.transport.paging import Params, pages
from platforms.transport.remembered import remembered
from platforms.transport.session import Session

MOST_STATUSES, MOST_NOTICES, MOST_ASKED = 40, 80, 20
UPLOAD_PATIENCE_S = 180.0  # an instance puts the file away before it answers
PROCESSING_ASKS = 20  # how often to ask for a video before the task gives its slot back
STATUSES = "api/v1/statuses"


class MastodonHook(Connected):
    """A Publisher, Follower, Remover, Editor, LimitSource, CommentSource and Moderator for one account."""

    default_host = "https://mastodon.social"

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
        return Session(access, explain=explain, limits=iso_rate_limit)

    @remembered
    def account_id(self) -> str:
        """Who we are: `account_id` of the connection, else asked once."""
        if stated := self.access.extra.get("account_id"):
            return str(stated)
        asked = self.session.read("api/v1/accounts/verify_credentials", doing="ask who the account is")
        return str(self._part(asked, "id"))

    # --- publishing --------------------------------------------------------------------------------------------

    def limits(self) -> Mapping[str, Any]:
        """`GET /api/v2/instance`: what this account's own instance allows."""
        return reading.limits(self._instance)

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Upload the media, and wait until they can be shown: `{"media": [ids]}`; kept for a day. Raises Unfinished
        where that takes too long; its `prepared`, given as `earlier`, is waited for again."""
        known, media_ids = list((earlier or {}).get("media", ())), list[str]()
        for number, media in enumerate(post.media):
            doing = f"upload {media.name} for post {post.post_id}"
            answer = self._known(known[number], doing) if number < len(known) else None
            answer = answer or self._upload(media, doing)
            media_ids.append(str(self._part(answer, "id")))
            self._wait_until_shown(answer, media_ids, doing)
        return {"media": media_ids}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /api/v1/statuses`."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        return self._say(post.post_id, wording.body(post, media_ids), f"{key}\n0", f"publish post {post.post_id}")

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """The account's statuses since the call was begun, compared with the post: its media, else its words."""
        media_ids = list((prepared or {}).get("media", ()))
        wanted = reading.Wanted(wording.text(post), None, len(post.media), media_ids)
        return self._found(post.post_id, wanted, oldest(post, since))

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """The next text of a thread, in reply to the one before."""
        doing = f"publish part {part.number + 1} of post {post.post_id}"
        if part.kind != "thread":
            said = f"{self.conn_id}: could not {doing}. Mastodon has no first comment; make it the thread's next text."
            raise Refused(said, account=self.conn_id)
        return self._say(post.post_id, wording.reply(part, after[-1]), f"{key}\n{part.number}", doing)

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        return self._found(post.post_id, reading.Wanted(part.text, after[-1]), oldest(post, since))

    def delete(self, remote_id: str) -> None:
        """`DELETE /api/v1/statuses/:id`; what is not there is gone."""
        try:
            self.session.upload(f"{STATUSES}/{remote_id}", method="DELETE", doing=f"delete post {remote_id}")
        except Gone:
            return

    def edit(self, post: Post, remote_id: str) -> None:
        """`PUT /api/v1/statuses/:id`, which takes away what it does not name: all but the text is said again."""
        path, doing = f"{STATUSES}/{remote_id}", f"edit post {post.post_id}"
        live = self.session.read(path, doing=doing)
        self._part(live, "id")
        words = {**reading.kept(live.data), "status": wording.text(post)}
        self.session.upload(path, method="PUT", json=words, doing=doing)

    # --- hearing -----------------------------------------------------------------------------------------------

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Who names, answers or quotes the account, from its notifications, and what it answers, from its own statuses:
        two calls, and one more for each further page. Where a thread began before those, the account's last forty posts
        are read too, and for each thread that none of them began, its context.

        What others say to one another without naming us is heard from those contexts alone. An edit is told by the
        status itself, when it is read again.
        """
        asked = {"types[]": list(hearing.KINDS), "limit": MOST_NOTICES}
        notices = self._listed("api/v1/notifications", asked, since, "read who names the account")
        threads = hearing.Threads(self.conn_id, self.account_id)
        threads.add((notice["status"] for notice in notices if notice.get("status")), told=True)
        threads.add(self._own(since, {}))
        if any(threads.lost(since)):
            threads.add(self._own(datetime.max.replace(tzinfo=UTC), {"exclude_replies": "true"}))
        for status_id in threads.lost(since):
            threads.add(self._around(status_id))
        yield from threads.comments(since)

    def _own(
        self, since: datetime, more: Params, doing: str = "read what the account says"
    ) -> Iterator[Mapping[str, Any]]:
        """The account's own statuses, to the end of the page that begins to be older than `since`."""
        asked = {"limit": MOST_STATUSES, "exclude_reblogs": "true", **more}
        return self._listed(f"api/v1/accounts/{self.account_id}/statuses", asked, since, doing)

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """`GET /api/v1/statuses?id[]=`, twenty a call; one a call where the instance is older than 4.3
        (mastodon/mastodon app/controllers/api/v1/statuses_controller.rb)."""
        ids = sorted(set(comment_ids))
        parts = [ids[start : start + MOST_ASKED] for start in range(0, len(ids), MOST_ASKED)]
        return {status_id for part in parts for status_id in set(part) - self._there(part)}

    def hide(self, comment_id: str) -> None:
        raise self._cannot_hide("hide", comment_id)

    def show(self, comment_id: str) -> None:
        raise self._cannot_hide("show", comment_id)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """`POST /api/v1/statuses` with the same key for every attempt, naming whom it answers."""
        doing = f"answer comment {comment_id}"
        comment = self.session.read(f"{STATUSES}/{comment_id}", doing=doing)
        self._part(comment, "id")
        return self._say(comment_id, hearing.answer(comment.data, text), f"{key}\n{comment_id}", doing)

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        """Among the account's statuses since the call was begun: one that answers the comment with these words,
        whomever it names before them."""
        wanted = reading.Wanted(text, comment_id, named=False)
        return self._found(comment_id, wanted, since - CLOCKS)

    def _around(self, status_id: str) -> list[Mapping[str, Any]]:
        """What stands above and below a status; nothing where it is gone meanwhile."""
        try:
            answer = self.session.read(f"{STATUSES}/{status_id}/context", doing="read the thread of a comment")
        except Gone:
            return []
        self._context(answer)
        return [*answer.data["ancestors"], *answer.data["descendants"]]

    def _context(self, answer: Answer) -> None:
        if not isinstance(answer.data, dict) or not {"ancestors", "descendants"} <= answer.data.keys():
            raise self._not_ready(answer.doing, "The answer is no thread")

    def _there(self, ids: Sequence[str]) -> set[str]:
        """Which of these the instance shows."""
        doing = "ask which comments are still there"
        try:
            answer = self.session.read(STATUSES, {"id[]": list(ids)}, doing=doing)
        except Gone:
            return {status_id for status_id in ids if self._is_there(status_id, doing)}
        if not isinstance(answer.data, list):
            raise self._not_ready(doing, "The answer is no list")
        return {str(status["id"]) for status in answer.data}

    def _is_there(self, status_id: str, doing: str) -> bool:
        try:
            self.session.read(f"{STATUSES}/{status_id}", doing=doing)
        except Gone:
            return False
        return True

    def _cannot_hide(self, what: str, comment_id: str) -> Refused:
        said = f"{self.conn_id}: could not {what} comment {comment_id}. Mastodon lets nobody hide what others say."
        return Refused(f"{said} Mute, block or report its author there.", account=self.conn_id)

    # --- how ---------------------------------------------------------------------------------------------------

    @remembered
    def _instance(self) -> Mapping[str, Any]:
        answer = self.session.read("api/v2/instance", doing="ask for the instance's limits")
        self._part(answer, "configuration")
        data: Mapping[str, Any] = answer.data
        return data

    def _say(self, said_for: str, words: Mapping[str, Any], key: str, doing: str) -> Receipt:
        """`said_for` is the post, or the comment that it answers."""
        headers = {"Idempotency-Key": hashlib.sha256(key.encode()).hexdigest()}
        answer = self.session.write(STATUSES, json=words, headers=headers, doing=doing)
        if not isinstance(answer.data, dict) or not answer.data.get("id"):
            said = f"{self.conn_id}: asked Mastodon to {doing}; it gave no id, so it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return reading.receipt(said_for, answer.data)

    def _found(self, said_for: str, wanted: reading.Wanted, since: datetime) -> Receipt | None:
        """The status that is wanted, None where it is not there. Raises TryLater where one may be it."""
        doubtful, doing = None, f"look for post {said_for}"
        for status in self._statuses(since, doing):
            if wanted.is_same(status):
                return reading.receipt(said_for, status)
            if wanted.may_be_same(status):
                doubtful = reading.receipt(said_for, status)
        if doubtful:
            raise self._not_ready(doing, f"{doubtful.url} cannot be told from it for sure")
        return None

    def _statuses(self, since: datetime, doing: str) -> Iterator[Mapping[str, Any]]:
        """The account's own, from `since` on, newest first."""
        for status in self._own(since, {}, doing):
            if reading.moment(status.get("created_at")) >= since:
                yield status

    def _listed(self, path: str, asked: Params, since: datetime, doing: str) -> Iterator[Mapping[str, Any]]:
        """A list that has the newest first, to the end of the page on which it begins to be older than `since`."""

        def ask(params: Params) -> Answer:
            answer = self.session.read(path, params, doing=doing)
            if not isinstance(answer.data, list):
                raise self._not_ready(doing, "The answer is no list")
            return answer

        def older(answer: Answer, asked: Params) -> Params | None:
            if not answer.data or reading.moment(answer.data[-1].get("created_at")) < since:
                return None
            return {**asked, "max_id": str(answer.data[-1]["id"])}

        for _, answer in pages(ask, asked, older):
            yield from answer.data

    def _part(self, answer: Answer, name: str) -> Any:
        if not isinstance(answer.data, dict) or not answer.data.get(name):
            raise self._not_ready(answer.doing, f"The answer has no {name}")
        return answer.data[name]

    def _not_ready(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self.conn_id}: could not {doing}. {why}.", wait_s=60, account=self.conn_id)

    # --- media -------------------------------------------------------------------------------------------------

    def _upload(self, media: Media, doing: str) -> Answer:
        """https://docs.joinmastodon.org/methods/media/#v2: 202 says that the instance is still at work."""
        with opened(media, most_bytes=wording.most_bytes(media, self.limits()), account=self.conn_id) as file:
            return self._sent(file, media, doing)

    def _known(self, media_id: str, doing: str) -> Answer | None:
        """What the instance says of an upload; None where it has it no more."""
        try:
            return self.session.read(f"api/v1/media/{media_id}", doing=doing)
        except Gone:
            return None

    def _wait_until_shown(self, answer: Answer, media_ids: Sequence[str], doing: str) -> None:
        """Until the last of them can be shown."""
        for _ in range(PROCESSING_ASKS):
            if answer.status == 200:
                return
            self._pause(1)
            answer = self.session.read(f"api/v1/media/{media_ids[-1]}", doing=doing)
        said = f"{self.conn_id}: could not {doing}. The instance is still processing it."
        raise Unfinished(said, {"media": list(media_ids)}, wait_s=60, account=self.conn_id)

    def _sent(self, file: BinaryIO, media: Media, doing: str) -> Answer:
        words = {"description": media.alt} if media.alt else {}
        mime = wording.MEDIA_TYPES.get(media.suffix, "application/octet-stream")
        content = form(words, "file", file, filename=media.name, mime=mime)
        return self.session.upload("api/v2/media", doing=doing, patience_s=UPLOAD_PATIENCE_S, **content)
