"""`POST /2/tweets` and `DELETE /2/tweets/:id`, and what X refuses in a post."""

import dataclasses
from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.posts import LoggedPost, StoredMedia, post_event
from include.sandbox.state import Sandbox
from include.sandbox.timeline import find_said
from include.sandbox.world.calendar import remote_id
from include.sandbox.x.counting import MOST_WEIGHT, weighted_length
from include.sandbox.x.media import MediaDesk
from include.sandbox.x.problems import XProblem, forbidden, invalid
from include.sandbox.x.reading import Reader, wanted
from include.sandbox.x.schema import TWEET_CREATE, problem
from include.sandbox.x.talk import thread_of

EXCLUSIVE = ("media", "poll", "quote_tweet_id", "card_uri")


def create(sandbox: Sandbox, desk: MediaDesk, account: DeclaredAccount, body: Any) -> dict[str, Any]:
    """Publish a post; the answer is its id and its text as X shows it."""
    found = problem(body, TWEET_CREATE)
    if found:
        raise invalid(found[1], **{found[0]: [str(_value(body, found[0]))]})
    text = body.get("text", "")
    media = [desk.ready(account, media_id) for media_id in body.get("media", {}).get("media_ids", ())]
    _check(body, text, media)
    reply_to = body.get("reply", {}).get("in_reply_to_tweet_id")
    post = _post(sandbox, account, text, media, reply_to, body.get("quote_tweet_id"))
    post = dataclasses.replace(post, under=_checked_thread(sandbox, reply_to))
    if any(p.live and p.said == post.said and p.media == post.media for p in sandbox.posts.of("x", account.name)):
        raise forbidden("You are not allowed to create a Tweet with duplicate content.")
    sandbox.commit(post_event(post))
    said = find_said(sandbox, account, post.remote_id)
    assert said is not None
    return {"data": Reader(sandbox, account, wanted({})).posts([(account, said)], "id")["data"][0]}


def delete(sandbox: Sandbox, account: DeclaredAccount, post_id: str) -> dict[str, Any]:
    """Take an own post down; X says `deleted` of one that is not there, too."""
    others = (a for a in sandbox.accounts("x") if a != account)
    if any(find_said(sandbox, other, post_id) for other in others):
        raise forbidden("You are not authorized to delete this Tweet.")
    if find_said(sandbox, account, post_id):
        at = sandbox.clock.now().isoformat()
        sandbox.commit({"kind": "delete", "platform": "x", "remote_id": post_id, "at": at})
    return {"data": {"deleted": True}}


def _check(body: dict[str, Any], text: str, media: list[StoredMedia]) -> None:
    if not text.strip() and not any(body.get(name) for name in EXCLUSIVE):
        raise invalid("$.text: is missing but it is required", text=[text])
    together = [name for name in EXCLUSIVE if body.get(name)]
    if len(together) > 1:
        raise invalid(f"{together[0]} cannot be used together with {together[1]}", **{together[0]: ["..."]})
    if weighted_length(text) > MOST_WEIGHT:
        detail = (
            "Your Tweet text is too long. For more information on how Twitter determines text length see "
            "https://github.com/twitter/twitter-text."
        )
        raise XProblem(400, "Bad Request", detail)
    single = [m for m in media if m.mime == "image/gif" or m.mime.startswith("video/")]
    if single and len(media) > 1:
        raise XProblem(400, "Bad Request", "A post takes up to four photos, or one GIF, or one video.")


def _checked_thread(sandbox: Sandbox, parent: str | None) -> str:
    """A reply needs a post that is still there: the one at the thread's root, where it answers a reply. The sandbox
    knows only its own accounts and who talks to them."""
    root = thread_of(sandbox, parent) if parent else ""
    if parent and not root:
        raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    return root if root != parent else ""


def _post(
    sandbox: Sandbox,
    account: DeclaredAccount,
    text: str,
    media: list[StoredMedia],
    reply_to: str | None,
    quote: str | None,
) -> LoggedPost:
    now = sandbox.clock.now()
    post_id = remote_id(account, now, sum(1 for _ in sandbox.posts))
    url = f"https://x.com/{account.username}/status/{post_id}"
    ids = tuple(m.media_id for m in media)
    return LoggedPost("x", account.name, post_id, text, None, ids, now, url, reply_to=reply_to, quote=quote)


def _value(body: Any, path: str) -> Any:
    return body.get(path, "") if isinstance(body, dict) else body
