"""Whether two texts may be one post, where a platform has written ours in its own way. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from include.domain.posts import Post

CLOCKS = timedelta(minutes=2)  # how far the platform's clock may be behind ours
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def oldest(post: Post, since: datetime | None) -> datetime:
    """What is older is another post. `since` is when the call that is looked up was begun; without it the time for
    which the post was planned counts."""
    if since is not None:
        return since - CLOCKS
    return (post.publish_at - timedelta(minutes=10)) if post.publish_at else datetime.now(UTC) - timedelta(days=1)


def same_media(theirs: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether these are the very files that were uploaded for our post."""
    return bool(ours) and sorted(theirs) == sorted(ours)


def nearly(theirs: str, ours: str) -> bool:
    """Whether the same letters and digits stand in both, whatever stands between them and whatever their addresses
    look like. It is no proof that they are one post, and none that they are two."""
    said, meant = _letters(theirs), _letters(ours)
    return bool(meant) and said == meant


def readable(address: str) -> str:
    """An address as people write it: its domain in small letters, no punycode, no percent signs."""
    protocol, mark, rest = address.rpartition("://")
    host, *more = re.split(r"(?=[/?#])", rest, maxsplit=1)
    return f"{protocol}{mark}{'.'.join(map(_label, host.lower().split('.')))}{unquote(''.join(more))}"


def _letters(text: str) -> str:
    return "".join(letter for letter in _ADDRESS.sub(" ", text).casefold() if letter.isalnum())


def _label(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label
