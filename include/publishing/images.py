"""Whether a post's images are still those that were imported, and so those that somebody approved."""

import hashlib
from pathlib import Path

from include.domain.posts import Media, Post


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
        with Path(media.source).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == known
    except OSError:
        return False
