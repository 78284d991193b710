"""Comments under a post: those that came through the API one by one, those of the seeded world only by their number."""

from collections.abc import Mapping
from typing import Any

from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import GraphError, invalid
from include.sandbox.facebook.fields import Field, counted
from include.sandbox.facebook.moments import written
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox

TAKES = {"message", "comment", "attachment_url"}


def comment_on(sandbox: Sandbox, account: DeclaredAccount, post_id: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """`POST /{post}/comments`, said by the Page itself."""
    if unknown := set(params) - TAKES:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    text = str(params.get("message") or params.get("comment") or "")
    if not text.strip():
        raise GraphError("(#100) Missing message or attachment", 100, subcode=1349125)
    post = sandbox.posts.find("facebook", post_id)
    if post and post.format == "story":
        raise GraphError("(#100) Unsupported post request: stories take no comments", 100)
    now = sandbox.clock.now()
    comment_id = f"{post_id.partition('_')[2]}_{digits(15, sandbox.seed, post_id, now.isoformat())}"
    url = f"https://www.facebook.com/{account.native_id}/posts/{comment_id.replace('_', '?comment_id=')}"
    comment = LoggedPost("facebook", account.name, comment_id, text, None, (), now, url, reply_to=post_id)
    sandbox.commit(post_event(comment))
    return {"id": comment_id}


def comments_of(sandbox: Sandbox, account: DeclaredAccount, post_id: str, field: Field, others: int) -> dict[str, Any]:
    """The `comments` edge; `others` is how many people of the seeded world commented. What the log has under another
    name than the Page's was said by somebody else."""
    said = [c for c in sandbox.posts if c.platform == "facebook" and c.reply_to == post_id and c.live]
    if field.arguments.get("order") == "reverse_chronological":
        said.reverse()
    answer = counted(field, others + len(said), {"order": "ranked", "can_comment": True})
    limit = field.arguments.get("limit", "25")
    shown = said[: int(limit)] if limit.isdigit() else said
    return {**answer, "data": [_comment(sandbox, account, comment) for comment in shown]}


def _comment(sandbox: Sandbox, account: DeclaredAccount, comment: LoggedPost) -> dict[str, Any]:
    name, author = account.title, account.native_id
    if comment.account != account.name:
        name, author = comment.account, digits(15, sandbox.seed, comment.account)
    return {
        "id": comment.remote_id,
        "message": comment.text,
        "created_time": written(comment.created_at),
        "permalink_url": comment.url,
        "from": {"name": name, "id": author},
    }
