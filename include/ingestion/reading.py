"""From the answers to one reading of one window to the rows that may be loaded, and the words for those that may not.

Pure. A platform may give one day's figures in several answers: their rows are put together, a given value before a
withheld one. A row with a negative counter, of another account, or of a day outside the window is refused and named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any, Protocol

from include.domain.records import (
    AccountDay,
    AdDay,
    AdEntity,
    AdHour,
    PostSnapshot,
    RawResponse,
    Record,
    RemotePost,
    WebDay,
)
from include.domain.windows import Window

MOST_KEY_BYTES = 2400


class Reads(Protocol):
    """The pure half of a MetricSource."""

    def read(self, response: RawResponse) -> Iterable[Record]: ...


@dataclass(slots=True)
class Reading:
    """Rows by fact, each under its key, so that none comes twice."""

    account_days: dict[tuple[date, str], AccountDay] = field(default_factory=dict)
    posts: dict[str, RemotePost] = field(default_factory=dict)
    snapshots: dict[tuple[str, date], PostSnapshot] = field(default_factory=dict)
    ad_entities: dict[str, AdEntity] = field(default_factory=dict)
    ad_days: dict[tuple[date, str, str, str], AdDay] = field(default_factory=dict)
    ad_hours: dict[tuple[date, int, str], AdHour] = field(default_factory=dict)
    web_days: dict[tuple[Any, ...], WebDay] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def rows_by_day(self) -> Counter[date]:
        """How many rows each day of the window gave; a post and its counters belong to the day it was published."""
        counted = Counter(row.metric_date for rows in self._by_day for row in rows.values())
        counted.update(_day_of(post) for post in self.posts.values())
        counted.update(_day_of(self.posts[post]) for post, _ in self.snapshots if post in self.posts)
        return counted

    @property
    def _by_day(self) -> tuple[Mapping[Any, AccountDay | AdDay | AdHour | WebDay], ...]:
        return self.account_days, self.ad_days, self.ad_hours, self.web_days

    @property
    def reason(self) -> str | None:
        """What was refused, in words short enough for a row of the ledger; None where nothing was."""
        if not self.refused:
            return None
        more = f" and {len(self.refused) - 3} more" if len(self.refused) > 3 else ""
        return f"{len(self.refused)} rows refused: {'; '.join(self.refused[:3])}{more}."

    def take(self, newer: "Reading", days: Window) -> None:
        """Take over what a later reading says of `days`: it is right wherever both speak."""
        posts = {key: post for key, post in newer.posts.items() if _day_of(post) in days}
        self.posts |= posts
        self.account_days |= {key: row for key, row in newer.account_days.items() if key[0] in days}
        self.snapshots |= {key: row for key, row in newer.snapshots.items() if key[0] in posts}
        self.ad_entities |= newer.ad_entities
        self.ad_days |= {key: row for key, row in newer.ad_days.items() if key[0] in days}
        self.ad_hours |= {key: row for key, row in newer.ad_hours.items() if key[0] in days}
        self.web_days |= {key: row for key, row in newer.web_days.items() if key[0] in days}
        self.refused += newer.refused


def read(source: Reads, responses: Sequence[RawResponse], account: str, window: Window) -> Reading:
    """Everything that `source` finds in the answers to one reading of `window`."""
    reading = Reading()
    elsewhere: set[str] = set()
    for response in responses:
        for record in source.read(response):
            wrong = _wrong(record, account, window, elsewhere)
            if wrong:
                reading.refused.append(wrong)
            else:
                _put(reading, record)
    return reading


def _wrong(record: Record, account: str, window: Window, elsewhere: set[str]) -> str | None:
    """Why a row may not be loaded, or None. `elsewhere` collects posts outside the window, for their counters."""
    if record.account != account:
        return f"a row of {record.account} in an answer for {account}"
    if isinstance(record, RemotePost):
        wrong = _outside(f"post {record.remote_id} of", _day_of(record), window)
        elsewhere.update([record.remote_id] if wrong else [])
        return wrong
    if isinstance(record, AccountDay):
        name = f"{record.period} {record.metric_date}"
        return _outside(record.period, record.metric_date, window) or _negative(record, name)
    if isinstance(record, PostSnapshot):
        if record.remote_id in elsewhere:
            return f"counters of post {record.remote_id}, which is outside {window}"
        return _negative(record, f"post {record.remote_id}")
    return _wrong_web(record, window) if isinstance(record, WebDay) else _wrong_ad(record, window)


def _wrong_ad(record: AdEntity | AdDay | AdHour, window: Window) -> str | None:
    if isinstance(record, AdEntity):
        return None
    name = f"{record.entity_id} on {record.metric_date}"
    return _outside(f"{record.entity_id} on", record.metric_date, window) or _negative(record, name)


def _wrong_web(record: WebDay, window: Window) -> str | None:
    """A key of the index may hold 2,700 bytes; no campaign that people name comes near."""
    name = f"visits by {record.breakdown} {record.source} {record.landing_page}"[:60].strip()
    if sum(len(part.encode()) for part in record[2:8]) > MOST_KEY_BYTES:
        return f"{name} on {record.metric_date}: its names are longer than {MOST_KEY_BYTES} bytes"
    return _outside(f"{name} on", record.metric_date, window) or _negative(record, f"{name} on {record.metric_date}")


def _outside(name: str, day: date, window: Window) -> str | None:
    return None if day in window else f"{name} {day} is outside {window}"


def _negative(record: AccountDay | PostSnapshot | AdDay | AdHour | WebDay, name: str) -> str | None:
    """A counter below 0. Money may be: a platform gives back what it charged wrongly."""
    counters = zip(record._fields, record, strict=True)
    return next((f"{name}: {field} is {n}" for field, n in counters if isinstance(n, int) and n < 0), None)


def _put(reading: Reading, record: Record) -> None:
    if isinstance(record, RemotePost):
        reading.posts[record.remote_id] = record
    elif isinstance(record, AccountDay):
        day = (record.metric_date, record.period)
        reading.account_days[day] = AccountDay(*_together(reading.account_days.get(day), record))
    elif isinstance(record, AdEntity):
        reading.ad_entities[record.entity_id] = record
    elif isinstance(record, AdDay):
        reading.ad_days[record.metric_date, record.level, record.entity_id, record.attribution] = record
    elif isinstance(record, AdHour):
        reading.ad_hours[record.metric_date, record.hour, record.entity_id] = record
    elif isinstance(record, WebDay):
        reading.web_days[record[1:8]] = record
    else:
        post = (record.remote_id, record.observed_on)
        reading.snapshots[post] = PostSnapshot(*_together(reading.snapshots.get(post), record))


def _together(before: tuple[Any, ...] | None, record: tuple[Any, ...]) -> tuple[Any, ...]:
    """Two rows of one key as one: the later value where it is given. `extra`, the last field, is joined."""
    if before is None:
        return record
    values = [new if new is not None else old for old, new in zip(before, record, strict=True)]
    if before[-1] and record[-1]:
        values[-1] = {**before[-1], **record[-1]}
    return tuple(values)


def _day_of(post: RemotePost) -> date:
    return post.published_at.astimezone(UTC).date()
