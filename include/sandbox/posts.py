"""The sandbox's own log of what was posted through the platforms' APIs, live or deleted, and the media behind it."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from include.sandbox.journal import Event


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """An image or video that an account uploaded. `source` is the address that it came from, if it came by URL."""

    media_id: str
    platform: str
    account: str
    mime: str
    content: bytes
    created_at: datetime
    alt: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class LoggedPost:
    """A post as it was accepted. `deleted_at` is None while it is live; unpublished posts are no one's to see.
    `format` is `story` for what stands in no list of posts. What answers a comment names it in `reply_to`, and the
    post that both stand under in `under`."""

    platform: str
    account: str
    remote_id: str
    text: str
    link: str | None
    media: tuple[str, ...]
    created_at: datetime
    url: str
    published: bool = True
    reply_to: str | None = None
    quote: str | None = None
    deleted_at: datetime | None = None
    format: str = "feed"
    under: str = ""

    @property
    def live(self) -> bool:
        return self.published and self.deleted_at is None

    @property
    def said(self) -> tuple[object, ...]:
        """What a reader would call the same post."""
        return (self.platform, self.account, self.text, self.link, len(self.media), self.reply_to)


class PostLog:
    """Every post and medium by id. Applying the journal's events again rebuilds it."""

    def __init__(self) -> None:
        self._posts: dict[tuple[str, str], LoggedPost] = {}
        self._media: dict[tuple[str, str], StoredMedia] = {}
        self._gone: dict[tuple[str, str], datetime] = {}

    def add(self, post: LoggedPost) -> None:
        self._posts[post.platform, post.remote_id] = post

    def delete(self, platform: str, remote_id: str, moment: datetime) -> None:
        """Take a post down; one of the seeded world is remembered as gone."""
        self._gone[platform, remote_id] = moment
        post = self._posts.get((platform, remote_id))
        if post is not None:
            self._posts[platform, remote_id] = dataclasses.replace(post, deleted_at=moment)

    def gone(self, platform: str, remote_id: str) -> bool:
        return (platform, remote_id) in self._gone

    def store(self, media: StoredMedia) -> None:
        self._media[media.platform, media.media_id] = media

    def describe(self, platform: str, media_id: str, alt: str) -> None:
        self._media[platform, media_id] = dataclasses.replace(self._media[platform, media_id], alt=alt)

    def media(self, platform: str, media_id: str) -> StoredMedia | None:
        return self._media.get((platform, media_id))

    def find(self, platform: str, remote_id: str) -> LoggedPost | None:
        return self._posts.get((platform, remote_id))

    def of(self, platform: str, account: str) -> list[LoggedPost]:
        """An account's posts, oldest first."""
        return [p for p in self._posts.values() if (p.platform, p.account) == (platform, account)]

    def __iter__(self) -> Iterator[LoggedPost]:
        return iter(self._posts.values())


def post_event(post: LoggedPost) -> Event:
    """A post as the journal keeps it."""
    event = {f.name: getattr(post, f.name) for f in dataclasses.fields(post) if f.name != "deleted_at"}
    return {"kind": "post", **event, "media": list(post.media), "created_at": post.created_at.isoformat()}


def post_of(event: Event) -> LoggedPost:
    fields = {f.name: event[f.name] for f in dataclasses.fields(LoggedPost) if f.name in event}
    created_at = datetime.fromisoformat(event["created_at"])
    return LoggedPost(**{**fields, "media": tuple(event["media"]), "created_at": created_at})
