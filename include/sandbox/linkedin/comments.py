"""Comments under a post: `/rest/socialActions/{urn}/comments`. Their text is plain, not `little`.

learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api; that backslashes stay visible there
is gitroomhq/postiz-app#1847.
"""

from collections.abc import Mapping
from typing import Any

from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.linkedin.posts import author_of
from include.sandbox.linkedin.problems import forbidden, invalid, not_found
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox
from include.sandbox.timeline import find_said

MOST_CHARACTERS = 1250


def create(sandbox: Sandbox, account: DeclaredAccount, thread: str, body: Any) -> dict[str, Any]:
    """Comment as the organization; the answer is the comment."""
    if not isinstance(body, dict) or not isinstance(body.get("message"), dict):
        raise invalid("/message", "field is required but not found and has no default value")
    text = str(body["message"].get("text", ""))
    if body.get("actor") != author_of(account):
        raise forbidden("partnerApiSocialActions.CREATE-comments")
    if find_said(sandbox, account, thread) is None:
        raise not_found(thread)
    if not 1 <= len(text) <= MOST_CHARACTERS:
        raise invalid("/message/text", f"{len(text)} characters; 1 to {MOST_CHARACTERS} are allowed")
    now = sandbox.clock.now()
    number = digits(19, account.key, now, sum(1 for _ in sandbox.posts))
    urn = f"urn:li:comment:({_activity(thread)},{number})"
    url = f"https://www.linkedin.com/feed/update/{thread}/?commentUrn={urn}"
    comment = LoggedPost("linkedin", account.name, urn, text, None, (), now, url, reply_to=thread)
    sandbox.commit(post_event(comment))
    return _shown(account, comment)


def listed(sandbox: Sandbox, account: DeclaredAccount, thread: str, query: Mapping[str, str]) -> dict[str, Any]:
    if find_said(sandbox, account, thread) is None:
        raise not_found(thread)
    start, count = int(query.get("start", 0)), int(query.get("count", 10))
    found = [p for p in sandbox.posts.of("linkedin", account.name) if p.live and p.reply_to == thread]
    paging = {"start": start, "count": count, "links": [], "total": len(found)}
    return {"paging": paging, "elements": [_shown(account, each) for each in found[start : start + count]]}


def delete(sandbox: Sandbox, account: DeclaredAccount, thread: str, number: str, query: Mapping[str, str]) -> None:
    if query.get("actor") != author_of(account):
        raise forbidden("partnerApiSocialActions.DELETE-comments")
    found = [p for p in sandbox.posts.of("linkedin", account.name) if p.live and p.remote_id.endswith(f",{number})")]
    if not found or thread not in (found[0].reply_to, _activity(str(found[0].reply_to))):
        raise not_found(f"Comment {number}")
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": "linkedin", "remote_id": found[0].remote_id, "at": at})


def _activity(thread: str) -> str:
    """Every post stands on an activity, which has an id of its own."""
    return f"urn:li:activity:{int(thread.rsplit(':', 1)[-1]) + 1}"


def _shown(account: DeclaredAccount, comment: LoggedPost) -> dict[str, Any]:
    at = int(comment.created_at.timestamp() * 1000)
    stamp = {"actor": author_of(account), "time": at}
    return {
        "id": comment.remote_id.rstrip(")").rsplit(",", 1)[-1],
        "$URN": comment.remote_id,
        "commentUrn": comment.remote_id,
        "actor": author_of(account),
        "object": _activity(str(comment.reply_to)),
        "message": {"attributes": [], "text": comment.text},
        "created": stamp,
        "lastModified": stamp,
    }
