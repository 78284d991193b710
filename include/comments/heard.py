"""Scored comments from JSON lines: one object a line, in any order.

    {"at": "2026-11-24T13:10:00+01:00", "account": "facebook_aurora", "p_negative": 0.91, "scored": true}

`at`          ISO 8601 with its offset (without one it is taken as UTC, which is told), or seconds since 1970 (UTC)
`account`     whose comment it is
`p_negative`  from 0 to 1; negative from 0.5 on, or as `--threshold` says. Null where `scored` is false
`scored`      false where the scorer could not tell; may be missing, then a comment with `p_negative` is scored
`label`       optional: `negative`, `neutral` or `positive` decides instead of `p_negative`
`post`, `brand`   optional: spikes are then told by post and by brand too

Other fields are passed over, and so are blank lines. A line that cannot be read is told and left out.
"""

import json
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LABELS = ("negative", "neutral", "positive")
_LATEST = 4_102_444_800  # the year 2100; a number of milliseconds is far beyond


class Unreadable(ValueError):
    """A line that is no scored comment; the message says why."""


@dataclass(slots=True)
class Heard:
    """One account's comments, in columns. `post` is a place in `posts`."""

    brand: str = ""
    times: "array[float]" = field(default_factory=lambda: array("d"))
    negative: bytearray = field(default_factory=bytearray)
    scored: bytearray = field(default_factory=bytearray)
    post: "array[int]" = field(default_factory=lambda: array("l"))
    posts: dict[str, int] = field(default_factory=dict)

    def columns(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
        """Sorted by time; which of two at the same time comes first makes no difference to anybody."""
        times = np.frombuffer(self.times, dtype=np.float64)
        order = np.argsort(times, kind="stable")
        negative, scored = (np.frombuffer(flags, dtype=np.bool_)[order] for flags in (self.negative, self.scored))
        return times[order], negative, scored, np.array(self.post, dtype=np.int64)[order]


@dataclass(slots=True)
class File:
    """What a file held: comments by account, how many lines of it could not be read, how many had no offset."""

    accounts: dict[str, Heard] = field(default_factory=dict)
    lines: int = 0
    unreadable: int = 0
    without_offset: int = 0


def read(lines: Iterable[str], threshold: float, file: File) -> Iterator[str]:
    """Read `lines` into `file`; gives a sentence for each that is left out."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        file.lines += 1
        try:
            _keep(_object(line), threshold, file)
        except Unreadable as error:
            file.unreadable += 1
            yield f"Line {number} is left out: {error}"


def _object(line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not JSON ({error}).") from None
    if not isinstance(given, dict):
        raise Unreadable('it is not an object; write {"at": ..., "account": ..., "p_negative": ..., "scored": true}.')
    return given


def _keep(given: dict[str, Any], threshold: float, file: File) -> None:
    account = _name(given, "account")
    if not account:
        raise Unreadable("it has no `account`.")
    at, has_offset = _time(given.get("at"))
    scored, negative = _verdict(given, threshold)
    post, brand = _name(given, "post"), _name(given, "brand")
    heard = file.accounts.setdefault(account, Heard())
    if brand and heard.brand and brand != heard.brand:
        raise Unreadable(f"{account} was of the brand {heard.brand} before; an account has one brand.")
    heard.brand = heard.brand or brand
    file.without_offset += not has_offset
    heard.times.append(at)
    heard.negative.append(negative)
    heard.scored.append(scored)
    heard.post.append(heard.posts.setdefault(post, len(heard.posts)) if post else -1)


def _name(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"`{name}` is not a name.")
    return str(value)


def _time(value: Any) -> tuple[float, bool]:
    """Seconds since 1970, and whether the zone was given."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not isfinite(value) or not 0 <= value < _LATEST:
            raise Unreadable(f"`at` is {value}, which are not seconds since 1970.")
        return float(value), True
    if not isinstance(value, str):
        raise Unreadable("it has no `at`; write a time like 2026-11-24T13:10:00Z, or seconds since 1970.")
    try:
        moment = datetime.fromisoformat(value)
        has_offset = moment.tzinfo is not None
        seconds = (moment if has_offset else moment.replace(tzinfo=UTC)).timestamp()
        if not 0 <= seconds < _LATEST:
            raise ValueError(seconds)
        return seconds, has_offset
    except (ValueError, OverflowError):
        raise Unreadable(
            f'`at` is "{value[:40]}", which is no time of our days; write it like 2026-11-24T13:10:00Z.'
        ) from None


def _verdict(given: dict[str, Any], threshold: float) -> tuple[bool, bool]:
    """Whether it is scored, and whether it is negative."""
    p, label = given.get("p_negative"), given.get("label")
    scored = given.get("scored", p is not None or label is not None)
    if not isinstance(scored, bool):
        raise Unreadable("`scored` is neither true nor false.")
    if not scored:
        return False, False
    if label is not None:
        if label not in _LABELS:
            raise Unreadable(f"`label` is none of {', '.join(_LABELS)}.")
        return True, label == "negative"
    if isinstance(p, bool) or not isinstance(p, int | float) or not 0 <= p <= 1:
        raise Unreadable("`p_negative` is not a number from 0 to 1; where it is not known `scored` must be false.")
    return True, p >= threshold
