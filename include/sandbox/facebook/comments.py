"""Comments: the `comments` edge of a post and of a comment, a comment itself, and what a Page may do with it.

Parameters and fields from the contract (PagePost and Comment: comments; Comment: #update, #delete); filter, order and
since from developers.facebook.com/docs/graph-api/reference/object/comments and /page-post/comments, read on
2026-11-24. Graph may rank what it lists whatever order is asked for; here the order asked for is kept. How it words
the refusal to hide a Page's own comment is not documented.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from include.sandbox import conversation
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid, unknown_object
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen, counted, said_again
from include.sandbox.facebook.moments import read_moment, written
from include.sandbox.facebook.paging import page_of
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox
from include.sandbox.world.conversation import WorldComment

TAKES = {"message", "comment", "attachment_url"}
READS = {"filter", "live_filter", "order", "since", "limit", "after", "before", "summary"}
DEFAULT = (Field("created_time", {}), Field("from", {}), Field("message", {}), Field("id", {}))
PARENT = (Field("created_time", {}), Field("from", {}), Field("message", {}), Field("id", {}))
MOST = 100
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def comment_on(
    sandbox: Sandbox, account: DeclaredAccount, post_id: str, params: Mapping[str, Any], parent_id: str | None = None
) -> dict[str, Any]:
    """`POST /{post}/comments` and `POST /{comment}/comments`, said by the Page itself."""
    if unknown := set(params) - TAKES:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    text = str(params.get("message") or params.get("comment") or "")
    if not text.strip():
        raise GraphError("(#100) Missing message or attachment", 100, subcode=1349125)
    post = sandbox.posts.find("facebook", post_id)
    if post and post.format == "story":
        raise GraphError("(#100) Unsupported post request: stories take no comments", 100)
    now, said = sandbox.clock.now(), sum(1 for _ in sandbox.posts)
    comment_id = f"{post_id.partition('_')[2]}_{digits(15, sandbox.seed, post_id, now.isoformat(), said)}"
    comment = LoggedPost(
        "facebook", account.name, comment_id, text, None, (), now, address(account, comment_id),
        reply_to=parent_id or post_id, under=post_id if parent_id else "",
    )  # fmt: skip
    sandbox.commit(post_event(comment))
    return {"id": comment_id}


@dataclasses.dataclass(frozen=True, slots=True)
class Comments:
    """Those of one post or, where `parent` says so, the replies to one comment. `root`: the versioned API's address."""

    account: DeclaredAccount
    root: str
    node: str
    standing: Sequence[WorldComment]
    parent: str | None = None

    def edge(self, field: Field) -> dict[str, Any]:
        """The `comments` edge; a `summary` counts what the filter lets through, whenever it was said."""
        asked = field.arguments
        if unknown := set(asked) - READS - {"as"}:
            raise invalid(f"Param {min(unknown)} is not valid for this edge")
        through = self._through(asked)
        answer = counted(field, len(through), {"order": "chronological", "can_comment": True})
        if asked.get("limit") == "0":
            return answer
        since = read_moment("since", asked["since"]) if asked.get("since") else None
        found = [c for c in through if since is None or c.created_at >= since]
        if asked.get("order") == "reverse_chronological":
            found.reverse()
        kept = {**asked, "access_token": self.account.token}
        if field.below:
            kept["fields"] = said_again(field.below)
        shown, paging = page_of(found, [c.comment_id for c in found], kept, f"{self.root}/{self.node}/comments", MOST)
        data = [self.comment(comment, field.below) for comment in shown]
        return {**answer, "data": data, **({"paging": paging} if paging else {})}

    def comment(self, comment: WorldComment, fields: tuple[Field, ...]) -> dict[str, Any]:
        plain = self._plain(comment)
        return chosen("Comment", fields or DEFAULT, lambda field: self._field(comment, plain, field))

    def _through(self, asked: Mapping[str, str]) -> list[WorldComment]:
        for name, values in (("filter", ("stream", "toplevel")), ("order", ("chronological", "reverse_chronological"))):
            if asked.get(name) not in (None, *values):
                raise invalid(f"{name} must be one of the following values: {', '.join(values)}")
        if self.parent is not None:
            return [c for c in self.standing if c.parent_id == self.parent]
        return [c for c in self.standing if asked.get("filter") == "stream" or c.parent_id is None]

    def _field(self, comment: WorldComment, plain: Mapping[str, Any], field: Field) -> Any:
        match field.name:
            case "parent":
                above = next((c for c in self.standing if c.comment_id == comment.parent_id), None)
                return self.comment(above, field.below or PARENT) if above else None
            case "comments":
                below = Comments(self.account, self.root, comment.comment_id, self.standing, comment.comment_id)
                return below.edge(field)
            case "comment_count":
                return sum(c.parent_id == comment.comment_id for c in self.standing)
        return plain.get(field.name, UNKNOWN)

    def _author(self, comment: WorldComment) -> dict[str, str]:
        if comment.author is None:
            return {"name": self.account.title, "id": self.account.native_id}
        return {"name": comment.author.name, "id": comment.author.person_id}

    def _plain(self, comment: WorldComment) -> dict[str, Any]:
        return {
            "id": comment.comment_id,
            "message": comment.text,
            "from": self._author(comment),
            "object": {"id": comment.post_id},
            "created_time": written(comment.created_at),
            "permalink_url": address(self.account, comment.comment_id),
            "is_hidden": comment.hidden,
            "is_private": False,
            "can_hide": not comment.ours,
            "can_comment": True,
            "can_remove": True,
            "can_like": True,
            "can_reply_privately": not comment.ours,
            "like_count": 0,
            "user_likes": False,
            "attachment": None,
            "message_tags": None,
            "admin_creator": None,
        }


def found_comment(sandbox: Sandbox, account: DeclaredAccount, comment_id: str) -> WorldComment:
    """The comment that a node's id names. Raises Graph's error for what is not there."""
    comment = conversation.find_comment(sandbox, account, comment_id)
    if comment is None:
        raise unknown_object(comment_id)
    return comment


def change(
    sandbox: Sandbox, account: DeclaredAccount, comment: WorldComment, params: Mapping[str, Any]
) -> dict[str, Any]:
    """`POST /{comment}`: hide it or show it; or reword what the Page said itself."""
    if unknown := set(params) - {"is_hidden", "message"}:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    event = {"at": sandbox.clock.now().isoformat(), "platform": "facebook", "comment_id": comment.comment_id}
    if "is_hidden" in params:
        hidden = TRUTHS.get(str(params["is_hidden"]).lower())
        if hidden is None:
            raise invalid("Param is_hidden must be a boolean")
        if comment.ours:
            raise GraphError("(#200) Permissions error: a Page cannot hide its own comment", 200)
        sandbox.commit({"kind": "hidden", **event, "hidden": hidden})
        return {"success": True}
    if not comment.ours or not str(params.get("message", "")).strip():
        raise GraphError("(#200) Permissions error: only who wrote a comment can edit it", 200)
    sandbox.commit({"kind": "reworded", **event, "text": str(params["message"])})
    return {"success": True}


def remove(sandbox: Sandbox, comment: WorldComment) -> dict[str, Any]:
    """`DELETE /{comment}`: a Page may remove what anybody wrote under its posts."""
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": "facebook", "remote_id": comment.comment_id, "at": at})
    return {"success": True}


def address(account: DeclaredAccount, comment_id: str) -> str:
    story, _, number = comment_id.partition("_")
    return f"https://www.facebook.com/{account.native_id}/posts/{story}?{urlencode({'comment_id': number})}"
