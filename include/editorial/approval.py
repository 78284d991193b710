"""What must be agreed to before it goes out, and the question that is put before the approver.

A brand with `needs_approval` has every post put before one of its `approvers`. The question for a post expires at the
moment after which it would go out too late anyhow (its time plus the brand's `late_after_minutes`), but no later than
48 hours after it was asked; a post further ahead is then asked about again by the next import. Nobody is asked about
what goes out more than eight days from now: a rule that comes again for weeks would flood the channel.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from include.domain.accounts import Brand
from include.domain.posts import Media, Part, Post

LONGEST_WAIT = timedelta(hours=48)
ASKED_AHEAD = timedelta(days=8)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#~|&])")
_OPENS_A_LINE = re.compile(r"^(\s*\d*)([-+=.)])")


@dataclass(frozen=True, slots=True)
class Preview:
    """One post as the approver sees it: a subject line, a body in Markdown, and until when (aware UTC) an answer
    counts for it."""

    post: Post
    subject: str
    body: str
    expires_at: datetime


def needing_approval(posts: Iterable[Post], brands: Iterable[Brand]) -> list[Post]:
    """Those of `posts` that belong to a brand that wants to see them first."""
    asking = {account.key for brand in brands if brand.needs_approval for account in brand.accounts}
    return [post for post in posts if post.account in asking]


def expiry(post: Post, brand: Brand, now: datetime) -> datetime:
    """Until when an answer counts, asked at `now` (both aware)."""
    latest = now + LONGEST_WAIT
    if post.publish_at is None:
        return latest
    return min(post.publish_at + timedelta(minutes=brand.late_after_minutes), latest)


def worth_asking(posts: Iterable[Post], brand: Brand, now: datetime) -> list[Post]:
    """Those of `posts` that the brand wants to see first, that are near, and about which an answer can come in time."""
    near = (p for p in posts if p.publish_at is None or p.publish_at - now <= ASKED_AHEAD)
    return [post for post in needing_approval(near, [brand]) if expiry(post, brand, now) > now]


def preview(post: Post, brand: Brand, now: datetime, *, titles: Mapping[str, str] | None = None) -> Preview:
    """One post as the approver sees it when asked at `now`; `titles` is what people call a platform."""
    account = next(account for account in brand.accounts if account.key == post.account)
    network, due = (titles or {}).get(account.platform, account.platform), _local(post.publish_at, brand)
    expires_at = expiry(post, brand, now)
    facts = [
        *_facts(post),
        f"Answer by {_local(expires_at, brand)} ({brand.timezone}) · version {post.content_hash[:8]}",
    ]
    heading = f"### {network} ({_literal(account.name)}) · {due}"
    texts = [words for part in post.parts for words in (*_label(part), _as_quote(part.text))]
    body = "\n\n".join([heading, *texts, "\n".join(f"- {fact}" for fact in facts)])
    return Preview(post, f"{brand.title} · {network}, {due}: {_start_of(post.text)}", body, expires_at)


def _label(part: Part) -> list[str]:
    """What stands above a text that follows the first one."""
    labels = {"thread": f"**Thread, text {part.number + 1}**", "comment": "**First comment**"}
    return [labels[part.kind]] if part.kind in labels else []


def _facts(post: Post) -> Iterator[str]:
    if post.format != "feed":
        yield f"As a {post.format}"
    if post.link:
        yield f"Link: <{post.link}>"
    for image in post.media:
        yield f"{'Video' if image.is_video else 'Image'}: {_image(image)}"
    about = {"Campaign": post.campaign, "Objective": post.objective, "Sponsored from": post.sponsor_budget}
    yield from (f"{name}: {_literal(said)}" for name, said in about.items() if said)


def _image(image: Media) -> str:
    name = f"<{image.source}>" if urlsplit(image.source).scheme == "https" else _literal(PurePath(image.source).name)
    return f"{name}, described as “{_literal(image.alt)}”" if image.alt else f"{name}, not described in words"


def _local(moment: datetime | None, brand: Brand) -> str:
    if moment is None:
        return "as soon as approved"
    return f"{moment.astimezone(ZoneInfo(brand.timezone)):%a %d %b %Y, %H:%M}"


def _start_of(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39].rstrip()}…"


def _as_quote(text: str) -> str:
    """The text as it will read, line by line."""
    return "  \n".join(f"> {_literal(line)}" for line in text.splitlines())


def _literal(text: str) -> str:
    """A text whose signs mean themselves: a hashtag at the start of a line is no heading."""
    return _OPENS_A_LINE.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))
