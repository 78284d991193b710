"""Comments: `/rest/socialActions/{post or comment}/comments`, and the notifications that tell of them.

learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api and organizations/
organization-social-action-notifications, read on 2026-11-24; that a text is plain, not `little`, and that backslashes
stay visible is gitroomhq/postiz-app#1847. Every post stands on an activity, in whose name its comments are. Stricter
than LinkedIn's pages say: an answer to an answer is refused, for the feed shows answers one deep.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from include.sandbox.chance import digits
from include.sandbox.conversation import comments_of, comments_under
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.linkedin.posts import author_of
from include.sandbox.linkedin.problems import forbidden, invalid, not_found
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox
from include.sandbox.timeline import find_said
from include.sandbox.world.conversation import WorldComment

MOST_CHARACTERS = 1250
ACTIONS = ("LIKE", "COMMENT", "SHARE", "SHARE_MENTION", "ADMIN_COMMENT", "COMMENT_EDIT", "COMMENT_DELETE")
KEPT_DAYS = 60

_COMMENT = re.compile(r"urn:li:comment:\((urn:li:\w+:\d+),(\d+)\)")
_LIST = re.compile(r"List\(([^()]*)\)")
_SPAN = re.compile(r"\(start:(\d+),end:(\d+)\)")


class Thread:
    """What was said under one post. `target`: the post, its activity, or one of its comments."""

    def __init__(self, sandbox: Sandbox, account: DeclaredAccount, target: str) -> None:
        comment = _COMMENT.fullmatch(target)
        self.post, self._sandbox, self._account = _post_of(comment[1] if comment else target), sandbox, account
        if find_said(sandbox, account, self.post) is None:
            raise not_found(target)
        self.said = {_number(each): each for each in comments_under(sandbox, account, self.post)}
        self.above = self.one(comment[2]) if comment else None

    def one(self, number: str) -> WorldComment:
        if number not in self.said:
            raise not_found(f"Comment {number}")
        return self.said[number]

    def below(self) -> list[WorldComment]:
        """What answers the target itself, the oldest first."""
        above = self.above.comment_id if self.above else None
        return [each for each in self.said.values() if each.parent_id == above]

    def shown(self, comment: WorldComment) -> dict[str, Any]:
        return _shown(self._account, comment)


def create(sandbox: Sandbox, account: DeclaredAccount, target: str, body: Any) -> dict[str, Any]:
    """Comment as the organization, on a post or on a comment; the answer is the comment."""
    if not isinstance(body, dict) or not isinstance(body.get("message"), dict):
        raise invalid("/message", "field is required but not found and has no default value")
    text = str(body["message"].get("text", ""))
    if body.get("actor") != author_of(account):
        raise forbidden("partnerApiSocialActions.CREATE-comments")
    thread = Thread(sandbox, account, target)
    above = thread.above
    if bool(above) != bool(body.get("parentComment")) or (above and body["parentComment"] != target):
        raise invalid("/parentComment", "it must be the comment that is answered")
    if above and above.parent_id:
        raise invalid("/parentComment", "an answer cannot be answered")
    if not 1 <= len(text) <= MOST_CHARACTERS:
        raise invalid("/message/text", f"{len(text)} characters; 1 to {MOST_CHARACTERS} are allowed")
    now = sandbox.clock.now()
    number = digits(19, account.key, now, sum(1 for _ in sandbox.posts))
    urn = f"urn:li:comment:({_activity(thread.post)},{number})"
    url = f"https://www.linkedin.com/feed/update/{thread.post}/?commentUrn={urn}"
    parent, under = (above.comment_id, thread.post) if above else (thread.post, "")
    comment = LoggedPost("linkedin", account.name, urn, text, None, (), now, url, reply_to=parent, under=under)
    sandbox.commit(post_event(comment))
    return thread.shown(WorldComment(urn, thread.post, now, text, None, "said", "und", parent if above else None))


def listed(sandbox: Sandbox, account: DeclaredAccount, target: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The comments on a post or the answers to a comment; those of `ids` alone, where it is a batch."""
    thread = Thread(sandbox, account, target)
    if "ids" in query:
        return _batch(thread, _listed(query, "ids"))
    start, count, found = int(query.get("start", 0)), int(query.get("count", 10)), thread.below()
    paging = {"start": start, "count": count, "links": [], "total": len(found)}
    return {"paging": paging, "elements": [thread.shown(each) for each in found[start : start + count]]}


def one(sandbox: Sandbox, account: DeclaredAccount, target: str, number: str) -> dict[str, Any]:
    thread = Thread(sandbox, account, target)
    return thread.shown(thread.one(number))


def notifications(sandbox: Sandbox, account: DeclaredAccount, query: Mapping[str, str]) -> dict[str, Any]:
    """What was done under the organization's posts in a span of the last 60 days, the newest first. Of the actions that
    LinkedIn knows, the sandbox's people comment and edit; what they delete is told of by nobody here."""
    if query.get("q") != "criteria" or query.get("organizationalEntity") != author_of(account):
        raise forbidden("partnerApiOrganizationalEntityNotifications.FINDER-criteria")
    wanted, span = set(_listed(query, "actions")), _SPAN.fullmatch(query.get("timeRange", ""))
    if strangers := wanted - set(ACTIONS):
        raise invalid("actions", f"{min(strangers)} is no action")
    if span is None:
        raise invalid("timeRange", "must be (start:...,end:...)")
    first, last = (datetime.fromtimestamp(int(edge) / 1000, UTC) for edge in span.groups())
    if (sandbox.clock.now() - first).days > KEPT_DAYS:
        raise invalid("timeRange", f"notifications are kept for {KEPT_DAYS} days")
    found = []
    for comment in comments_of(sandbox, account, first, last):
        if first <= comment.created_at < last:
            found.append((comment.created_at, "ADMIN_COMMENT" if comment.ours else "COMMENT", comment))
        if comment.edited_at and first <= comment.edited_at < last:
            found.append((comment.edited_at, "COMMENT_EDIT", comment))
    told = sorted((each for each in found if each[1] in wanted), key=lambda each: each[0], reverse=True)
    start, count = int(query.get("start", 0)), int(query.get("count", 10))
    page = [_notice(sandbox, account, *each) for each in told[start : start + count]]
    return {"paging": {"start": start, "count": count, "links": []}, "elements": page}


def delete(sandbox: Sandbox, account: DeclaredAccount, thread: str, number: str, query: Mapping[str, str]) -> None:
    if query.get("actor") != author_of(account):
        raise forbidden("partnerApiSocialActions.DELETE-comments")
    found = [p for p in sandbox.posts.of("linkedin", account.name) if p.live and p.remote_id.endswith(f",{number})")]
    if not found or _post_of(thread) != (found[0].under or found[0].reply_to):
        raise not_found(f"Comment {number}")
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": "linkedin", "remote_id": found[0].remote_id, "at": at})


def _batch(thread: Thread, numbers: list[str]) -> dict[str, Any]:
    there = {number: thread.shown(thread.said[number]) for number in numbers if number in thread.said}
    lost = {
        number: {"status": 404, "message": f"Comment {number} not found"} for number in numbers if number not in there
    }
    statuses = {number: 404 if number in lost else 200 for number in numbers}
    return {"results": there, "statuses": statuses, "errors": lost}


def _listed(query: Mapping[str, str], name: str) -> list[str]:
    found = _LIST.fullmatch(query.get(name, ""))
    if not found or not found[1]:
        raise invalid(name, "must be a list: List(...)")
    return found[1].split(",")


def _post_of(urn: str) -> str:
    """The share that stands on an activity; every other URN names itself."""
    kind, _, number = urn.rpartition(":")
    return f"urn:li:share:{int(number) - 1}" if kind == "urn:li:activity" and number.isdigit() else urn


def _activity(post: str) -> str:
    return f"urn:li:activity:{int(post.rsplit(':', 1)[-1]) + 1}"


def _number(comment: WorldComment) -> str:
    """Of the world a comment has its number alone, of the log its whole URN."""
    return comment.comment_id.rstrip(")").rsplit(",", 1)[-1]


def _urn(post: str, comment_id: str) -> str:
    return comment_id if comment_id.startswith("urn:") else f"urn:li:comment:({_activity(post)},{comment_id})"


def _actor(account: DeclaredAccount, comment: WorldComment) -> str:
    return comment.author.person_id if comment.author else author_of(account)


def _notice(
    sandbox: Sandbox, account: DeclaredAccount, at: datetime, action: str, comment: WorldComment
) -> dict[str, Any]:
    urn, activity = _urn(comment.post_id, comment.comment_id), _activity(comment.post_id)
    said = find_said(sandbox, account, comment.post_id)
    told = {"entity": urn, "owner": _actor(account, comment), "object": activity, "text": comment.text}
    under = {"entity": comment.post_id, "owner": author_of(account), "text": said.text if said else ""}
    return {
        "notificationId": int(digits(10, urn, action)),
        "organizationalEntity": author_of(account),
        "action": action,
        "sourcePost": activity,
        "decoratedSourcePost": {**under, "mediaCategory": "NONE"},
        "generatedActivity": urn.replace("(urn:li:", "("),
        "decoratedGeneratedActivity": {"comment": {**told, "mediaCategory": "NONE"}},
        "lastModifiedAt": int(at.timestamp() * 1000),
        "subscriber": "urn:li:person:sandbox",
    }


def _shown(account: DeclaredAccount, comment: WorldComment) -> dict[str, Any]:
    urn, actor = _urn(comment.post_id, comment.comment_id), _actor(account, comment)
    made, changed = (int(at.timestamp() * 1000) for at in (comment.created_at, comment.edited_at or comment.created_at))
    answers = {"parentComment": _urn(comment.post_id, comment.parent_id)} if comment.parent_id else {}
    return {
        "id": _number(comment),
        "$URN": urn,
        "commentUrn": urn,
        "actor": actor,
        "object": _activity(comment.post_id),
        "message": {"attributes": [], "text": comment.text},
        "created": {"actor": actor, "time": made},
        "lastModified": {"actor": actor, "time": changed},
        **answers,
    }
