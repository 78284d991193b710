"""Something a person should know, with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How soon it must be looked at."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that happened to one subject.

    `kind` and `subject` together name the episode: while it lasts there is one message for it.
    `headline` is what a phone shows; `because` the facts behind it; `next_step` what to do.
    """

    kind: str
    subject: str
    headline: str
    because: str
    next_step: str
    severity: Severity = Severity.WARNING

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}"
