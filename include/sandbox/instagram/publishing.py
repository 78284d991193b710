"""`POST /{ig}/media_publish`, `DELETE` of a medium or a comment, and the quota of the day.

`DELETE` is in the contract (IGMedia #delete); that it needs Facebook Login and instagram_manage_contents comes from
public clients.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from include.sandbox.chance import digits, letters
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import invalid, unknown_object
from include.sandbox.instagram.containers import Container, Containers
from include.sandbox.instagram.failures import refusal
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox

QUOTA, PER = 50, timedelta(days=1)


def publish(
    sandbox: Sandbox, account: DeclaredAccount, containers: Containers, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Publish a container, once. The answer is the medium's id, which is another than the container's."""
    if set(params) != {"creation_id"}:
        raise invalid("The parameter creation_id is required, and nothing else is taken")
    found = containers.ready(account, str(params["creation_id"]))
    if quota_used(sandbox, account) >= quota_of(account):
        raise refusal(2207042)
    found.published = True
    return {"id": _live(sandbox, account, found)}


def quota_of(account: DeclaredAccount) -> int:
    """50 in the reference, 100 in the guide; a world may say (`settings.quota_total`)."""
    return int(account.settings.get("quota_total", QUOTA))


def quota_used(sandbox: Sandbox, account: DeclaredAccount) -> int:
    """Posts of the sliding day, deleted ones too."""
    now = sandbox.clock.now()
    posts = (p for p in sandbox.posts.of("instagram", account.name) if p.reply_to is None)
    return sum(now - post.created_at < PER for post in posts)


def delete(sandbox: Sandbox, found: object | None, node: str) -> dict[str, Any]:
    if found is None:
        raise unknown_object(node)
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": "instagram", "remote_id": node, "at": at})
    return {"success": True}


def _live(sandbox: Sandbox, account: DeclaredAccount, made: Container) -> str:
    now, story = sandbox.clock.now(), made.kind == "STORIES"
    media_id = digits(17, sandbox.seed, made.container_id, "media")
    code = letters(11, media_id)
    shape = f"stories/{account.username}/{media_id}" if story else f"{'reel' if made.kind == 'REELS' else 'p'}/{code}"
    url = f"https://www.instagram.com/{shape}/"
    text = "" if story else made.caption
    post = LoggedPost(
        "instagram", account.name, media_id, text, None, made.media, now, url, format="story" if story else "feed"
    )
    sandbox.commit(post_event(post))
    return media_id
