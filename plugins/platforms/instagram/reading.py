"""Graph's answers about Instagram, read. Pure. The numbers are not read yet: Instagram has no streams here.

https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference (ig-container, ig-media)
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from include.domain.posts import Post
from platforms.instagram.wording import caption

MEDIA_FIELDS = "id,caption,media_type,media_product_type,permalink,timestamp"
COMMENT_FIELDS = "id,text,timestamp,username"


def all_same(post: Post, remotes: Iterable[Mapping[str, Any]], first: datetime) -> list[Mapping[str, Any]]:
    """Those of `remotes` that may be `post`: not older than `first`, of its kind, with its caption."""
    return [r for r in remotes if moment(r["timestamp"]) >= first and is_same(post, r)]


def nearest(remotes: Iterable[Mapping[str, Any]], since: datetime | None) -> Mapping[str, Any]:
    """The one whose time is the nearest to that of the call; where that is not known, the newest."""

    def distance(remote: Mapping[str, Any]) -> float:
        at = moment(remote["timestamp"])
        return abs((at - since).total_seconds()) if since else -at.timestamp()

    return min(remotes, key=distance)


def is_same(post: Post, remote: Mapping[str, Any]) -> bool:
    """Whether a reader would take `remote` for `post`. A story has no caption: there the kind alone speaks."""
    return remote.get("media_type") == _kind(post) and plain(remote.get("caption")) == plain(caption(post))


def plain(text: Any) -> str:
    """A text without what Instagram changes in it: composed letters, line ends, space at its ends."""
    return unicodedata.normalize("NFC", str(text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def moment(stamp: str) -> datetime:
    """Graph writes `2026-11-20T07:00:00+0000`."""
    return datetime.fromisoformat(stamp).astimezone(UTC)


def limits(data: Any) -> dict[str, int]:
    """The numbers of `content_publishing_limit`: quota_total, quota_duration (seconds), quota_usage."""
    row: dict[str, Any] = next(iter(data.get("data", ())), {}) if isinstance(data, dict) else {}
    told = {**(row.get("config") or {}), "quota_usage": row.get("quota_usage")}
    return {name: value for name, value in told.items() if isinstance(value, int)}


def _kind(post: Post) -> str:
    if len(post.media) > 1:
        return "CAROUSEL_ALBUM"
    return "VIDEO" if any(media.is_video for media in post.media) else "IMAGE"
