"""Speaks to one LinkedIn organization: publishes, finds, comments, edits, deletes. Keeps no policy.

hook = LinkedInHook("linkedin_bottega_aurora")
prepared = hook.prepare(post)                        {"media": ["urn:li:image:D4D10AQ..."]}
receipt = hook.publish(post, key="...", prepared=prepared)
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.posts import Part, Post, Receipt
from platforms.linkedin import little, reading, wording
from platforms.linkedin.failures import explain
from platforms.linkedin.uploads import Uploads
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.failures import Answer, Duplicate
from platforms.transport.paging import Params, pages
from platforms.transport.session import Session

MOST_A_PAGE = 100
SETTLING = timedelta(minutes=10)  # for how long a new post may be unknown to the comments


class LinkedInHook(Connected):
    """A Publisher, a Follower (first comments), a Remover and an Editor for one organization."""

    default_host = "https://api.linkedin.com"

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
        version = str(access.extra.get("linkedin_version") or wording.constraints()["version"]["value"])
        headers = {"LinkedIn-Version": version, "X-Restli-Protocol-Version": "2.0.0"}
        return Session(access, explain=explain, limits=lambda headers, now: None, headers=headers)

    @cached_property
    def author(self) -> str:
        """Who speaks: `organization_id` of the connection, else the one organization that the token may speak for."""
        stated = str(self.access.extra.get("organization_id") or "").removeprefix("urn:li:organization:")
        if not stated:
            return self._only_organization()
        if not stated.isdigit():
            raise self._unnamed(f"the connection's organization_id is {stated!r} and no number")
        return f"urn:li:organization:{stated}"

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Upload the media: `{"media": [URNs]}`. An upload that is not used harms nobody."""
        uploads = Uploads(self.session, self.author, self._pause)
        return {"media": [uploads.send(media, f"upload {media.name} for post {post.post_id}") for media in post.media]}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /rest/posts`. LinkedIn has no key of its own: it refuses the same post, and `find` compares."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        doing = f"publish post {post.post_id}"
        try:
            answer = self.session.write("rest/posts", json=wording.body(post, media_ids, self.author), doing=doing)
        except Duplicate as duplicate:
            return self._found_instead(post, key, duplicate)
        urn = answer.headers.get("x-restli-id") or ""
        if not urn:
            raise self._unknown(f"LinkedIn took post {post.post_id} and gave no id for it", answer)
        return Receipt(post.post_id, urn, reading.address(urn), datetime.now(UTC))

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """The organization's recent posts, compared with `post`: text as people read it, media, link."""
        for remote in self._posts(_since(post), doing=f"look for post {post.post_id}"):
            if reading.published(remote) >= _since(post) and reading.is_same(post, remote):
                return _receipt(post, remote)
        return None

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """`POST /rest/socialActions/{post}/comments`. A post may be minutes old before it can be commented."""
        said = wording.comment(part, self.author, after[0])
        try:
            answer = self.session.write(_comments(after[0]), json=said, doing=f"comment on post {post.post_id}")
        except Refused as refusal:
            if refusal.status == 404 and datetime.now(UTC) - (post.publish_at or datetime.now(UTC)) < SETTLING:
                raise TryLater(f"{refusal} It may be too new.", wait_s=60, account=self.conn_id, status=404) from None
            raise
        comment = {"object": after[0], "id": answer.headers.get("x-restli-id"), **_object(answer)}
        urn = reading.comment_urn(comment)
        if not urn:
            raise self._unknown(f"LinkedIn took the comment on post {post.post_id} and gave no id for it", answer)
        return Receipt(post.post_id, urn, reading.comment_address(after[0], urn), datetime.now(UTC))

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        """The comments under the post, compared with the part: by us, and the same words."""
        for comment in self._elements(_comments(after[0]), {}, doing=f"look for the comment on post {post.post_id}"):
            if reading.is_same_comment(part, self.author, comment):
                urn = reading.comment_urn(comment)
                made = datetime.fromtimestamp(((comment.get("created") or {}).get("time") or 0) / 1000, UTC)
                return Receipt(post.post_id, urn, reading.comment_address(after[0], urn), made)
        return None

    def delete(self, remote_id: str) -> None:
        """`DELETE`. What is gone already answers 204 by LinkedIn's page and 404 in truth: both are done."""
        comment = reading.comment_parts(remote_id)
        path, asked = f"rest/posts/{_quoted(remote_id)}", {}
        if comment:
            path, asked = f"{_comments(comment[0])}/{comment[1]}", {"actor": self.author}
        try:
            self.session.upload(path, method="DELETE", params=asked, doing=f"delete {remote_id}")
        except Refused as refusal:
            if refusal.status != 404:
                raise

    def edit(self, post: Post, remote_id: str) -> None:
        """A partial update of the commentary; media and links of a live post cannot be changed."""
        changed = {"patch": {"$set": {"commentary": little.escape(wording.text(post))}}}
        partial = {"X-RestLi-Method": "PARTIAL_UPDATE"}
        path, doing = f"rest/posts/{_quoted(remote_id)}", f"edit post {post.post_id}"
        self.session.upload(path, json=changed, headers=partial, doing=doing)

    # --- how ---------------------------------------------------------------------------------------------------

    def _only_organization(self) -> str:
        """https://learn.microsoft.com/linkedin/marketing/community-management/organizations/
        organization-access-control-by-role; needs the scope r_organization_admin."""
        asked = {"q": "roleAssignee", "state": "APPROVED"}
        try:
            roles = list(self._elements("rest/organizationAcls", asked, doing="ask which organization it speaks for"))
        except Refused as refusal:
            raise self._unnamed(f"the token may not say which organization it speaks for ({refusal})") from None
        found = sorted({str(role["organization"]) for role in roles if role.get("organization")})
        if len(found) != 1:
            raise self._unnamed(f"the token speaks for {len(found)} organizations")
        return found[0]

    def _unnamed(self, why: str) -> CredentialsDead:
        said = f"{self.conn_id}: {why}. Give the connection's extra organization_id, the number of the LinkedIn page."
        return CredentialsDead(said, account=self.conn_id)

    def _posts(self, since: datetime, *, doing: str) -> Iterator[Mapping[str, Any]]:
        """Our posts, those last changed first, to the end of the page on which all are older than `since`."""
        asked = {"q": "author", "author": self.author, "sortBy": "LAST_MODIFIED"}
        yield from self._elements("rest/posts", asked, doing=doing, until=since.timestamp())

    def _elements(
        self, path: str, asked: Params, *, doing: str, until: float | None = None
    ) -> Iterator[Mapping[str, Any]]:
        def ask(params: Params) -> Answer:
            headers = {"X-RestLi-Method": "FINDER"} if "q" in params else {}
            answer = self.session.read(path, params, headers=headers, doing=doing)
            if not isinstance(_object(answer).get("elements"), list):
                raise self._late(doing, "The answer has no elements")
            return answer

        def following(answer: Answer, params: Params) -> Params | None:
            return _next_page(answer, params, until)

        for _, answer in pages(ask, {**asked, "start": 0, "count": MOST_A_PAGE}, following):
            yield from answer.data["elements"]

    def _found_instead(self, post: Post, key: str, duplicate: Duplicate) -> Receipt:
        """LinkedIn has the post already, and names it. That name may lead nowhere for a day (ComposioHQ/composio#2710):
        only a post that is seen counts. One from before is another's text; none at all proves nothing."""
        urn = reading.named_post(str(duplicate))
        try:
            remote = self._post(urn, f"look for post {post.post_id}") if urn else None
            if remote and reading.is_same(post, remote):
                if reading.published(remote) >= _since(post):
                    return _receipt(post, remote)
                raise duplicate
            receipt = self.find(post, key=key)
        except Duplicate:
            raise
        except PlatformError as error:
            raise OutcomeUnknown(f"{duplicate} Looking it up failed.", account=self.conn_id) from error
        if receipt is None:
            said = f"{duplicate} It is not among the recent posts; it will be looked up again."
            raise OutcomeUnknown(said, account=self.conn_id, status=duplicate.status)
        return receipt

    def _post(self, urn: str, doing: str) -> Mapping[str, Any] | None:
        try:
            return _object(self.session.read(f"rest/posts/{_quoted(urn)}", doing=doing))
        except Refused as refusal:
            if refusal.status != 404:
                raise
        return None

    def _late(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self.conn_id}: could not {doing}. {why}.", wait_s=60, account=self.conn_id)

    def _unknown(self, what: str, answer: Answer) -> OutcomeUnknown:
        said = f"{self.conn_id}: {what}; it will be looked up."
        return OutcomeUnknown(said, account=self.conn_id, status=answer.status)


def _since(post: Post) -> datetime:
    return (post.publish_at - timedelta(minutes=10)) if post.publish_at else datetime.now(UTC) - timedelta(days=1)


def _receipt(post: Post, remote: Mapping[str, Any]) -> Receipt:
    return Receipt(post.post_id, remote["id"], reading.address(remote["id"]), reading.published(remote))


def _next_page(answer: Answer, asked: Params, until: float | None) -> Params | None:
    """The next page, unless this one is empty or falls off to before `until`. A page may hold less than was asked for
    and not be the last."""
    elements = answer.data["elements"]
    if not elements:
        return None
    first, last = reading.changed(elements[0]), reading.changed(elements[-1])
    over = until is not None and first >= last and last < until
    return None if over else {**asked, "start": asked["start"] + asked["count"]}


def _comments(urn: str) -> str:
    return f"rest/socialActions/{_quoted(urn)}/comments"


def _quoted(urn: str) -> str:
    return quote(urn, safe="")


def _object(answer: Answer) -> Mapping[str, Any]:
    return answer.data if isinstance(answer.data, dict) else {}
