"""Whether what lies on the web is still what the calendar's import saw there, and so what was approved."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, cast

from include.domain.posts import Media, Post

Fetch = Callable[[Media], AbstractContextManager[BinaryIO]]
"""Opens what lies at an address of the web. Raises a PlatformError, whose words say why not."""


def replaced(post: Post, fetch: Fetch) -> str:
    """What is wrong, in a sentence, where another file lies at an address by now; else empty. Raises what `fetch` does.

    What an import looked at before it kept a hash of it is not looked at.
    """
    names = ", ".join(media.name for media in post.media if media.is_web and not _is_as_imported(media, fetch))
    if not names:
        return ""
    return (
        f"Another file lies where the import saw {names}, and nobody approved that one. Give it an address of its own"
        " in the calendar, or put the first one back and send the post."
    )


def _is_as_imported(media: Media, fetch: Fetch) -> bool:
    if not media.facts or not media.facts.sha256:
        return True
    with fetch(media) as file:
        return hashlib.file_digest(cast(Any, file), "sha256").hexdigest() == media.facts.sha256
