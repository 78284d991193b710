"""Who speaks: a brand, and its account on one platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

_SPELT = {"tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn", "whatsapp": "WhatsApp", "x": "X"}


def network_title(platform: str) -> str:
    """What people call a network that no plugin names: `google_business` is Google Business."""
    return _SPELT.get(platform, platform.replace("_", " ").title())


@dataclass(frozen=True, slots=True)
class Account:
    """One brand's presence on one platform.

    `key` is its name everywhere: in the warehouse, in logs, and as the id of its Airflow connection. A `manual`
    account is on a network that no plugin reaches: at its hour a person in Slack is handed text and media to paste.
    """

    platform: str
    name: str
    brand: str
    manual: bool = False

    @property
    def key(self) -> str:
        return f"{self.platform}_{self.name}"


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day on some clock, its end not included; it may go over midnight: 22:00-07:00."""

    begins: time
    ends: time

    def hold(self, at: datetime, timezone: str) -> bool:
        """Whether `at` (aware) lies in it, on the clock of `timezone`."""
        now = at.astimezone(ZoneInfo(timezone)).time()
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends


@dataclass(frozen=True, slots=True)
class BrandRules:
    """What a brand's texts must and must not hold. Words match whole words, in any case; hashtags with their `#`.

    `disclosure` are the hashtags or words of which one must stand in a post with a `sponsor_budget`. `tone` is a
    checklist that approvers are shown; nothing checks it but they.
    """

    required_words: tuple[str, ...] = ()
    banned_words: tuple[str, ...] = ()
    required_hashtags: tuple[str, ...] = ()
    banned_hashtags: tuple[str, ...] = ()
    disclosure: tuple[str, ...] = ("#adv", "#ad", "#sponsored")
    tone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand as `brands.yml` declares it.

    `timezone` is the IANA zone in which its people read and its calendar is written, `language` a BCP 47 tag,
    `channel` the Slack channel of its digests and alerts. With `needs_approval`, nothing goes out before one of
    `approvers` has said yes to that very text. `slack_ids` has the Slack member id of those who may answer there, by
    their name. `cadence` are the weekdays (Monday 0) on which a platform, by name, is expected to have a post. With
    `utm`, links carry campaign tags. `sales_channel` is where leads are told, empty where that is the `channel`. In its
    `quiet_hours` only what is critical calls anybody.
    """

    key: str
    title: str
    timezone: str
    language: str
    channel: str
    accounts: tuple[Account, ...] = ()
    needs_approval: bool = False
    approvers: tuple[str, ...] = field(default=())
    late_after_minutes: int = 60
    slack_ids: Mapping[str, str] = field(default_factory=dict)
    cadence: Mapping[str, frozenset[int]] = field(default_factory=dict)
    rules: BrandRules = BrandRules()
    utm: bool = True
    sales_channel: str = ""
    quiet_hours: Hours | None = None
