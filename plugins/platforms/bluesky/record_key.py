"""The key under which a post will lie in the account's repository: ours to choose, the same for every attempt.

A TID (https://atproto.com/specs/tid): 53 bits of microseconds since 1970 and 10 bits that tell clocks apart, in base
32. The second is the planned one, so that keys sort as posts do; microseconds and clock come from the key.
"""

import hashlib
from datetime import UTC, datetime

from include.domain.posts import Post

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_NO_TIME = datetime(2024, 1, 1, tzinfo=UTC)


def record_key(post: Post, key: str, part: int = 0) -> str:
    """The key of one part of a post. Two posts of one account and second meet once in a thousand million."""
    digest = hashlib.sha256(f"{key}\n{part}".encode()).digest()
    second = int((post.publish_at or _NO_TIME).timestamp()) + part
    microsecond, clock = int.from_bytes(digest[:4]) % 1_000_000, int.from_bytes(digest[4:6]) % 1024
    return _letters((second * 1_000_000 + microsecond) << 10 | clock)


def _letters(number: int) -> str:
    return "".join(LETTERS[number >> shift & 31] for shift in range(60, -1, -5))
