"""What can go wrong with a platform, named by what to do next.

    PlatformError
    ├── TryLater          nothing happened; ask again after `wait_s` seconds
    │   └── Unfinished    the platform is still at work on what was prepared; go on from there
    ├── Refused           the platform said no; a person must change something
    │   └── MessageGone   somebody deleted the message that was to be changed
    ├── CredentialsDead   the token is gone; the account stops until it is renewed
    ├── OutcomeUnknown    it may have happened; look it up before doing it again
    └── Retired           a metric is no longer served; leave it out and go on

Every message is a sentence that names the account and says what to do; no message holds a secret.
"""

from collections.abc import Mapping
from typing import Any


class PlatformError(Exception):
    """A platform did not do what it was asked. `account` is the account's key, `status` the HTTP status if any."""

    def __init__(self, message: str, *, account: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.account = account
        self.status = status


class TryLater(PlatformError):
    """Nothing happened and nothing is wrong: the same call may succeed after `wait_s` seconds."""

    def __init__(self, message: str, *, wait_s: float, account: str = "", status: int | None = None) -> None:
        super().__init__(message, account=account, status=status)
        self.wait_s = wait_s


class Unfinished(TryLater):
    """The platform is still at work on what was prepared. `prepared` is what there is of it; the next `prepare` takes
    it as `earlier` and goes on from there, so that nothing is uploaded or staged twice."""

    def __init__(self, message: str, prepared: Mapping[str, Any], *, wait_s: float, account: str = "") -> None:
        super().__init__(message, wait_s=wait_s, account=account)
        self.prepared = dict(prepared)


class Refused(PlatformError):
    """The platform understood and said no. Asking again changes nothing."""


class MessageGone(Refused):
    """The message that was to be changed or read is no longer there: somebody deleted it."""


class CredentialsDead(PlatformError):
    """The token is missing, expired or revoked. Only this account stops."""


class OutcomeUnknown(PlatformError):
    """The call was sent and its answer never came. It may have been carried out: look before trying again."""


class Retired(PlatformError):
    """The platform no longer knows `metric` (None where it does not say which)."""

    def __init__(self, message: str, *, metric: str | None, account: str = "", status: int | None = None) -> None:
        super().__init__(message, account=account, status=status)
        self.metric = metric
