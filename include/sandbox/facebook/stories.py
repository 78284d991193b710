"""A Page's stories: `POST /{page}/photo_stories`, `GET /{page}/stories`.

From developers.facebook.com/docs/page-stories-api, read on 2026-11-24. They stand for a day, and in no list of posts.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import invalid
from include.sandbox.facebook.publishing import publish
from include.sandbox.state import Sandbox

STANDS = timedelta(days=1)


def photo_story(sandbox: Sandbox, account: DeclaredAccount, params: Mapping[str, Any]) -> dict[str, Any]:
    """Publish a photo that was uploaded unpublished, and was in no post before."""
    if unknown := set(params) - {"photo_id"}:
        raise invalid(f"Param {min(unknown)} is not valid for this edge")
    photo = sandbox.posts.media("facebook", str(params.get("photo_id")))
    if photo is None or photo.account != account.name or not photo.mime.startswith("image/"):
        raise invalid("photo_id: object does not exist or is not a photo of this Page")
    if any(photo.media_id in post.media for post in sandbox.posts.of("facebook", account.name)):
        raise invalid("Photos already posted", subcode=1366051, title="Already Posted")
    return {"success": True, "post_id": story(sandbox, account, photo.media_id)}


def story(sandbox: Sandbox, account: DeclaredAccount, media_id: str) -> str:
    """Let it stand; the answer is the post's id."""
    url = f"https://www.facebook.com/stories/{account.native_id}/{media_id}"
    return publish(sandbox, account, "", None, (media_id,), True, format="story", url=url)


def stories_of(sandbox: Sandbox, account: DeclaredAccount) -> dict[str, Any]:
    """Those that stand now, newest first."""
    now = sandbox.clock.now()
    posts = [p for p in sandbox.posts.of("facebook", account.name) if p.format == "story" and p.live]
    rows = []
    for post in reversed([p for p in posts if now - p.created_at < STANDS]):
        media = sandbox.posts.media("facebook", post.media[0])
        kind = "video" if media and media.mime.startswith("video/") else "photo"
        rows.append(
            {
                "post_id": post.remote_id,
                "status": "PUBLISHED",
                "creation_time": str(int(post.created_at.timestamp())),
                "media_type": kind,
                "media_id": post.media[0],
                "url": post.url,
            }
        )
    return {"data": rows}
