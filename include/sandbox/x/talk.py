"""What people say to an account on X: replies, whose texts begin with the names of whom they answer, as X writes them.

`/2/users/:id/mentions` and `PUT /2/tweets/:id/hidden`, from the contract and docs.x.com/x-api/posts (timelines,
hide-replies), read on 2026-11-24. An edit makes a further version with an id of its own; here each version is shown as
the post now reads. The sandbox's people name an account only in answering it.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from include.sandbox.conversation import comments_of, find_comment
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, find_said
from include.sandbox.world.calendar import X_EPOCH_MS
from include.sandbox.world.conversation import WorldComment
from include.sandbox.world.people import Person
from include.sandbox.x.problems import XProblem, forbidden, invalid

MENTIONS_KEPT = 800
LOOKED_THROUGH = timedelta(days=40)
"""What was said before that is not found any more; it spares the sandbox much work."""
Told = tuple[DeclaredAccount, Said]


@dataclass(frozen=True, slots=True)
class Reply(Said):
    """A reply of the world: the post at the thread's root, whom it answers, its versions' ids, its language."""

    conversation: str = ""
    answers: str = ""
    versions: tuple[str, ...] = ()
    language: str = "und"


def named(sandbox: Sandbox, account: DeclaredAccount, since: datetime | None, until: datetime | None) -> list[Told]:
    """What names an account, the newest first: what others say under its posts."""
    found = _between(sandbox, account, since, until)
    told = [_told(account, c, found) for c in found.values() if c.author]
    return sorted(told, key=lambda each: int(each[1].remote_id), reverse=True)[:MENTIONS_KEPT]


def own(sandbox: Sandbox, account: DeclaredAccount, since: datetime | None, until: datetime | None) -> Iterator[Said]:
    """What an account of the world answered, but for what came through the API."""
    found = _between(sandbox, account, since, until)
    for comment in found.values():
        if comment.author is None and sandbox.posts.find("x", comment.comment_id) is None:
            yield _told(account, comment, found)[1]


def told_of(sandbox: Sandbox, post_ids: Collection[str]) -> dict[str, Told]:
    """Those replies of the world that have one of these ids, of whichever version."""
    told, oldest = dict[str, Told](), sandbox.clock.now() - LOOKED_THROUGH
    young = [post_id for post_id in post_ids if moment_of(post_id) > oldest]
    for account in sandbox.accounts("x") if young else ():
        found = _between(sandbox, account, None, None)
        for comment in found.values():
            for post_id in {*versions(comment)}.intersection(young):
                if sandbox.posts.find("x", post_id) is None:
                    author, reply = _told(account, comment, found)
                    told[post_id] = author, dataclasses.replace(reply, remote_id=post_id)
    return told


def thread_of(sandbox: Sandbox, post_id: str) -> str:
    """The post that stands at the root of what would be answered; empty where nobody can see it."""
    logged = sandbox.posts.find("x", post_id)
    if logged is not None:
        return root_of(sandbox, logged) if logged.live else ""
    if any(find_said(sandbox, account, post_id) for account in sandbox.accounts("x")):
        return post_id
    reply = told_of(sandbox, [post_id]).get(post_id)
    return getattr(reply[1], "conversation", "") if reply else ""


def root_of(sandbox: Sandbox, post: LoggedPost) -> str:
    """The first post of a logged one's thread."""
    while not post.under and post.reply_to and (parent := sandbox.posts.find("x", post.reply_to)):
        post = parent
    return post.under or post.reply_to or post.remote_id


def answered(sandbox: Sandbox, account: DeclaredAccount, post_id: str) -> str:
    """The id of whoever said what a logged post answers."""
    comment = find_comment(sandbox, account, post_id)
    return comment.author.person_id if comment and comment.author else account.native_id


def hide(sandbox: Sandbox, account: DeclaredAccount, post_id: str, body: Any) -> dict[str, Any]:
    """Hide a reply in a conversation that the account began, or show it again; twice is as good as once. With which
    words X refuses others is not documented."""
    hidden = body.get("hidden") if isinstance(body, Mapping) else None
    if not isinstance(hidden, bool):
        raise invalid("$.hidden: is missing but it is required", hidden=[str(hidden)])
    found = _between(sandbox, account, None, None)
    comment = next((c for c in found.values() if post_id in versions(c) and c.author), None)
    if comment is None:
        if thread_of(sandbox, post_id):
            raise forbidden("You are not allowed to hide this reply.")
        raise XProblem(404, "Not Found", f"Could not find tweet with tweet_id: [{post_id}].")
    event = {"kind": "hidden", "platform": "x", "comment_id": comment.comment_id, "hidden": hidden}
    sandbox.commit({**event, "at": sandbox.clock.now().isoformat()})
    return {"data": {"hidden": hidden}}


def moment_of(post_id: str) -> datetime:
    return datetime.fromtimestamp(((int(post_id) >> 22) + X_EPOCH_MS) / 1000, UTC)


def versions(comment: WorldComment) -> tuple[str, ...]:
    """The ids of a reply's versions, the first one first."""
    if comment.edited_at is None:
        return (comment.comment_id,)
    ms, salt = int(comment.edited_at.timestamp() * 1000), int(comment.comment_id) % (1 << 22)
    return comment.comment_id, str(((ms - X_EPOCH_MS) << 22) | salt)


def _between(
    sandbox: Sandbox, account: DeclaredAccount, since: datetime | None, until: datetime | None
) -> dict[str, WorldComment]:
    """By id, those written in that time, the oldest first."""
    since = since or sandbox.clock.now() - LOOKED_THROUGH
    found = comments_of(sandbox, account, since, until)
    return {c.comment_id: c for c in found if since <= c.created_at}


def _told(account: DeclaredAccount, comment: WorldComment, others: Mapping[str, WorldComment]) -> Told:
    """A comment as X would show it: who says it, and what, with the names of whom it answers before it."""
    author = speaker(account, comment.author)
    parent = others.get(comment.parent_id or "")
    answers = speaker(account, parent.author if parent else None)
    names = dict.fromkeys((answers.username, account.username))
    before = " ".join(f"@{name}" for name in names if name != author.username)
    reply = Reply(
        remote_id=versions(comment)[-1],
        created_at=comment.created_at,
        kind="text",
        text=f"{before} {comment.text}".strip(),
        reply_to=comment.parent_id or comment.post_id,
        conversation=comment.post_id,
        answers=answers.native_id,
        versions=versions(comment),
        language="und" if "-" in comment.language else comment.language,
    )
    return author, reply


def speaker(account: DeclaredAccount, person: Person | None) -> DeclaredAccount:
    """Whoever speaks, in the shape of an account, for X shows all users alike."""
    if person is None:
        return account
    return dataclasses.replace(
        account, name=person.username, title=person.name, native_id=person.person_id, token="", settings={}
    )
