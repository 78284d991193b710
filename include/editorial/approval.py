"""What must be agreed to before it goes out, and the form that is put before the approver.

A brand with `needs_approval` has every post put before one of its `approvers`. The question for a post expires at the
moment after which it would go out too late anyhow (its time plus the brand's `late_after_minutes`), but no later than
48 hours after it was asked; a post further ahead is then asked about again by the next import. A form stays open until
the last of its posts expires, and an answer counts for those that have not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from include.domain.accounts import Account, Brand
from include.domain.posts import Media, Post

LONGEST_WAIT = timedelta(hours=48)
MOST_PER_FORM = 20
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


@dataclass(frozen=True, slots=True)
class Batch:
    """One form: a brand's next posts in the order of their time, with a subject line and a body in Markdown."""

    brand: Brand
    previews: tuple[Preview, ...]
    subject: str
    body: str

    @property
    def expires_at(self) -> datetime:
        return max(preview.expires_at for preview in self.previews)


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


def approval_batches(
    posts: Iterable[Post],
    brands: Iterable[Brand],
    now: datetime,
    *,
    titles: Mapping[str, str] | None = None,
    sizes: Mapping[str, Callable[[Post], str]] | None = None,
) -> list[Batch]:
    """The forms to put before the approvers of each brand, at most `MOST_PER_FORM` posts each.

    `posts` are those without an answer yet; one whose time is over is not asked about. `titles` is what people call
    a platform; `sizes` tells by platform how the network counts a post, such as `212 of 280`.
    """
    waiting = list(posts)
    batches: list[Batch] = []
    for brand in brands:
        pending = [post for post in needing_approval(waiting, [brand]) if expiry(post, brand, now) > now]
        pending.sort(key=lambda post: (post.publish_at is None, post.publish_at, post.post_id))
        previews = [preview(post, brand, now, titles=titles, sizes=sizes) for post in pending]
        batches += [_batch(brand, previews[n : n + MOST_PER_FORM]) for n in range(0, len(previews), MOST_PER_FORM)]
    return batches


def preview(
    post: Post,
    brand: Brand,
    now: datetime,
    *,
    titles: Mapping[str, str] | None = None,
    sizes: Mapping[str, Callable[[Post], str]] | None = None,
) -> Preview:
    """One post as `approval_batches` shows it, for a form of its own."""
    account = next(account for account in brand.accounts if account.key == post.account)
    network, due = (titles or {}).get(account.platform, account.platform), _local(post.publish_at, brand)
    expires_at = expiry(post, brand, now)
    facts = [*_facts(post, account, sizes or {})]
    facts.append(f"Answer by {_local(expires_at, brand)} ({brand.timezone}) · version {post.content_hash[:8]}")
    heading = f"### {network} ({_literal(account.name)}) · {due}"
    body = "\n\n".join([heading, _as_quote(post.text), "\n".join(f"- {fact}" for fact in facts)])
    return Preview(post, f"{brand.title} · {network}, {due}: {_start_of(post.text)}", body, expires_at)


def _batch(brand: Brand, previews: list[Preview]) -> Batch:
    count = len(previews)
    first = _local(previews[0].post.publish_at, brand)
    subject = f"{brand.title}: {count} post{'s' * (count != 1)} to approve, first due {first}"
    asked = f"For {' or '.join(brand.approvers)}. Times are those of {brand.timezone}."
    return Batch(brand, tuple(previews), subject, "\n\n".join([asked, *(each.body for each in previews)]))


def _facts(post: Post, account: Account, sizes: Mapping[str, Callable[[Post], str]]) -> Iterator[str]:
    if post.link:
        yield f"Link: <{post.link}>"
    for image in post.media:
        yield f"Image: {_image(image)}"
    if post.campaign:
        yield f"Campaign: {_literal(post.campaign)}"
    if account.platform in sizes:
        yield f"Length: {sizes[account.platform](post)}"


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
