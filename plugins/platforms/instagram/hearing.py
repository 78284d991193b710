"""Graph's comments of Instagram as ours. Pure.

https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-comment, read on
2026-11-24. Nothing tells that one was edited.
"""

from collections.abc import Mapping
from typing import Any

from include.domain.comments import Comment
from platforms.instagram.reading import moment

FIELDS = "id,text,timestamp,username,from,hidden,parent_id"
MEDIA_FIELDS = "id,permalink,username"


def edge(limit: int) -> str:
    """The comments of a medium with their replies, as an edge of it."""
    return f"comments.limit({limit}){{{FIELDS},replies.limit({limit}){{{FIELDS}}}}}"


def comment(account: str, media: Mapping[str, Any], data: Mapping[str, Any], parent_id: str | None = None) -> Comment:
    """One comment under `media`, or a reply to the one named by `parent_id`. It has no address of its own."""
    author = data.get("from") or {}
    username = str(data.get("username") or author.get("username") or "")
    return Comment(
        account=account,
        comment_id=str(data["id"]),
        remote_id=str(media["id"]),
        created_at=moment(data["timestamp"]),
        text=str(data.get("text") or ""),
        author=str(author.get("id") or username),
        parent_id=parent_id or data.get("parent_id"),
        url=str(media.get("permalink") or ""),
        ours=bool(username) and username == media.get("username"),
        hidden=bool(data.get("hidden")),
    )
