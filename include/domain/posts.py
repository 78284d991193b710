"""What is said: a post, its media, and the receipt for having said it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Media:
    """An image or a video, where it lies (a path or an https URL), and the words for who cannot see it.

    `digest` is what the import saw there: `sha256:` and 64 hex digits for a file, the address itself for a URL, empty
    where nobody looked. `content_hash` does not cover it.
    """

    source: str
    alt: str = ""
    digest: str = ""

    @property
    def suffix(self) -> str:
        """The file ending in lower case, with its dot: `.jpg`."""
        return PurePosixPath(urlsplit(self.source).path).suffix.lower()


@dataclass(frozen=True, slots=True)
class Post:
    """One text for one account, due at one moment.

    `account` is the account's key, `publish_at` aware UTC. `content_hash` covers all that a reader would see;
    an approval is bound to it. It is computed unless given.
    """

    post_id: str
    account: str
    text: str
    media: tuple[Media, ...] = ()
    publish_at: datetime | None = None
    campaign: str | None = None
    content_hash: str = ""
    link: str | None = None

    def __post_init__(self) -> None:
        if self.publish_at is not None and self.publish_at.tzinfo is None:
            raise ValueError(f"Post {self.post_id}: publish_at has no time zone; give an aware datetime.")
        if not self.content_hash:
            object.__setattr__(self, "content_hash", content_hash(self.account, self.text, self.link, self.media))


def content_hash(account: str, text: str, link: str | None, media: tuple[Media, ...]) -> str:
    """A hash of what the reader will see and where, stable over processes and versions (64 hex digits)."""
    seen = [account, text, link or "", [[m.source, m.alt] for m in media]]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that a post is live: its id there, where to see it, and when it was accepted (UTC)."""

    post_id: str
    remote_id: str
    url: str
    accepted_at: datetime
