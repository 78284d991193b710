"""What a look at the desk brings, and how its accounts are called to people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from include.domain.accounts import Brand, network_title


class PublicationRow(NamedTuple):
    """A publication that is not settled, or was refused lately. `since`: when it entered its state. All aware UTC.

    `sent_at` is set where it may be out; `answer` is what an approver said of its text, if one was asked; `asked_at`
    is when Slack was asked what to do with a held one; `is_on_hold`: a person keeps its brand or account back.
    """

    post_id: str
    account: str
    text: str
    publish_at: datetime
    state: str
    since: datetime
    reason: str | None = None
    sent_at: datetime | None = None
    answer: str | None = None
    asked_at: datetime | None = None
    is_on_hold: bool = False


class HoldRow(NamedTuple):
    """An open hold of a brand or an account. `since` is aware UTC."""

    subject: str
    by: str
    why: str
    since: datetime


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


class HeardRow(NamedTuple):
    """When an account's comments were last read (or first tried, with `never`), and why not since. Aware UTC."""

    account: str
    since: datetime
    never: bool = False
    reason: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the desk brought. `dead` and `unconnected` say in words why an account is cut off."""

    now: datetime
    publications: Sequence[PublicationRow] = ()
    holds: Sequence[HoldRow] = ()
    unread: Sequence[UnreadDay] = ()
    newest: Sequence[NewestDay] = ()
    heard: Sequence[HeardRow] = ()
    dead: Mapping[str, str] = field(default_factory=dict)
    unconnected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """How accounts and brands are called to people: `Bottega Aurora on Facebook`, on Rome's clock."""

    titles: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    platforms: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, brands: Iterable[Brand], platforms: Mapping[str, str] | None = None) -> "Names":
        """`platforms` gives each platform's title by name; without it the name begins with a capital."""
        given = platforms or {}
        pairs = [(brand, account) for brand in brands for account in brand.accounts]
        of_platform = Counter((brand.key, account.platform) for brand, account in pairs)
        titles = {}
        for brand, account in pairs:
            which = f" ({account.name})" if of_platform[brand.key, account.platform] > 1 else ""
            platform = given.get(account.platform, network_title(account.platform))
            titles[account.key] = f"{brand.title} on {platform}{which}"
            titles[brand.key] = brand.title
        zones = {account.key: brand.timezone for brand, account in pairs}
        zones |= {brand.key: brand.timezone for brand, _ in pairs}
        return cls(titles, zones, {account.key: account.platform for _, account in pairs})

    def title(self, account: str) -> str:
        return self.titles.get(account, account)

    def platform(self, account: str) -> str:
        """The platform's own name: `facebook`. An account that no brand names any more has it in its key."""
        return self.platforms.get(account, account.partition("_")[0])

    def moment(self, account: str, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.zones.get(account, "UTC")))
        return f"{local:%a} {local.day} {local:%b %H:%M}"
