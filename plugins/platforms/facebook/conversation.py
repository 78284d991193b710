"""What people say under a Page's posts, what the Page does about it, and its lead forms.

Three calls hear what is new on a Page: its posts with their comments since then, its reels likewise, and the posts that
ads show (dark ones); a further one for every hundred posts, and for every hundred new comments under one post. A post
is listened to for 90 days, what an ad shows for a year. Edges and parameters: Page #published_posts, #video_reels,
#ads_posts, PagePost and AdVideo #comments of the contract. Reels have a list of their own, for posts do not contain
them (https://developers.facebook.com/docs/graph-api/reference/pagepost); where they do, they are heard once.
`ads_posts` needs pages_manage_ads and ads_management (/docs/graph-api/reference/page/ads_posts). All pages read on
2026-11-24.
"""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from include.domain.comments import Comment, Lead
from include.domain.errors import OutcomeUnknown, Refused, TryLater
from include.domain.posts import Receipt
from platforms.facebook import hearing
from platforms.facebook.reading import is_same_text, moment
from platforms.transport.meta import CLOCKS, Gone, text_of
from platforms.transport.meta_lists import Row, in_portions, nested, rows
from platforms.transport.session import Session

log = logging.getLogger(__name__)

LISTENED_TO = timedelta(days=90)
ADS_LISTENED_TO = timedelta(days=365)
MOST_POSTS, FEWEST_POSTS = 100, 5
MOST_COMMENTS = 100
MOST_LEADS = 100


class Conversation:
    """Of one Page. `node` turns what follows the version into a path, `page` is the Page in such a path."""

    def __init__(self, session: Session, node: Callable[[str], str], page: str) -> None:
        self._session, self._node, self._page = session, node, page
        self._account = session.access.account
        self.unheard: list[str] = []

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Under the Page's own posts and reels, then under what ads show and the Page does not. Where the token may
        not see the ads, `unheard` says so."""
        own = set[str]()
        for edge in ("published_posts", "video_reels"):
            heard = set(own)
            for post in self._posts(edge, since, LISTENED_TO):
                own.add(hearing.place(post)[0])
                if hearing.place(post)[0] not in heard:
                    yield from self._under(post, sponsored=False)
        try:
            for post in self._posts("ads_posts", since, ADS_LISTENED_TO):
                if str(post["id"]) not in own:
                    yield from self._under(post, sponsored=True)
        except Refused as refusal:
            self.unheard.append(f"Comments under ads are not heard: {refusal}")
            log.warning("%s", self.unheard[-1])

    def leads(self, since: datetime) -> Iterator[Lead]:
        """Of every form that ever had one: a call for the forms, one for each of them."""
        doing = "read the lead forms"
        after = {"field": "time_created", "operator": "GREATER_THAN", "value": int(since.timestamp()) - 1}
        asked = {"fields": hearing.LEAD_FIELDS, "filtering": json.dumps([after]), "limit": MOST_LEADS}
        for form in self._rows(f"{self._page}/leadgen_forms", {"fields": hearing.FORM_FIELDS, "limit": 100}, doing):
            if form.get("leads_count") != 0:
                for lead in self._rows(f"{form['id']}/leads", asked, f"read the leads of form {form['id']}"):
                    yield hearing.lead(self._account, form, lead)

    def set_hidden(self, comment_id: str, hidden: bool) -> None:
        """`POST /{comment}`. May be done again."""
        doing = f"{'hide' if hidden else 'show'} comment {comment_id}"
        form = {"is_hidden": "true" if hidden else "false"}
        answer = self._session.upload(self._node(comment_id), data=form, doing=doing)
        if not isinstance(answer.data, dict) or answer.data.get("success") is not True:
            said = f"{self._account}: could not {doing}. Facebook did not confirm it."
            raise TryLater(said, wait_s=60, account=self._account, status=answer.status)

    def answer(self, comment_id: str, text: str) -> Receipt:
        """`POST /{comment}/comments`."""
        doing = f"answer comment {comment_id}"
        answer = self._session.write(self._node(f"{comment_id}/comments"), data={"message": text}, doing=doing)
        remote_id = text_of(answer.data, "id")
        if not remote_id:
            said = f"{self._account}: Facebook gave no id for the answer to comment {comment_id}; it will be looked up."
            raise OutcomeUnknown(said, account=self._account, status=answer.status)
        return Receipt(comment_id, remote_id, f"https://www.facebook.com/{remote_id}", datetime.now(UTC))

    def find_answer(
        self, comment_id: str, text: str, since: datetime, is_own: Callable[[Row, str], bool]
    ) -> Receipt | None:
        """The same words, said by the Page in that thread since then: what answers a reply stands beside it, under the
        comment that began the thread. With the comment, its answer is gone too."""
        doing = f"look for the answer to comment {comment_id}"
        try:
            told = self._session.read(self._node(comment_id), {"fields": "id,parent{id}"}, doing=doing).data
            first = (told.get("parent") or {}).get("id") or comment_id
            earliest = int((since - CLOCKS).timestamp())
            asked = {"fields": hearing.FIELDS, "order": "chronological", "since": earliest, "limit": MOST_COMMENTS}
            replies = list(self._rows(f"{first}/comments", asked, doing))
        except Gone:
            return None
        for reply in replies:
            said_at = moment(reply["created_time"])
            if said_at >= since - CLOCKS and is_same_text(text, reply.get("message")) and is_own(reply, doing):
                return Receipt(comment_id, str(reply["id"]), str(reply.get("permalink_url") or ""), said_at)
        return None

    def _posts(self, edge: str, since: datetime, listened_to: timedelta) -> Iterator[Row]:
        fields, first = f"id,{hearing.edge(since, MOST_COMMENTS)}", int((since - listened_to).timestamp())
        fields = f"post_id,from,{fields}" if edge == "video_reels" else fields

        def ask(limit: int) -> Iterator[Row]:
            asked: dict[str, Any] = {"fields": fields, "since": first, "limit": limit}
            if edge == "ads_posts":
                asked["include_inline_create"] = "true"
            return self._rows(f"{self._page}/{edge}", asked, f"read the comments since {since:%Y-%m-%d %H:%M} UTC")

        return in_portions(ask, MOST_POSTS, FEWEST_POSTS)

    def _under(self, post: Row, *, sponsored: bool) -> Iterator[Comment]:
        path, doing = self._node(f"{post['id']}/comments"), f"read the comments under post {post['id']}"
        for data in nested(self._session, post.get("comments"), path, doing=doing):
            yield hearing.comment(self._account, hearing.place(post), data, sponsored=sponsored)

    def _rows(self, path: str, asked: dict[str, Any], doing: str) -> Iterator[Row]:
        return rows(self._session, self._node(path), asked, doing=doing)
