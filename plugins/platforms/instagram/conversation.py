"""What people say under an account's media, and what the account does about it.

One call hears fifty media with the newest fifty comments of each and the newest replies to these; media are listened
to for 90 days. Instagram filters comments by no time: those before it are read and left out, and a further page is
asked for only while all of a page is new. So a new reply is heard where it stands under one of the newest fifty
comments of its medium, and not under an older one. Comments under ads are of another kind, which this API does not
have: they are to be seen with the Marketing API's permissions only, and are not heard.

https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-media/comments and
/ig-comment/replies, read on 2026-11-24.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from include.domain.comments import Comment
from include.domain.errors import OutcomeUnknown, TryLater
from include.domain.posts import Receipt
from platforms.instagram import hearing
from platforms.instagram.reading import moment, plain
from platforms.transport.meta import CLOCKS, Gone, text_of
from platforms.transport.meta_lists import Row, further, in_portions, nested, rows
from platforms.transport.session import Session

LISTENED_TO = timedelta(days=90)
MOST_MEDIA, FEWEST_MEDIA = 50, 3
MOST_COMMENTS = 50


class Conversation:
    """Of one account. `path` turns what follows the version into a path, `node` is the account's own."""

    def __init__(self, session: Session, path: Callable[[str], str], node: str) -> None:
        self._session, self._path, self._node = session, path, node
        self._account = session.access.account

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Those from `since` on; older ones that came along are left out."""
        asked = {"fields": f"{hearing.MEDIA_FIELDS},{hearing.edge(MOST_COMMENTS)}"}
        first, doing = int((since - LISTENED_TO).timestamp()), f"read the comments since {since:%Y-%m-%d %H:%M} UTC"

        def ask(limit: int) -> Iterator[Row]:
            return rows(
                self._session,
                self._path(f"{self._node}/media"),
                {**asked, "since": first, "limit": limit},
                doing=doing,
            )

        for media in in_portions(ask, MOST_MEDIA, FEWEST_MEDIA):
            yield from (comment for comment in self._under(media, since) if comment.created_at >= since)

    def set_hidden(self, comment_id: str, hidden: bool) -> None:
        """`POST /{comment}`. May be done again."""
        doing = f"{'hide' if hidden else 'show'} comment {comment_id}"
        answer = self._session.upload(self._path(comment_id), data={"hide": "true" if hidden else "false"}, doing=doing)
        if not isinstance(answer.data, dict) or answer.data.get("success") is not True:
            said = f"{self._account}: could not {doing}. Instagram did not confirm it."
            raise TryLater(said, wait_s=60, account=self._account, status=answer.status)

    def answer(self, comment_id: str, text: str) -> Receipt:
        """`POST /{comment}/replies`."""
        doing = f"answer comment {comment_id}"
        answer = self._session.write(self._path(f"{comment_id}/replies"), data={"message": text}, doing=doing)
        remote_id = text_of(answer.data, "id")
        if not remote_id:
            said = f"{self._account}: Instagram gave no id for the answer to comment {comment_id}; it is looked up."
            raise OutcomeUnknown(said, account=self._account, status=answer.status)
        return Receipt(comment_id, remote_id, "https://www.instagram.com/", datetime.now(UTC))

    def find_answer(self, comment_id: str, text: str, since: datetime, username: Callable[[], str]) -> Receipt | None:
        """The same words by the account in that thread since then: a reply to a reply stands under the first comment.
        With the comment, its answer is gone too."""
        doing = f"look for the answer to comment {comment_id}"
        try:
            told = self._session.read(self._path(comment_id), {"fields": "id,parent_id"}, doing=doing)
            first = text_of(told.data, "parent_id") or comment_id
            asked = {"fields": hearing.FIELDS, "limit": MOST_COMMENTS}
            replies = list(rows(self._session, self._path(f"{first}/replies"), asked, doing=doing))
        except Gone:
            return None
        for reply in replies:
            said_at = moment(reply["timestamp"])
            if said_at < since - CLOCKS or plain(reply.get("text")) != plain(text):
                continue
            if str(reply.get("username") or "") == username():
                return Receipt(comment_id, str(reply["id"]), "https://www.instagram.com/", said_at)
        return None

    def _under(self, media: Row, since: datetime) -> Iterator[Comment]:
        path, doing = self._path(f"{media['id']}/comments"), f"read the comments under medium {media['id']}"
        edge = media.get("comments") or {}
        first = list(edge.get("data") or ())
        for data in first:
            yield from self._thread(media, data)
        if first and moment(first[-1]["timestamp"]) >= since:
            for data in further(self._session, edge, path, doing=doing):
                if moment(data["timestamp"]) < since:
                    return
                yield from self._thread(media, data)

    def _thread(self, media: Row, data: Row) -> Iterator[Comment]:
        """A comment and its replies."""
        comment_id = str(data["id"])
        yield hearing.comment(self._account, media, data)
        path, doing = self._path(f"{comment_id}/replies"), f"read the replies to comment {comment_id}"
        for reply in nested(self._session, data.get("replies"), path, doing=doing):
            yield hearing.comment(self._account, media, reply, comment_id)
