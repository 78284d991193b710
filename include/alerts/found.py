"""What a look at the desk brings, and how its accounts are called to people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from include.domain.accounts import Brand


class PublicationRow(NamedTuple):
    """A publication that is not settled, or was refused lately. `since`: when it entered its state. All aware UTC."""

    post_id: str
    account: str
    text: str
    publish_at: datetime
    state: str
    since: datetime
    reason: str | None = None


class UnreadDay(NamedTuple):
    """A day of a stream that should be known by now and is not; `status` is missing or failed."""

    account: str
    stream: str
    metric_date: date
    status: str
    reason: str | None = None


class NewestDay(NamedTuple):
    """The latest day of a stream that was read; None when none ever was."""

    account: str
    stream: str
    metric_date: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the desk brought. `dead` says in words why an account's credentials are refused."""

    now: datetime
    publications: Sequence[PublicationRow] = ()
    unread: Sequence[UnreadDay] = ()
    newest: Sequence[NewestDay] = ()
    dead: Mapping[str, str] = field(default_factory=dict)
    unconnected: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """How accounts are called to people: `Bottega Aurora on Facebook`, on Rome's clock."""

    titles: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, brands: Iterable[Brand], platforms: Mapping[str, str] | None = None) -> "Names":
        """`platforms` gives each platform's title by name; without it the name begins with a capital."""
        given = platforms or {}
        pairs = [(brand, account) for brand in brands for account in brand.accounts]
        titles = {a.key: f"{b.title} on {given.get(a.platform, a.platform.capitalize())}" for b, a in pairs}
        return cls(titles, {account.key: brand.timezone for brand, account in pairs})

    def title(self, account: str) -> str:
        return self.titles.get(account, account)

    def moment(self, account: str, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.zones.get(account, "UTC")))
        return f"{local:%a} {local.day} {local:%b %H:%M}"
