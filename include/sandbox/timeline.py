"""An account's posts in one row: those of the seeded world and those that came through the API, newest first."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.world.calendar import FIRST_MONDAY, WorldPost, posts_between
from include.sandbox.world.growth import Lifetime, comment_ages, lifetime

BEGINNING = datetime.combine(FIRST_MONDAY, time(0), UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """A post as a reader finds it. `media` are the ids of what was uploaded; the world's own posts have none, only
    `pictures`. `kind` is text, link, image, carousel or video."""

    remote_id: str
    created_at: datetime
    kind: str
    text: str
    link: str | None = None
    media: tuple[str, ...] = ()
    pictures: int = 0
    viral: bool = False
    published: bool = True
    reply_to: str | None = None
    quote: str | None = None


def timeline(sandbox: Sandbox, account: DeclaredAccount, since: datetime | None, until: datetime | None) -> list[Said]:
    """What the public finds with since <= created_at < until, newest first."""
    first, last = max(since or BEGINNING, BEGINNING), min(until or sandbox.clock.now(), sandbox.clock.now())
    told = account.settings.get("history", True) and first < last  # a world may want an account without a past
    world = [_of_world(p) for p in posts_between(sandbox.seed, account, first, last)] if told else []
    # A video that is still worked on is dated a little ahead: it is not in the lists before its time.
    ours = sandbox.listed(account.platform, account.name)
    logged = [_of_log(sandbox, p) for p in ours if p.format != "story"]
    shown = [s for s in world if not sandbox.posts.gone(account.platform, s.remote_id)]
    shown += [s for s in logged if first <= s.created_at and (until is None or s.created_at < until)]
    return sorted(shown, key=lambda said: (said.created_at, said.remote_id), reverse=True)


def find_said(sandbox: Sandbox, account: DeclaredAccount, remote_id: str) -> Said | None:
    """One post by its id, unpublished ones too; None when it never was or was deleted."""
    logged = sandbox.posts.find(account.platform, remote_id)
    if logged is not None:
        ours = logged.account == account.name and logged.deleted_at is None
        return _of_log(sandbox, logged) if ours else None
    if sandbox.posts.gone(account.platform, remote_id):
        return None
    world = posts_between(sandbox.seed, account, BEGINNING, sandbox.clock.now())
    return next((_of_world(p) for p in world if p.remote_id == remote_id), None)


def counters_of(sandbox: Sandbox, account: DeclaredAccount, said: Said) -> Lifetime:
    """The post's lifetime counters as they stand now."""
    day = sandbox.history(account).day(said.created_at.date())
    hours = (sandbox.clock.now() - said.created_at).total_seconds() / 3600
    names = (sandbox.seed, account.key, said.remote_id)
    return lifetime(names, said.kind, day.followers if day else 0, said.viral, hours)


def counted_comments(sandbox: Sandbox, account: DeclaredAccount, said: Said) -> tuple[int, ...]:
    """The post's full hours after which each of its comments is in that counter."""
    day = sandbox.history(account).day(said.created_at.date())
    names = (sandbox.seed, account.key, said.remote_id)
    return _ages(names, said.kind, day.followers if day else 0, said.viral)


@lru_cache(maxsize=1 << 16)
def _ages(names: tuple[object, ...], kind: str, followers: int, viral: bool) -> tuple[int, ...]:
    return comment_ages(names, kind, followers, viral)


def _of_world(post: WorldPost) -> Said:
    return Said(
        post.remote_id, post.created_at, post.kind, post.text, post.link, pictures=post.pictures, viral=post.viral
    )


def _of_log(sandbox: Sandbox, post: LoggedPost) -> Said:
    stored = [sandbox.posts.media(post.platform, media) for media in post.media]
    videos = any(m.mime.startswith("video/") for m in stored if m)
    kind = "video" if videos else ("text", "image")[len(post.media)] if len(post.media) < 2 else "carousel"
    if kind == "text" and post.link:
        kind = "link"
    return Said(
        remote_id=post.remote_id,
        created_at=post.created_at,
        kind=kind,
        text=post.text,
        link=post.link,
        media=post.media,
        pictures=len(post.media),
        published=post.published,
        reply_to=post.reply_to,
        quote=post.quote,
    )
