"""Whether a post's images are still those that were imported, and so those that were approved; and a look at them."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from include.domain.messages import Attachment
from include.domain.posts import Media, Post

MOST_SHOWN = 4
MOST_BYTES = 8 * 1024 * 1024
MOST_VIDEO_BYTES = 50 * 1024 * 1024
SHOWN_BY_SLACK = frozenset((".png", ".jpg", ".jpeg", ".gif"))
"""What an image block with a Slack file shows (docs.slack.dev, the slack_file composition object)."""


def replaced(post: Post) -> str:
    """What is wrong, in a sentence, where a file is no longer the one that the calendar's import saw; else empty."""
    names = ", ".join(Path(media.source).name for media in post.media if not _is_as_imported(media))
    if not names:
        return ""
    return f"Its image {names} was replaced or taken away after the import; import the calendar again."


def _is_as_imported(media: Media) -> bool:
    kind, _, known = media.digest.partition(":")
    if kind != "sha256":
        return True
    try:
        found = Path(media.source).stat()
        return _sha256(media.source, found.st_mtime_ns, found.st_size) == known
    except OSError:
        return False


@lru_cache(maxsize=1024)
def _sha256(path: str, _changed_ns: int, _size: int) -> str:
    """Of a file as it stands; read once in a process unless it changes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def previews(post: Post) -> list[Attachment]:
    """The post's images that lie on this machine, to be shown beside its text; none that was replaced meanwhile."""
    return list(_previews(post))[:MOST_SHOWN]


def videos(post: Post) -> list[Attachment]:
    """The post's videos that lie on this machine and are small enough to be passed on as files."""
    local = [media for media in post.media if media.is_video and not media.is_web]
    read = ((media, _content(media, MOST_VIDEO_BYTES)) for media in local)
    return [Attachment(media.name, media.name, content, media.alt or media.name) for media, content in read if content]


def left_out(post: Post) -> str:
    """The videos that lie on this machine and are not passed on, each with the reason; empty where there are none."""
    passed_on = {attachment.filename for attachment in videos(post)}
    local = [media for media in post.media if media.is_video and not media.is_web]
    return "; ".join(f"{media.name} ({_why_not(media)})" for media in local if media.name not in passed_on)


def _why_not(media: Media) -> str:
    try:
        size = Path(media.source).stat().st_size
    except OSError:
        return "it cannot be read"
    most = f"Slack is given at most {MOST_VIDEO_BYTES // 2**20} MB"
    return f"{size / 2**20:.0f} MB, {most}" if size > MOST_VIDEO_BYTES else "replaced after the import"


def _previews(post: Post) -> Iterator[Attachment]:
    for number, media in enumerate(post.media, start=1):
        if media.is_web or media.is_video or media.suffix not in SHOWN_BY_SLACK:
            continue
        if content := _content(media, MOST_BYTES):
            yield Attachment(f"image {number}", media.name, content, media.alt or media.name)


def _content(media: Media, most: int) -> bytes:
    """The file, if it is still the one that was imported, and no larger than `most`; else nothing."""
    try:
        if Path(media.source).stat().st_size > most:
            return b""
        content = Path(media.source).read_bytes()
    except OSError:
        return b""
    return content if media.digest in ("", f"sha256:{hashlib.sha256(content).hexdigest()}") else b""
