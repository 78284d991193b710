"""The key under which a post will lie in the account's repository: ours to choose, the same for every attempt.

A TID (https://atproto.com/specs/tid): 53 bits of microseconds since 1970 and 10 bits that tell clocks apart, in base
32. The second is the planned one, so that keys sort as posts do (of an answer, that of what it answers); microseconds
and clock come from the key.
"""

import functools
import hashlib
from datetime import UTC, datetime

from include.domain.posts import Post

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_NO_TIME = datetime(2024, 1, 1, tzinfo=UTC)
_FAR_OFF = datetime(2050, 1, 1, tzinfo=UTC)


def record_key(post: Post, key: str, part: int = 0) -> str:
    """The key of one part of a post. Two posts of one account and second meet once in a thousand million."""
    return _made_of(f"{key}\n{part}", int((post.publish_at or _NO_TIME).timestamp()) + part)


def answer_key(comment_id: str, key: str) -> str:
    """The key of our answer to a comment, whose own key most often holds its moment."""
    return _made_of(f"{key}\n{comment_id}", _second_of(comment_id.rpartition("/")[2]) + 1)


def _made_of(words: str, second: int) -> str:
    digest = hashlib.sha256(words.encode()).digest()
    microsecond, clock = int.from_bytes(digest[:4]) % 1_000_000, int.from_bytes(digest[4:6]) % 1024
    return _letters((second * 1_000_000 + microsecond) << 10 | clock)


def _second_of(record_key: str) -> int:
    """The moment in a record key; a fixed one where the key is of another kind, or holds a moment far off."""
    usual = len(record_key) == 13 and all(letter in LETTERS for letter in record_key)
    number = functools.reduce(lambda sofar, letter: sofar << 5 | LETTERS.index(letter), record_key, 0) if usual else 0
    second = (number >> 10) // 1_000_000
    return second if _NO_TIME.timestamp() <= second < _FAR_OFF.timestamp() else int(_NO_TIME.timestamp())


def _letters(number: int) -> str:
    return "".join(LETTERS[number >> shift & 31] for shift in range(60, -1, -5))
