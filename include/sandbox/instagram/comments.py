"""Comments of Instagram: the `comments` edge of a medium, the `replies` edge of a comment, a comment itself.

Contract: IGMedia #comments, IGComment #replies, #update, #delete. From developers.facebook.com/documentation/
instagram-platform/instagram-graph-api/reference/ig-media/comments and /ig-comment/replies, read on 2026-11-24: the
newest come first, at most fifty a query, no filter by time; replies come with the field `replies` only; a reply to a
reply stands under the first comment; a hidden one cannot be replied to. The account's own comments stay visible even
when they are hidden (that page's older editions). Comments under ads are of another kind and not here.
"""

import base64
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from include.sandbox import conversation
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen, said_again
from include.sandbox.facebook.moments import written
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox
from include.sandbox.world.conversation import WorldComment

DEFAULT = (Field("timestamp", {}), Field("text", {}), Field("id", {}))
DEFAULT_LIMIT, MOST = 25, 50
MOST_CHARACTERS = 2200
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def found_comment(sandbox: Sandbox, account: DeclaredAccount, node: str) -> WorldComment | None:
    """All of the sandbox's begin with 179: nothing else need be looked for, which takes long."""
    return conversation.find_comment(sandbox, account, node) if node.isdigit() and node.startswith("179") else None


def comment_on(
    sandbox: Sandbox,
    account: DeclaredAccount,
    media_id: str,
    url: str,
    params: Mapping[str, Any],
    parent: WorldComment | None = None,
) -> dict[str, Any]:
    """`POST /{media}/comments` and `POST /{comment}/replies`, said by the account itself."""
    if unknown := set(params) - {"message", "ad_id"}:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    text = str(params.get("message") or "")
    if not text.strip():
        raise GraphError("(#100) The parameter message is required, and stories take no comments", 100)
    if parent and parent.hidden:
        raise GraphError("(#100) You cannot reply to a hidden comment", 100)
    now, said = sandbox.clock.now(), sum(1 for _ in sandbox.posts)
    comment_id = f"179{digits(14, sandbox.seed, media_id, 'comment', now.isoformat(), said)}"
    above = (parent.parent_id or parent.comment_id) if parent else media_id
    comment = LoggedPost(
        "instagram", account.name, comment_id, text, None, (), now, url,
        reply_to=above, under=media_id if parent else "",
    )  # fmt: skip
    sandbox.commit(post_event(comment))
    return {"id": comment_id}


def change(
    sandbox: Sandbox, account: DeclaredAccount, comment: WorldComment, params: Mapping[str, Any]
) -> dict[str, Any]:
    """`POST /{comment}?hide=true`. The account's own stays visible, whatever is answered."""
    hidden = TRUTHS.get(str(params.get("hide", "")).lower())
    if set(params) - {"hide", "ad_id"} or hidden is None:
        raise invalid("The parameter hide is required, and must be a boolean")
    if not comment.ours:
        event = {"kind": "hidden", "at": sandbox.clock.now().isoformat(), "platform": "instagram"}
        sandbox.commit({**event, "comment_id": comment.comment_id, "hidden": hidden})
    return {"success": True}


@dataclasses.dataclass(frozen=True, slots=True)
class Comments:
    """Those of one medium. `root`: the versioned API's address."""

    sandbox: Sandbox
    account: DeclaredAccount
    root: str
    media_id: str
    standing: Sequence[WorldComment]

    def edge(self, field: Field) -> dict[str, Any]:
        """`comments`: those directly under the medium, the newest first."""
        top = [c for c in self.standing if c.parent_id is None]
        return self._page(field, top[::-1], f"{self.media_id}/comments")

    def replies(self, comment_id: str, field: Field) -> dict[str, Any]:
        """`replies`. Their order is not documented; here the newest come first, too."""
        below = [c for c in self.standing if c.parent_id == comment_id]
        return self._page(field, below[::-1], f"{comment_id}/replies")

    def comment(self, comment: WorldComment, fields: tuple[Field, ...]) -> dict[str, Any]:
        plain = self._plain(comment)

        def value(field: Field) -> Any:
            if field.name != "replies":
                return plain.get(field.name, UNKNOWN)
            below = self.replies(comment.comment_id, field)
            return below if below["data"] else None

        return chosen("IGComment", fields or DEFAULT, value)

    def _page(self, field: Field, found: Sequence[WorldComment], edge: str) -> dict[str, Any]:
        asked = field.arguments
        if unknown := set(asked) - {"limit", "after", "before", "as"}:
            raise invalid(f"Param {min(unknown)} is not valid for this edge")
        limit = min(int(asked.get("limit") or DEFAULT_LIMIT), MOST)
        cursors = [base64.urlsafe_b64encode(c.comment_id.encode()).decode() for c in found]
        start = cursors.index(asked["after"]) + 1 if asked.get("after") in cursors else 0
        answer: dict[str, Any] = {"data": [self.comment(c, field.below) for c in found[start : start + limit]]}
        if start + limit < len(found):
            after = cursors[start + limit - 1]
            kept = {"access_token": self.account.token, "limit": limit, "after": after}
            if field.below:
                kept["fields"] = said_again(field.below)
            answer["paging"] = {"cursors": {"after": after}, "next": f"{self.root}/{edge}?{urlencode(kept)}"}
        return answer

    def _plain(self, comment: WorldComment) -> dict[str, Any]:
        username = comment.author.username if comment.author else self.account.username
        author = comment.author.person_id if comment.author else self.account.native_id
        return {
            "id": comment.comment_id,
            "text": comment.text,
            "timestamp": written(comment.created_at),
            "username": username,
            "from": {"id": author, "username": username},
            "like_count": 0,
            "hidden": comment.hidden,
            "parent_id": comment.parent_id,
            "media": {"id": comment.post_id},
        }
