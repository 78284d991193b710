"""Speaks to one Mastodon account on its own instance: publishes, finds, follows up, edits, deletes. Keeps no policy.

hook = MastodonHook("mastodon_aurora")
hook.limits()                             {"max_characters": 500, "characters_reserved_per_url": 23, ...}
prepared = hook.prepare(post)             {"media": ["109...", "110..."]}
receipt = hook.publish(post, key="...", prepared=prepared)

The same key is the same `Idempotency-Key`: for an hour the instance answers a second call with the first one's post.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, BinaryIO

from include.domain.errors import OutcomeUnknown, Refused, TryLater
from include.domain.posts import Media, Part, Post, Receipt
from platforms.mastodon import reading, wording
from platforms.mastodon.failures import Gone, explain
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.forms import form
from platforms.transport.limits import iso_rate_limit
from platforms.transport.paging import Params, pages
from platforms.transport.session import Session

MOST_STATUSES = 40
UPLOAD_PATIENCE_S = 180.0  # an instance puts the file away before it answers
PROCESSING_ASKS = 20  # how often to ask for a video before the task gives its slot back
STATUSES = "api/v1/statuses"


class MastodonHook(Connected):
    """A Publisher, Follower, Remover, Editor and LimitSource for one account."""

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

    @cached_property
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
        """Upload the media, and wait until they can be shown: `{"media": [ids]}`; kept for a day."""
        return {"media": [self._upload(post, media) for media in post.media]}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /api/v1/statuses`."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        return self._say(post, wording.body(post, media_ids), f"{key}\n0", f"publish post {post.post_id}")

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """The account's statuses since the post was due, compared with it."""
        return self._found(post, 0, None)

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """The next text of a thread, in reply to the one before."""
        doing = f"publish part {part.number + 1} of post {post.post_id}"
        if part.kind != "thread":
            said = f"{self.conn_id}: could not {doing}. Mastodon has no first comment; make it the thread's next text."
            raise Refused(said, account=self.conn_id)
        return self._say(post, wording.reply(part, after[-1]), f"{key}\n{part.number}", doing)

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        return self._found(post, part.number, after[-1])

    def delete(self, remote_id: str) -> None:
        """`DELETE /api/v1/statuses/:id`; what is not there is gone."""
        try:
            self.session.upload(f"{STATUSES}/{remote_id}", method="DELETE", doing=f"delete post {remote_id}")
        except Gone:
            return

    def edit(self, post: Post, remote_id: str) -> None:
        """`PUT /api/v1/statuses/:id`: the text alone; media stay as they are."""
        words, doing = {"status": wording.text(post)}, f"edit post {post.post_id}"
        self.session.upload(f"{STATUSES}/{remote_id}", method="PUT", json=words, doing=doing)

    # --- how ---------------------------------------------------------------------------------------------------

    @cached_property
    def _instance(self) -> Mapping[str, Any]:
        answer = self.session.read("api/v2/instance", doing="ask for the instance's limits")
        self._part(answer, "configuration")
        data: Mapping[str, Any] = answer.data
        return data

    def _say(self, post: Post, words: Mapping[str, Any], key: str, doing: str) -> Receipt:
        headers = {"Idempotency-Key": hashlib.sha256(key.encode()).hexdigest()}
        answer = self.session.write(STATUSES, json=words, headers=headers, doing=doing)
        if not isinstance(answer.data, dict) or not answer.data.get("id"):
            said = f"{self.conn_id}: Mastodon took post {post.post_id} and gave no id for it; it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return reading.receipt(post, answer.data)

    def _found(self, post: Post, part: int, parent: str | None) -> Receipt | None:
        words, media = reading.post_words(post, part), 0 if part else len(post.media)
        for status in self._statuses(post):
            if reading.is_same(words, media, parent, status):
                return reading.receipt(post, status)
        return None

    def _statuses(self, post: Post) -> Iterator[Mapping[str, Any]]:
        """Those since ten minutes before the post was due (a day ago, where it has no time), newest first."""
        since = (post.publish_at - timedelta(minutes=10)) if post.publish_at else datetime.now(UTC) - timedelta(days=1)

        def ask(params: Params) -> Answer:
            path, doing = f"api/v1/accounts/{self.account_id}/statuses", f"look for post {post.post_id}"
            answer = self.session.read(path, params, doing=doing)
            if not isinstance(answer.data, list):
                raise self._not_ready(doing, "The answer is no list")
            return answer

        def older(answer: Answer, asked: Params) -> Params | None:
            if not answer.data or reading.moment(answer.data[-1].get("created_at")) < since:
                return None
            return {**asked, "max_id": str(answer.data[-1]["id"])}

        for _, answer in pages(ask, {"limit": MOST_STATUSES, "exclude_reblogs": "true"}, older):
            yield from (s for s in answer.data if reading.moment(s.get("created_at")) >= since)

    def _part(self, answer: Answer, name: str) -> Any:
        if not isinstance(answer.data, dict) or not answer.data.get(name):
            raise self._not_ready(answer.doing, f"The answer has no {name}")
        return answer.data[name]

    def _not_ready(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self.conn_id}: could not {doing}. {why}.", wait_s=60, account=self.conn_id)

    # --- media -------------------------------------------------------------------------------------------------

    def _upload(self, post: Post, media: Media) -> str:
        """https://docs.joinmastodon.org/methods/media/#v2: 202 says that the instance is still at work."""
        doing = f"upload {media.name} for post {post.post_id}"
        with opened(media, most_bytes=wording.most_bytes(media, self.limits()), account=self.conn_id) as file:
            answer = self._sent(file, media, doing)
        media_id = str(self._part(answer, "id"))
        for _ in range(PROCESSING_ASKS):
            if answer.status == 200:
                return media_id
            self._pause(1)
            answer = self.session.read(f"api/v1/media/{media_id}", doing=doing)
        raise self._not_ready(doing, "The instance is still processing it")

    def _sent(self, file: BinaryIO, media: Media, doing: str) -> Answer:
        words = {"description": media.alt} if media.alt else {}
        mime = wording.MEDIA_TYPES.get(media.suffix, "application/octet-stream")
        content = form(words, "file", file, filename=media.name, mime=mime)
        return self.session.upload("api/v2/media", doing=doing, patience_s=UPLOAD_PATIENCE_S, **content)
