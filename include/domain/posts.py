"""What is said: a post, its media, its parts, and the receipt for having said it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

FORMATS = ("feed", "reel", "story")

_VIDEO_SUFFIXES = frozenset((".mp4", ".mov", ".m4v", ".webm", ".mpeg", ".mpg", ".avi", ".mkv"))


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a look into a file showed. `kind` is image or video, `format` as Pillow or FFmpeg call it (`jpeg`, `mp4`);
    sizes in bytes and pixels, `seconds` and `frames_per_second` None for a still image, `animated` for a moving GIF.
    `sha256` (64 hex digits) is of what lay on the web; that of a file is the media's digest."""

    kind: str
    format: str
    bytes: int
    width: int
    height: int
    seconds: float | None = None
    frames_per_second: float | None = None
    video_codec: str = ""
    audio_codec: str = ""
    animated: bool = False
    sha256: str = ""

    @property
    def ratio(self) -> float:
        """Width by height."""
        return self.width / self.height if self.height else 0.0


@dataclass(frozen=True, slots=True)
class Media:
    """An image or a video, where it lies (a path or an https URL), and the words for who cannot see it.

    `digest` is what the import saw there: `sha256:` and 64 hex digits for a file, the address itself for a URL, empty
    where nobody looked. `facts` is what it found inside, None where nobody looked. `public_url` is where the network
    itself can fetch it, empty where there is no such place. `content_hash` covers none of the three.
    """

    source: str
    alt: str = ""
    digest: str = ""
    facts: MediaFacts | None = None
    public_url: str = ""

    @property
    def suffix(self) -> str:
        """The file ending in lower case, with its dot: `.jpg`."""
        return PurePosixPath(urlsplit(self.source).path).suffix.lower()

    @property
    def name(self) -> str:
        """The file's own name, for a sentence."""
        return PurePosixPath(urlsplit(self.source).path).name

    @property
    def is_web(self) -> bool:
        return urlsplit(self.source).scheme in ("http", "https")

    @property
    def is_video(self) -> bool:
        """By what was found inside, else by its ending."""
        return self.facts.kind == "video" if self.facts else self.suffix in _VIDEO_SUFFIXES


@dataclass(frozen=True, slots=True)
class Part:
    """One irreversible call of a post. Number 0 is the post itself (`post`); what follows is a `thread` text, said in
    reply to the part before, or the first `comment` under the post, which comes last."""

    number: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """One text for one account, due at one moment.

    `account` is the account's key, `publish_at` aware UTC. `format` is feed, reel or story. `thread` are the texts
    that follow the first one, `first_comment` what the account itself says under it. `objective` and `pillar` say what
    it is for, `sponsor_budget` which budget pays for it. `content_hash` covers all that a reader would see; an
    approval is bound to it. It is computed unless given.
    """

    post_id: str
    account: str
    text: str
    media: tuple[Media, ...] = ()
    publish_at: datetime | None = None
    campaign: str | None = None
    content_hash: str = ""
    link: str | None = None
    first_comment: str = ""
    thread: tuple[str, ...] = ()
    format: str = "feed"
    objective: str | None = None
    pillar: str | None = None
    sponsor_budget: str | None = None

    def __post_init__(self) -> None:
        if self.publish_at is not None and self.publish_at.tzinfo is None:
            raise ValueError(f"Post {self.post_id}: publish_at has no time zone; give an aware datetime.")
        if not self.content_hash:
            seen = content_hash(
                self.account,
                self.text,
                self.link,
                self.media,
                first_comment=self.first_comment,
                thread=self.thread,
                format=self.format,
            )
            object.__setattr__(self, "content_hash", seen)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every irreversible call that the post takes, in order: itself, its thread, its first comment."""
        texts = [("post", self.text), *(("thread", text) for text in self.thread)]
        texts += [("comment", self.first_comment)] if self.first_comment else []
        return tuple(Part(number, kind, text) for number, (kind, text) in enumerate(texts))


def content_hash(
    account: str,
    text: str,
    link: str | None,
    media: Sequence[Media],
    *,
    first_comment: str = "",
    thread: Sequence[str] = (),
    format: str = "feed",  # noqa: A002  the word of the calendar
) -> str:
    """A hash of what the reader will see and where, stable over processes and versions (64 hex digits)."""
    seen: list[Any] = [account, text, link or "", [[m.source, m.alt] for m in media]]
    more = {"first_comment": first_comment, "thread": list(thread), "format": "" if format == "feed" else format}
    if any(more.values()):  # a post without them has the hash that it had before there were any
        seen.append(more)
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that a post, or a part of it, is live: its id there, where to see it, and when it was
    accepted (UTC)."""

    post_id: str
    remote_id: str
    url: str
    accepted_at: datetime
