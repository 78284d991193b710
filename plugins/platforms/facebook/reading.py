"""Graph's answers as our records, and whether a post of theirs is ours. Pure.

https://developers.facebook.com/docs/graph-api/reference/insights and /reference/page-post
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from include.domain.posts import Post
from include.domain.records import AccountDay, PostSnapshot, RawResponse, Record, RemotePost
from platforms.facebook.wording import message

PACIFIC = ZoneInfo("America/Los_Angeles")
PERIODS = ("day", "week", "days_28")

# Facebook's metric -> our column. `extra.` names go into the row's extra.
PAGE_METRICS = {
    "page_follows": "followers",
    "page_daily_follows_unique": "follows",
    "page_daily_unfollows_unique": "unfollows",
    "page_total_media_view_unique": "reach",
    "page_media_view": "views",
    "page_post_engagements": "engagements",
    "page_views_total": "page_views",
    "page_total_actions": "extra.contact_clicks",
    "page_video_views": "extra.video_views",
}
POST_METRICS = ("post_media_view", "post_total_media_view_unique", "post_clicks", "post_reactions_by_type_total")
POST_FIELDS = "id,created_time,message,permalink_url,status_type"
ATTACHMENT_FIELDS = "attachments{media_type,type,url,unshimmed_url,target,subattachments}"
COMMENT_FIELDS = "id,message,created_time,permalink_url,from"
STORY_FIELDS = "post_id,status,creation_time,media_type,media_id,url"
VIDEO_FIELDS = "id,post_id,permalink_url,published,created_time,from,status"
COUNTER_FIELDS = "shares,comments.limit(0).summary(true)"

_PHASES = ("uploading", "processing", "publishing")
_NEVER_OUT = ("error", "expired", "uploading", "upload_complete", "upload_failed")
_OWN_TYPES = ("photo", "album", "video_inline", "video_autoplay")
_CONTENT_TYPES = {
    "photo": "image",
    "album": "carousel",
    "video": "video",
    "link": "link",
    "share": "link",
    "live_video": "live",
}


def read(response: RawResponse) -> Iterator[Record]:
    """The rows of one kept answer."""
    data = response.json()
    if response.stream == "account_day":
        yield from _account_days(response, data)
    else:
        for post in data.get("data", ()):
            yield _remote_post(response.account, post)
            yield _snapshot(response, post)


def is_same(post: Post, remote: Mapping[str, Any], ours: Collection[str] = ()) -> bool | None:
    """Whether `remote` is `post`; None where that cannot be told.

    The ids of the staged photos (`ours`) decide, where Facebook shows any: an attachment's target is the photo. Else
    the text, the link and the number of images and videos do. Facebook trims the text and ends its lines with a line
    feed; both sides are brought into that form. A link it follows, and shows where that led: another one may be ours.
    """
    attachments = _attachments(remote)
    media = [part for a in attachments if _is_medium(a, post) for part in (_parts(a) or [a])]
    shown = {str(target["id"]) for part in media if (target := part.get("target") or {}).get("id")}
    if ours and shown:
        return not shown.isdisjoint(ours)
    if not is_same_text(message(post), remote.get("message")) or len(media) != len(post.media):
        return False
    if post.media:
        return True if message(post).strip() else None
    # A link whose preview failed leaves no attachment behind; the text alone must speak for it then.
    is_linked = not post.link or not attachments or any(_links_to(a, post.link) for a in attachments)
    return True if is_linked else None


def is_same_text(ours: str, theirs: Any) -> bool:
    return _plain(ours) == _plain(str(theirs or ""))


def state_of_video(shown: Mapping[str, Any]) -> str:
    """`out`, `working` (it may yet come out) or `absent` (nobody finished it, or it failed), by the video's `status`.

    Between the finish and the work, and between the work and the publishing, a video stands in a queue, and no phase
    says so. Only what names its own end is `absent`; `upload_complete` is what waits for its finish.
    """
    status = shown.get("status") or {}
    phases = [status.get(f"{name}_phase") or {} for name in _PHASES]
    uploading, _, publishing = phases
    if publishing.get("status") == "complete" or publishing.get("publish_status") == "published":
        return "out"
    if status.get("video_status") in _NEVER_OUT or "error" in [phase.get("status") for phase in phases]:
        return "absent"
    if uploading.get("status", "complete") != "complete":
        return "absent"
    ready = status.get("video_status") == "ready" and not publishing
    return "out" if ready and shown.get("published") else "working"


def post_of_video(shown: Mapping[str, Any]) -> str:
    """The id of the video's post as the lists have it, `<page>_<post>`; empty while there is none."""
    post_id, page = str(shown.get("post_id") or ""), (shown.get("from") or {}).get("id")
    return f"{page}_{post_id}" if post_id and page and "_" not in post_id else post_id


def address_of_video(shown: Mapping[str, Any], video: str) -> str:
    """Graph gives the path alone."""
    return urljoin("https://www.facebook.com/", str(shown.get("permalink_url") or video))


def story_moment(story: Mapping[str, Any]) -> datetime:
    """Stories tell their time in seconds since the epoch, or as posts do."""
    stamp = str(story.get("creation_time") or "")
    return datetime.fromtimestamp(int(stamp), UTC) if stamp.isdigit() else moment(stamp)


def moment(stamp: str) -> datetime:
    """Graph writes `2026-11-20T07:00:00+0000`."""
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _account_days(response: RawResponse, data: Mapping[str, Any]) -> Iterator[AccountDay]:
    first, last = (date.fromisoformat(response.asked[end]) for end in ("first", "last"))
    days: dict[tuple[date, str], dict[str, int]] = {}
    for metric in data.get("data", ()):
        column, period = PAGE_METRICS.get(metric.get("name")), metric.get("period")
        if column is None or period not in PERIODS or (column == "followers" and period != "day"):
            continue
        for value in metric.get("values", ()):
            day = _metric_date(value["end_time"]) if "end_time" in value else None
            if day and first <= day <= last and isinstance(value.get("value"), int):
                days.setdefault((day, period), {})[column] = value["value"]
    for (day, period), columns in sorted(days.items()):
        yield _account_day(response.account, day, period, columns)


def _account_day(account: str, day: date, period: str, columns: Mapping[str, int]) -> AccountDay:
    known = {name: value for name, value in columns.items() if "." not in name}
    extra = {name.removeprefix("extra."): value for name, value in columns.items() if "." in name}
    return AccountDay(account, day, period, **known, extra=extra or None)


def _metric_date(end_time: str) -> date:
    """A period ends at a midnight in California; it is the day before that it tells of."""
    return moment(end_time).astimezone(PACIFIC).date() - timedelta(days=1)


def _remote_post(account: str, post: Mapping[str, Any]) -> RemotePost:
    return RemotePost(
        account=account,
        remote_id=post["id"],
        published_at=moment(post["created_time"]),
        content_type=_content_type(post),
        text=post.get("message") or "",
        url=post.get("permalink_url") or f"https://www.facebook.com/{post['id']}",
    )


def _snapshot(response: RawResponse, post: Mapping[str, Any]) -> PostSnapshot:
    values = {m["name"]: m["values"][0].get("value") for m in _list(post.get("insights")) if m.get("values")}
    reactions = values.get("post_reactions_by_type_total")
    counted = sum(reactions.values()) if isinstance(reactions, dict) else None
    return PostSnapshot(
        account=response.account,
        remote_id=post["id"],
        observed_on=response.fetched_at.astimezone(UTC).date(),
        reactions=counted,
        comments=_summary(post.get("comments")),
        # Graph leaves `shares` out where there are none; its presence is what the request asked for.
        shares=(post.get("shares") or {}).get("count", 0),
        clicks=values.get("post_clicks"),
        reach=values.get("post_total_media_view_unique"),
        views=values.get("post_media_view"),
        extra={"reactions": reactions} if isinstance(reactions, dict) and reactions else None,
    )


def _content_type(post: Mapping[str, Any]) -> str:
    attachments = _attachments(post)
    if "/reel/" in (post.get("permalink_url") or ""):
        return "short_video"
    return _CONTENT_TYPES.get(attachments[0].get("media_type", ""), "text") if attachments else "text"


def _summary(comments: Mapping[str, Any] | None) -> int | None:
    count = (comments or {}).get("summary", {}).get("total_count")
    return count if isinstance(count, int) else None


def _attachments(post: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _list(post.get("attachments"))


def _parts(attachment: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _list(attachment.get("subattachments"))


def _list(edge: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return list((edge or {}).get("data", ()))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _is_medium(attachment: Mapping[str, Any], post: Post) -> bool:
    """Whether it is an image or a video of the Page's own. The preview of a link to a film calls itself a video too
    (`video_share_youtube`): for a post without media, only the types that an upload gets count."""
    kind = attachment.get("type")
    if kind and not post.media:
        return kind in _OWN_TYPES
    return attachment.get("media_type") in ("photo", "album", "video")


def _links_to(attachment: Mapping[str, Any], link: str) -> bool:
    target = attachment.get("target") or {}
    shown = (attachment.get("unshimmed_url"), attachment.get("url"), target.get("unshimmed_url"), target.get("url"))
    return any(_bare_link(url) == _bare_link(link) for url in shown if url)


def _bare_link(url: str) -> str:
    """An address without what Facebook adds: its own redirect (l.facebook.com) and its click mark (fbclid)."""
    parts = urlsplit(url)
    if parts.path == "/l.php" and (inner := parse_qs(parts.query).get("u")):
        return _bare_link(inner[0])
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "fbclid"])
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path or "/", query=query
    ).geturl()
