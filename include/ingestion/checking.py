"""What may not be loaded, and why: a negative counter, another account's row, a day outside the window, a currency that
is not the account's. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from include.domain.records import AccountDay, AdDay, AdEntity, AdHour, PostSnapshot, Record, RemotePost, WebDay
from include.domain.windows import Window

MOST_KEY_BYTES = 2400
"""A row of an index may hold 2,700 bytes; no campaign that people name comes near."""

_COUNTERS: dict[type[Any], tuple[int, ...]] = {
    kind: tuple(kind._fields.index(name) for name in names)
    for kind, names in (
        (AdDay, ("impressions", "reach", "clicks", "link_clicks")),
        (AdHour, ()),
        (WebDay, ("sessions", "engaged_sessions", "users", "new_users")),
    )
}
"""Where the counters of the facts stand that come by the hundred thousand. Money may be below nought: a platform gives
back what it charged wrongly."""
_CURRENCY = {kind: kind._fields.index("currency") for kind in _COUNTERS}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not loaded: of which fact, of which day where it has one, why, and the row itself."""

    fact: str
    metric_date: date | None
    reason: str
    row: tuple[Any, ...]


@dataclass(slots=True)
class Checks:
    """The checks of one reading of `window`. `currency` is the account's own, None where that is not known."""

    account: str
    window: Window
    currency: str | None = None
    _elsewhere: set[str] = field(default_factory=set)  # posts outside the window, for their counters

    def wrong(self, record: Record) -> str | None:
        """Why a row may not be loaded; None where nothing speaks against it."""
        if record.account != self.account:
            return f"a row of {record.account} in an answer for {self.account}"
        if isinstance(record, AdDay | AdHour | WebDay):
            return self._wrong_day(record)
        if isinstance(record, RemotePost):
            wrong = self._outside(f"post {record.remote_id} of", day_of(record))
            self._elsewhere.update([record.remote_id] if wrong else [])
            return wrong
        if isinstance(record, AccountDay):
            name = f"{record.period} {record.metric_date}"
            return self._outside(record.period, record.metric_date) or _negative(record, name)
        if isinstance(record, PostSnapshot):
            return self._wrong_snapshot(record)
        return None

    def _wrong_snapshot(self, record: PostSnapshot) -> str | None:
        if record.remote_id in self._elsewhere:
            return f"counters of post {record.remote_id}, which is outside {self.window}"
        return _negative(record, f"post {record.remote_id}")

    def _wrong_day(self, record: AdDay | AdHour | WebDay) -> str | None:
        kind, day = type(record), record[1]
        if not self.window.first <= day <= self.window.last:
            return self._outside(f"{_name(record)} on", day)
        for at in _COUNTERS[kind]:
            counter: Any = record[at]
            if counter is not None and counter < 0:
                return f"{_name(record)} on {day}: {kind._fields[at]} is {counter}"
        if self.currency and record[_CURRENCY[kind]] not in (None, self.currency):
            return f"{_name(record)} on {day}: {record[_CURRENCY[kind]]} where the account has {self.currency}"
        if kind is WebDay and len("".join(record[2:8])) * 4 > MOST_KEY_BYTES:  # type: ignore[arg-type]
            return self._too_long(record)
        return None

    def _too_long(self, record: AdDay | AdHour | WebDay) -> str | None:
        size = sum(len(str(part).encode()) for part in record[2:8])
        said = f"{_name(record)} on {record[1]}: its names are longer than {MOST_KEY_BYTES} bytes"
        return said if size > MOST_KEY_BYTES else None

    def _outside(self, name: str, day: date) -> str | None:
        return None if day in self.window else f"{name} {day} is outside {self.window}"


def day_of(post: RemotePost) -> date:
    return post.published_at.astimezone(UTC).date()


def dated(record: Record) -> date | None:
    """The day that a row is about."""
    if isinstance(record, RemotePost):
        return day_of(record)
    if isinstance(record, PostSnapshot):
        return record.observed_on
    return None if isinstance(record, AdEntity) else record.metric_date


def _name(record: AdDay | AdHour | WebDay) -> str:
    if isinstance(record, WebDay):
        return f"visits by {record.breakdown} {record.source} {record.landing_page}"[:60].strip()
    return record.entity_id


def _negative(record: AccountDay | PostSnapshot, name: str) -> str | None:
    counters = zip(record._fields, record, strict=True)
    return next((f"{name}: {field} is {n}" for field, n in counters if isinstance(n, int) and n < 0), None)
