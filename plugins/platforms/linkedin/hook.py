"""Speaks to one LinkedIn organization: publishes, finds, comments, edits, deletes, hears, answers.
Keeps no policy.

hook = LinkedInHook("linkedin_bottega_aurora")
prepared = hook.prepare(post)                        {"media": ["urn:li:image:D4D10AQ..."]}
receipt = hook.publish(post, key="...", prepared=prepared)
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from include.domain.comments import Comment
from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.posts import Part, Post, Receipt
from platforms.linkedin import hearing, little, reading, wording
from platforms.linkedin.failures import explain
from platforms.linkedin.uploads import Uploads
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.failures import Answer, Duplicate
from platforms.transport.likeness import CLOCKS, oldest
from platforms.transport.paging import Params, pages
from platforms.transport.remembered import remembered
from platforms.transport.session import Session

MOST_A_PAGE, MOST_A_BATCH = 100, 50
SETTLING = timedelta(minutes=10)  # for how long a new post may be unknown to the comments
_EPOCH = datetime.fromtimestamp(0, UTC)
_Moment = Callable[[Mapping[str, Any]], datetime]


class LinkedInHook(Connected):
    """A Publisher, a Follower (first comments), a Remover, an Editor, a CommentSource and a Moderator for one
    organization."""

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

    @remembered
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
        """Upload the media: `{"media": [URNs]}`. An upload that is not used harms nobody. Raises Unfinished where
        LinkedIn is still at work on a video; its `prepared`, given as `earlier`, is waited for again."""
        uploads = Uploads(self.session, self.author, self._pause, (earlier or {}).get("media", ()))
        for media in post.media:
            uploads.send(media, f"upload {media.name} for post {post.post_id}")
        return {"media": uploads.sent}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /rest/posts`. LinkedIn has no key of its own: it refuses the same post, and `find` compares."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        doing = f"publish post {post.post_id}"
        try:
            answer = self.session.write("rest/posts", json=wording.body(post, media_ids, self.author), doing=doing)
        except Duplicate as duplicate:
            return self._found_instead(post, media_ids, duplicate)
        urn = answer.headers.get("x-restli-id") or ""
        if not urn:
            raise self._unknown(f"LinkedIn took post {post.post_id} and gave no id for it", answer)
        return Receipt(post.post_id, urn, reading.address(urn), datetime.now(UTC))

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """The organization's recent posts, compared with `post`: its media, else text as people read it and link."""
        media_ids, doing = list((prepared or {}).get("media", ())), f"look for post {post.post_id}"
        remotes = self._posts(oldest(post, since), doing=doing)
        return self._among(remotes, post, media_ids, oldest(post, since), doing)

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """`POST /rest/socialActions/{post}/comments`. A post may be minutes old before it can be commented; whether it
        still may is told by its own time, for it may have gone out late."""
        said = wording.comment(part, self.author, after[0])
        try:
            answer = self.session.write(_comments(after[0]), json=said, doing=f"comment on post {post.post_id}")
        except Refused as refusal:
            if refusal.status == 404 and self._may_be_too_new(after[0], f"look for post {post.post_id}"):
                raise TryLater(f"{refusal} It may be too new.", wait_s=60, account=self.conn_id, status=404) from None
            raise
        return self._commented(post.post_id, after[0], answer)

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        """The comments under the post, compared with the part: by us, and the same words. LinkedIn does not say in
        which order they come; where it is the newest first, nothing is read that is older than the call."""
        doing = f"look for the comment on post {post.post_id}"
        until = oldest(post, since) if since else _EPOCH
        for comment in self._elements(_comments(after[0]), {}, doing=doing, until=until, moment=reading.commented):
            made = reading.commented(comment)
            if reading.is_same_comment(part, self.author, comment) and (made >= until or made == _EPOCH):
                urn = reading.comment_urn(comment)
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

    # --- hearing -----------------------------------------------------------------------------------------------

    def comments(self, since: datetime) -> Iterator[Comment]:
        """What was written or edited under the organization's posts, from its notifications (kept for 60 days), then
        the comments themselves, fifty a call: one call where nothing is new, one more for each post that has news.

        Needs rw_organization_admin. Below LinkedIn's Standard Tier no batch is served: comments are read one by one.
        """
        now = int(datetime.now(UTC).timestamp() * 1000)
        asked = f"actions=List({','.join(hearing.ACTIONS)})&organizationalEntity={_quoted(self.author)}"
        # Rest.li wants the brackets of its lists and records as they are, which a dictionary of parameters would quote.
        span = f"timeRange=(start:{int(since.timestamp() * 1000)},end:{now})"
        path, doing = f"rest/organizationalEntityNotifications?{asked}&{span}", "read what was said under its posts"
        under = hearing.posts(self._elements(path, {"q": "criteria"}, doing=doing, moment=lambda _: _EPOCH))
        for thread, numbers in hearing.by_thread(under).items():
            for _, answer in self._batches(thread, numbers, doing):
                for remote in (answer.get("results") or {}).values():
                    post = under.get(reading.comment_urn(remote)) or thread
                    yield hearing.comment(self.conn_id, self.author, post, remote)

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """Fifty comments of one post a call."""
        found, doing = set[str](), "ask which comments are still there"
        for thread, numbers in hearing.by_thread(comment_ids).items():
            answers = list(self._batches(thread, numbers, doing))
            lost = {number for asked, answer in answers for number in hearing.missing(asked, answer)}
            found |= {hearing.urn_of(thread, number) for number in (lost if answers else numbers)}
        return found

    def hide(self, comment_id: str) -> None:
        raise self._cannot_hide("hide", comment_id)

    def show(self, comment_id: str) -> None:
        raise self._cannot_hide("show", comment_id)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """`POST /rest/socialActions/{comment}/comments`. LinkedIn's answers are one deep: what answers an answer stands
        beside it, under the same comment."""
        doing = f"answer comment {comment_id}"
        thread, top = self._place_of(comment_id, doing)
        said = {**wording.comment(Part(0, "comment", text), self.author, thread), "parentComment": top}
        return self._commented(comment_id, thread, self.session.write(_comments(top), json=said, doing=doing))

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        """What stands under the comment: by us, the same words, since the call was begun."""
        part, doing, until = Part(0, "comment", text), f"look for the answer to comment {comment_id}", since - CLOCKS
        try:
            thread, top = self._place_of(comment_id, doing)
        except Refused as refusal:
            if refusal.status != 404:
                raise
            return None  # with the comment, what answered it is gone
        for comment in self._elements(_comments(top), {}, doing=doing, until=until, moment=reading.commented):
            made = reading.commented(comment)
            if reading.is_same_comment(part, self.author, comment) and made >= until:
                urn = reading.comment_urn(comment)
                return Receipt(comment_id, urn, reading.comment_address(thread, urn), made)
        return None

    def _place_of(self, comment_id: str, doing: str) -> tuple[str, str]:
        """The thread of a comment, and the comment under which its answers stand."""
        parts = reading.comment_parts(comment_id)
        if parts is None:
            said = (
                f"{self.conn_id}: could not {doing}. It is no comment of LinkedIn's, which is named urn:li:comment:..."
            )
            raise Refused(said, account=self.conn_id)
        comment = _object(self.session.read(f"{_comments(parts[0])}/{parts[1]}", doing=doing))
        return parts[0], str(comment.get("parentComment") or comment_id)

    def _batches(
        self, thread: str, numbers: Sequence[str], doing: str
    ) -> Iterator[tuple[Sequence[str], Mapping[str, Any]]]:
        """The comments of one thread, with the numbers that were asked for; nothing where the thread itself is gone."""
        for start in range(0, len(numbers), MOST_A_BATCH):
            asked = numbers[start : start + MOST_A_BATCH]
            path, batch = f"{_comments(thread)}?ids=List({','.join(asked)})", {"X-RestLi-Method": "BATCH_GET"}
            try:
                answer = _object(self.session.read(path, headers=batch, doing=doing))
            except Refused as refusal:
                if refusal.status == 404:
                    return
                if refusal.status != 403:
                    raise
                answer = self._singly(thread, asked, doing)
            if not isinstance(answer.get("results"), dict):
                raise self._late(doing, "The answer has no results")
            yield asked, answer

    def _singly(self, thread: str, numbers: Sequence[str], doing: str) -> Mapping[str, Any]:
        """As a batch would answer, for a token to which LinkedIn serves none."""
        results, errors = dict[str, Any](), dict[str, Any]()
        for number in numbers:
            try:
                results[number] = _object(self.session.read(f"{_comments(thread)}/{number}", doing=doing))
            except Refused as refusal:
                if refusal.status != 404:
                    raise
                errors[number] = {"status": 404}
        return {"results": results, "errors": errors}

    def _commented(self, said_for: str, thread: str, answer: Answer) -> Receipt:
        """The receipt of a comment in `thread`; `said_for` is the post, or the comment that it answers."""
        urn = reading.comment_urn({"object": thread, "id": answer.headers.get("x-restli-id"), **_object(answer)})
        if not urn:
            raise self._unknown(f"LinkedIn was asked to {answer.doing} and gave no id for it", answer)
        return Receipt(said_for, urn, reading.comment_address(thread, urn), datetime.now(UTC))

    def _cannot_hide(self, what: str, comment_id: str) -> Refused:
        said = f"{self.conn_id}: could not {what} comment {comment_id}. LinkedIn's API hides no comments."
        return Refused(f"{said} Delete or report it on the page.", account=self.conn_id)

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
        yield from self._elements("rest/posts", asked, doing=doing, until=since)

    def _elements(
        self, path: str, asked: Params, *, doing: str, until: datetime = _EPOCH, moment: _Moment = reading.changed
    ) -> Iterator[Mapping[str, Any]]:
        def ask(params: Params) -> Answer:
            headers = {"X-RestLi-Method": "FINDER"} if "q" in params else {}
            answer = self.session.read(path, params, headers=headers, doing=doing)
            if not isinstance(_object(answer).get("elements"), list):
                raise self._late(doing, "The answer has no elements")
            return answer

        def following(answer: Answer, params: Params) -> Params | None:
            return _next_page(answer, params, until, moment)

        for _, answer in pages(ask, {**asked, "start": 0, "count": MOST_A_PAGE}, following):
            yield from answer.data["elements"]

    def _among(
        self,
        remotes: Iterable[Mapping[str, Any]],
        post: Post,
        media_ids: Sequence[str],
        since: datetime,
        doing: str,
    ) -> Receipt | None:
        """The one of them that is `post`, None where none is. Raises TryLater where one may be, or may yet come out."""
        doubtful = ""
        for remote in remotes:
            is_out = reading.is_out(remote)
            if is_out is False or reading.published(remote) < since:
                continue
            is_same = reading.is_same(post, remote, media_ids)
            if is_same and is_out:
                return _receipt(post, remote)
            if is_same or reading.may_be_same(post, remote, media_ids):
                doubtful = reading.address(remote["id"])
        if doubtful:
            raise self._late(doing, f"{doubtful} cannot be told from it for sure, or is not out yet")
        return None

    def _may_be_too_new(self, urn: str, doing: str) -> bool:
        """Whether a post that cannot be commented is so young, or not to be seen. Once it is late it is held anyway."""
        try:
            remote = self._post(urn, doing)
        except Refused:
            return True
        return remote is None or datetime.now(UTC) - reading.published(remote) < SETTLING

    def _found_instead(self, post: Post, media_ids: Sequence[str], duplicate: Duplicate) -> Receipt:
        """LinkedIn has the post already, and names it. That name may lead nowhere for a day (ComposioHQ/composio#2710):
        only a post that is seen counts. One from before is another's text; none at all proves nothing."""
        urn, doing, since = reading.named_post(str(duplicate)), f"look for post {post.post_id}", oldest(post, None)
        try:
            remote = self._post(urn, doing) if urn else None
            if remote and reading.published(remote) < since and reading.says_the_same(post, remote):
                raise duplicate
            receipt = self._among([remote] if remote else [], post, media_ids, since, doing)
            receipt = receipt or self._among(self._posts(since, doing=doing), post, media_ids, since, doing)
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


def _receipt(post: Post, remote: Mapping[str, Any]) -> Receipt:
    return Receipt(post.post_id, remote["id"], reading.address(remote["id"]), reading.published(remote))


def _next_page(answer: Answer, asked: Params, until: datetime, moment: _Moment) -> Params | None:
    """The next page, unless this one is empty or falls off to before `until`. A page may hold less than was asked for
    and not be the last."""
    elements = answer.data["elements"]
    if not elements:
        return None
    first, last = moment(elements[0]), moment(elements[-1])
    return None if first >= last and _EPOCH < last < until else {**asked, "start": asked["start"] + asked["count"]}


def _comments(urn: str) -> str:
    return f"rest/socialActions/{_quoted(urn)}/comments"


def _quoted(urn: str) -> str:
    return quote(urn, safe="")


def _object(answer: Answer) -> Mapping[str, Any]:
    return answer.data if isinstance(answer.data, dict) else {}
