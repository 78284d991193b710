"""Speaks to one X account: publishes, finds, reads, hears, answers. Keeps no policy.

hook = XHook("x_bottega_aurora")
prepared = hook.prepare(post)                        {"media": ["1880028106020515840"]}
receipt = hook.publish(post, key="...", prepared=prepared)
hook.requests_made                                   counts, for every call costs money
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any

from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from include.domain.comments import Comment
from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.posts import Part, Post, Receipt
from include.domain.records import RawResponse, Record
from include.domain.windows import Window
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.failures import Answer, Duplicate
from platforms.transport.likeness import CLOCKS, oldest
from platforms.transport.limits import x_rate_limit
from platforms.transport.paging import Params, pages
from platforms.transport.remembered import remembered
from platforms.transport.session import Session
from platforms.x import hearing, reading, wording
from platforms.x.failures import explain
from platforms.x.uploads import Uploads

MOST_POSTS = 100
PRIVATE_FOR = timedelta(days=30)
_LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)


class XHook(Connected):
    """A Publisher, a Follower, a Remover, a MetricSource, a CommentSource and a Moderator for one account. `retired`
    stays empty: X's fields are part of its contract."""

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

    @remembered
    def user_id(self) -> str:
        """Who we are: `user_id` of the connection, else asked once."""
        stated = self.access.extra.get("user_id")
        return str(stated) if stated else str(self._me().data["data"]["id"])

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Upload the media and wait until X can show them: `{"media": [media ids]}`; kept for a day at least. Raises
        Unfinished where that takes too long; its `prepared`, given as `earlier`, is waited for again."""
        uploads = Uploads(self.session, self._pause, (earlier or {}).get("media", ()))
        for media in post.media:
            uploads.send(media, f"upload {media.name} for post {post.post_id}")
        return {"media": uploads.sent}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`POST /2/tweets`. X has no key of its own: it refuses the same text, and `find` compares texts."""
        media_ids = list((prepared or self.prepare(post)).get("media", ()))
        return self._send(
            post.post_id,
            wording.body(post, media_ids),
            f"publish post {post.post_id}",
            look=lambda: self.find(post, key=key, prepared={"media": media_ids}),
            before={"end_time": _stamp(oldest(post, None))},
        )

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """The account's recent posts, compared with `post`: its media, else text with its addresses in full. X counts a
        post that begins with a name among the replies, so they are not left out."""
        media_ids = list((prepared or {}).get("media", ()))
        fits = _Fits(
            lambda remote: reading.is_same(post, remote, media_ids),
            lambda remote: reading.may_be_same(post, remote, media_ids),
            oldest(post, since),
        )
        asked = {"start_time": _stamp(fits.oldest), "exclude": "retweets"}
        return self._first(post.post_id, asked, fits, f"look for post {post.post_id}")

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """A reply to the part before; a first comment answers the post itself."""
        return self._send(
            post.post_id,
            wording.reply(part, _parent(part, after)),
            f"publish part {part.number} of post {post.post_id}",
            look=lambda: self.find_part(post, part, key=key, after=after),
            before={"until_id": _parent(part, after)},
        )

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        """Among the account's posts since the one that the part answers: a reply to it, with the same text."""
        parent = _parent(part, after)
        fits = _Fits(
            lambda remote: reading.is_same_part(part, parent, remote),
            lambda remote: reading.may_be_same_part(part, parent, remote),
            oldest(post, since) if since else datetime.min.replace(tzinfo=UTC),
        )
        asked = {"since_id": parent, "exclude": "retweets"}
        return self._first(post.post_id, asked, fits, f"look for part {part.number} of post {post.post_id}")

    def delete(self, remote_id: str) -> None:
        """`DELETE /2/tweets/{id}`; X says `deleted` of what is gone already, too."""
        try:
            self.session.upload(f"2/tweets/{remote_id}", method="DELETE", doing=f"delete post {remote_id}")
        except Refused as refusal:
            if refusal.status != 404:
                raise

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
            reading.POST_FIELDS: f"{reading.SEEN},{reading.TO_WHOM},{metrics}",
            **reading.MEDIA,
        }
        until = _midnight(window.last + timedelta(days=1))
        if until < datetime.now(UTC):  # X takes no moment that has not come
            asked["end_time"] = _stamp(until)
        for params, answer in self._timeline(asked, doing=f"read posts of {window}"):
            yield self._response("posts", window, self._timeline_path, params, answer)

    # --- hearing -----------------------------------------------------------------------------------------------

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Who answers or names the account, from its mentions (X keeps 800), and what it answers, from its own posts:
        two calls, and one more for each further hundred. Search would be one, but sees seven days.

        Each post in an answer costs money ($0.005; $0.001 where X counts it among Owned Reads, which it says of one's
        own posts; of mentions that is not verified), once a UTC day however often it is read; an empty answer is free.
        What others say to one another in our conversations without naming us is not heard.
        """
        asked = {"start_time": _stamp(since), reading.POST_FIELDS: hearing.FIELDS}
        mentions, doing = f"2/users/{self.user_id}/mentions", "read who answers and names the account"
        for _, answer in self._timeline(asked, doing=doing, path=mentions):
            yield from hearing.comments(self.conn_id, self.user_id, answer.data)
        for _, answer in self._timeline({**asked, "exclude": "retweets"}, doing="read the account's own replies"):
            yield from hearing.comments(self.conn_id, self.user_id, answer.data)

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """`GET /2/tweets`, a hundred a call. What is still there costs as much as when it is read."""
        found, ids = set[str](), sorted(set(comment_ids))
        for start in range(0, len(ids), MOST_POSTS):
            asked = {"ids": ",".join(ids[start : start + MOST_POSTS])}
            answer = self.session.read("2/tweets", asked, doing="ask which comments are still there")
            if not isinstance(answer.data, dict) or not answer.data.keys() & {"data", "errors"}:
                raise self._not_ready(answer.doing, "The answer names no post")
            found |= hearing.gone(answer.data)
        return found & set(ids)

    def hide(self, comment_id: str) -> None:
        """Behind "View hidden replies"; only in conversations that the account began. Needs tweet.moderate.write."""
        self._set_hidden(comment_id, True)

    def show(self, comment_id: str) -> None:
        self._set_hidden(comment_id, False)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """A reply ($0.015, $0.010 where X finds that the comment has summoned it, $0.200 with an address). X refuses a
        text that the account has said just before, to whomever: the same answer to many needs other words each time."""
        return self._send(
            comment_id,
            {"text": text, "reply": {"in_reply_to_tweet_id": comment_id}},
            f"answer comment {comment_id}",
            look=lambda: self.find_answer(comment_id, text, key=key, since=_LONG_AGO),
            before={},
        )

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        """Among the account's posts since the comment: a reply to it, with the same text."""
        part = Part(0, "comment", text)
        fits = _Fits(
            lambda remote: reading.is_same_part(part, comment_id, remote),
            lambda remote: reading.may_be_same_part(part, comment_id, remote),
            max(since, _LONG_AGO) - CLOCKS,
        )
        asked = {"since_id": comment_id, "exclude": "retweets"}
        return self._first(comment_id, asked, fits, f"look for the answer to comment {comment_id}")

    # --- how ---------------------------------------------------------------------------------------------------

    def _set_hidden(self, comment_id: str, hidden: bool) -> None:
        doing = f"{'hide' if hidden else 'show'} comment {comment_id}"
        path, said = f"2/tweets/{comment_id}/hidden", {"hidden": hidden}
        answer = self.session.upload(path, method="PUT", json=said, doing=doing)
        if _data(answer).get("hidden") is not hidden:
            raise self._not_ready(doing, "X does not say that it did it")

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

    def _timeline(self, asked: Params, *, doing: str, path: str = "") -> Iterator[tuple[Params, Answer]]:
        """Of the account's own posts, where no other is named."""

        def ask(params: Params) -> Answer:
            return self._whole(self.session.read(path or self._timeline_path, params, doing=doing), "meta")

        return pages(ask, {**asked, "max_results": MOST_POSTS}, _next_page)

    def _response(self, stream: str, window: Window, path: str, params: Params, answer: Answer) -> RawResponse:
        asked = {"path": path, "params": dict(params), "first": str(window.first), "last": str(window.last)}
        return RawResponse(self.conn_id, stream, asked, answer.body, datetime.now(UTC), answer.parsed)

    def _send(
        self, said_for: str, words: Mapping[str, Any], doing: str, *, look: Callable[[], Receipt | None], before: Params
    ) -> Receipt:
        """`POST /2/tweets`, the irreversible call; `said_for` is the post, or the comment that it answers."""
        try:
            answer = self.session.write("2/tweets", json=words, doing=doing)
        except Duplicate as duplicate:
            return self._found_instead(str(words.get("text") or ""), duplicate, look, before)
        remote_id = _data(answer).get("id")
        if not remote_id:
            said = f"{self.conn_id}: asked X to {doing}; it agreed and gave no id, so it will be looked up."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)
        return Receipt(said_for, remote_id, reading.address(remote_id), datetime.now(UTC))

    def _first(self, said_for: str, asked: Params, fits: "_Fits", doing: str) -> Receipt | None:
        """The post that fits, None where none does. Raises TryLater where one may fit."""
        doubtful = ""
        for _, answer in self._timeline({**asked, reading.POST_FIELDS: reading.COMPARED}, doing=doing):
            for remote in answer.data.get("data") or ():
                published = reading.moment(remote["created_at"])
                if published < fits.oldest:
                    continue
                if fits.surely(remote):
                    return Receipt(said_for, remote["id"], reading.address(remote["id"]), published)
                if fits.maybe(remote):
                    doubtful = reading.address(remote["id"])
        if doubtful:
            raise self._not_ready(doing, f"{doubtful} cannot be told from it for sure")
        return None

    def _not_ready(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self.conn_id}: could not {doing}. {why}.", wait_s=60, account=self.conn_id)

    def _found_instead(
        self, text: str, duplicate: Duplicate, look: Callable[[], Receipt | None], before: Params
    ) -> Receipt:
        """X has this text already: ours, if it is where it belongs. An older post that says the same is the reason of a
        refusal; where there is none either, X's lists lag behind, and nothing is proven."""
        try:
            receipt = look()
            older = receipt is None and self._is_used(text, before)
        except PlatformError as error:
            raise OutcomeUnknown(f"{duplicate} Looking it up failed.", account=self.conn_id) from error
        if receipt is not None:
            return receipt
        if older:
            raise duplicate
        said = f"{duplicate} It is not in the account's list; it will be looked up again."
        raise OutcomeUnknown(said, account=self.conn_id, status=duplicate.status)

    def _is_used(self, text: str, before: Params) -> bool:
        """Whether one of the last hundred posts before ours says so, or of the last hundred with replies, which may
        fill a day alone. Not more: every post that is read costs."""
        doing, fields = "look for an older post of the same text", {reading.POST_FIELDS: reading.SEEN}
        for left_out in ("retweets,replies", "retweets"):
            _, answer = next(self._timeline({**before, "exclude": left_out, **fields}, doing=doing))
            if any(reading.says(text, remote) for remote in answer.data.get("data") or ()):
                return True
        return False


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


@dataclass(frozen=True, slots=True)
class _Fits:
    """Which of the account's posts is the one that is looked for, which may be, and how old it can be."""

    surely: Callable[[Mapping[str, Any]], bool]
    maybe: Callable[[Mapping[str, Any]], bool]
    oldest: datetime


def _parent(part: Part, after: Sequence[str]) -> str:
    return after[0] if part.kind == "comment" else after[-1]


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
