"""Who speaks: a brand, and its account on one platform."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """One brand's presence on one platform.

    `key` is its name everywhere: in the warehouse, in logs, and as the id of its Airflow connection.
    """

    platform: str
    name: str
    brand: str

    @property
    def key(self) -> str:
        return f"{self.platform}_{self.name}"


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand as `brands.yml` declares it.

    `timezone` is the IANA zone in which its people read and its calendar is written, `language` a BCP 47 tag,
    `channel` the Slack channel of its digests and alerts. With `needs_approval`, nothing goes out before one of
    `approvers` has said yes to that very text.
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
