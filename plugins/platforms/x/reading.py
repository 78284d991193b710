"""X's answers as our records, and whether a post of theirs is ours. Pure.

https://docs.x.com/x-api/fundamentals/metrics; contract 2.166 says `tweet.fields` and `retweet_count`, 2.167 (August
2026) says `post.fields` and `repost_count`: what we ask with is named here and nowhere else, and both are read.
"""

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from include.domain.posts import Part, Post
from include.domain.records import AccountDay, PostSnapshot, RawResponse, Record, RemotePost
from platforms.transport.likeness import nearly, readable, same_media
from platforms.x.addresses import addresses
from platforms.x.wording import text

POST_FIELDS = "tweet.fields"
SEEN = "created_at,text,entities,note_tweet,attachments"
COMPARED = f"{SEEN},referenced_tweets"
TO_WHOM = "author_id,in_reply_to_user_id"
PUBLIC = "public_metrics"
PRIVATE = "non_public_metrics"  # only for posts of the last 30 days
USER = {"user.fields": "public_metrics"}
MEDIA = {"expansions": "attachments.media_keys", "media.fields": "type"}
REPOSTS = ("retweet_count", "repost_count")

_NAMES = re.compile(r"^(?:@\w+\s+)+")
_CONTENT_TYPES = {"photo": "image", "video": "video", "animated_gif": "video"}


def read(response: RawResponse) -> Iterator[Record]:
    """The rows of one kept answer. An answer to somebody else is no post; the texts of a thread are."""
    data = json.loads(response.body)
    if response.stream == "account_day":
        yield _account_day(response, data["data"])
        return
    kinds = {m["media_key"]: m.get("type", "") for m in (data.get("includes") or {}).get("media", ())}
    for post in (post for post in data.get("data") or () if not _is_to_others(post)):
        yield _remote_post(response.account, post, kinds)
        yield _snapshot(response, post)


def is_same(post: Post, remote: Mapping[str, Any], media_ids: Sequence[str] = ()) -> bool:
    """Whether `remote` is `post`, and no reply: by the media that were uploaded for it, else by the same text once X's
    t.co addresses are undone. Media alone say nothing unless it is known which they are."""
    if answers(remote) is not None:
        return False
    if media_ids:
        return same_media(_media_ids(remote), media_ids)
    meant = _comparable(text(post))
    return bool(meant) and len(_media_ids(remote)) == len(post.media) and _comparable(words(remote)) == meant


def may_be_same(post: Post, remote: Mapping[str, Any], media_ids: Sequence[str] = ()) -> bool:
    """Whether `remote` cannot be told from `post`, though it is not surely the same."""
    if answers(remote) is not None or len(_media_ids(remote)) != len(post.media):
        return False
    return nearly(words(remote), text(post)) or not (media_ids or text(post) or words(remote))


def is_same_part(part: Part, after: str, remote: Mapping[str, Any]) -> bool:
    """Whether `remote` is `part`, in reply to the post `after`. X may put the name of whom it answers before it."""
    if answers(remote) != after:
        return False
    said, meant = _comparable(words(remote)), _comparable(part.text)
    return meant in (said, _NAMES.sub("", said))


def may_be_same_part(part: Part, after: str, remote: Mapping[str, Any]) -> bool:
    """Whether `remote` answers the post `after` and cannot be told from `part`."""
    return answers(remote) == after and nearly(_NAMES.sub("", words(remote)), _NAMES.sub("", part.text))


def says(text: str, remote: Mapping[str, Any]) -> bool:
    return _comparable(words(remote)) == _comparable(text)


def answers(remote: Mapping[str, Any]) -> str | None:
    """The post that it replies to."""
    of = (each for each in remote.get("referenced_tweets") or () if each.get("type") == "replied_to")
    return next((str(each["id"]) for each in of), None)


def words(post: Mapping[str, Any]) -> str:
    """The text as its author wrote it: addresses in full, no address for the media, no HTML escapes."""
    whole = post.get("note_tweet") or post
    shown = html.unescape(str(whole.get("text") or ""))
    for link in (*_links(post), *_links(whole)):
        shown = shown.replace(link["url"], "" if _is_media(link) else link.get("expanded_url") or link["url"])
    return shown.strip()


def address(remote_id: str) -> str:
    """Where people see a post; X itself turns it into the one with the account's name."""
    return f"https://x.com/i/web/status/{remote_id}"


def moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _account_day(response: RawResponse, user: Mapping[str, Any]) -> AccountDay:
    metrics = user["public_metrics"]
    return AccountDay(
        account=response.account,
        metric_date=response.fetched_at.astimezone(UTC).date(),
        period="day",
        followers=metrics["followers_count"],
        extra={"following": metrics.get("following_count"), "listed": metrics.get("listed_count")},
    )


def _remote_post(account: str, post: Mapping[str, Any], kinds: Mapping[str, str]) -> RemotePost:
    return RemotePost(
        account=account,
        remote_id=post["id"],
        published_at=moment(post["created_at"]),
        content_type=_content_type(post, kinds),
        text=words(post),
        url=address(post["id"]),
    )


def _snapshot(response: RawResponse, post: Mapping[str, Any]) -> PostSnapshot:
    public, private = post.get(PUBLIC) or {}, post.get(PRIVATE) or {}
    reposts = next((public[name] for name in REPOSTS if name in public), None)
    quotes = public.get("quote_count")
    extra = {
        "reposts": reposts,
        "quotes": quotes,
        "profile_clicks": private.get("user_profile_clicks"),
        "engagements": private.get("engagements"),
    }
    return PostSnapshot(
        account=response.account,
        remote_id=post["id"],
        observed_on=response.fetched_at.astimezone(UTC).date(),
        reactions=public.get("like_count"),
        comments=public.get("reply_count"),
        shares=None if reposts is None else reposts + (quotes or 0),
        saves=public.get("bookmark_count"),
        clicks=private.get("url_link_clicks"),
        impressions=public.get("impression_count"),
        extra={name: value for name, value in extra.items() if value is not None} or None,
    )


def _is_to_others(post: Mapping[str, Any]) -> bool:
    answered = post.get("in_reply_to_user_id")
    return answered is not None and "author_id" in post and answered != post["author_id"]


def _content_type(post: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    attachments = post.get("attachments") or {}
    if attachments.get("poll_ids"):
        return "poll"
    keys = attachments.get("media_keys", ())
    if keys:
        return "carousel" if len(keys) > 1 else _CONTENT_TYPES.get(kinds.get(keys[0], "photo"), "image")
    return "link" if any(not _is_media(link) for link in _links(post)) else "text"


def _links(post: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((post.get("entities") or {}).get("urls", ()))


def _media_ids(post: Mapping[str, Any]) -> list[str]:
    """A media key is a kind and an id, `3_1880028106020515840`. That the id is the one of the upload is seen in the
    examples of docs.x.com alone: where it is not, a post of the same text counts as undecided, not as another."""
    keys = (post.get("attachments") or {}).get("media_keys", ())
    return [str(key).rpartition("_")[2] for key in keys]


def _is_media(link: Mapping[str, Any]) -> bool:
    """X appends an address of its own for what is attached."""
    return "media_key" in link or str(link.get("display_url")).startswith(("pic.x.com/", "pic.twitter.com/"))


def _comparable(words: str) -> str:
    """Composed characters, single spaces, and addresses as people write them, without what X adds (a protocol, a last
    slash)."""
    words = " ".join(unicodedata.normalize("NFC", words).split())
    for start, end in reversed(addresses(words)):
        bare = readable(words[start:end]).split("://", maxsplit=1)[-1].rstrip("/")
        words = f"{words[:start]}{bare}{words[end:]}"
    return unicodedata.normalize("NFC", words)
