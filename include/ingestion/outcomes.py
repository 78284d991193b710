"""What became of a reading, in figures and in words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one run did for one stream of one account. Two of the same stream add up.

    `rows_written` counts new rows, `restated` those whose values changed, `unchanged` those that were known so.
    `waits` is when days that had to be put off may be read (UTC), `problems` a sentence for everything that did not
    go well, `retired` the metrics newly found gone. With `credentials_dead` this run does not ask the account again.
    """

    account: str
    stream: str
    requests: int = 0
    rows_written: int = 0
    restated: int = 0
    unchanged: int = 0
    days: int = 0
    waits: datetime | None = None
    problems: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    credentials_dead: bool = False

    @property
    def failed(self) -> bool:
        """Whether something went wrong and no day was read; refused rows alone are no failure."""
        return bool(self.problems) and not self.days

    def __add__(self, other: "Ingested") -> "Ingested":
        return Ingested(
            account=self.account,
            stream=self.stream,
            requests=self.requests + other.requests,
            rows_written=self.rows_written + other.rows_written,
            restated=self.restated + other.restated,
            unchanged=self.unchanged + other.unchanged,
            days=self.days + other.days,
            waits=max(filter(None, (self.waits, other.waits)), default=None),
            problems=self.problems + other.problems,
            retired=self.retired + other.retired,
            credentials_dead=self.credentials_dead or other.credentials_dead,
        )

    def __str__(self) -> str:
        told = [
            f"{self.account} {self.stream}: {counted(self.days, 'day')} read in {counted(self.requests, 'request')}"
        ]
        if self.days:
            told.append(
                f"{counted(self.rows_written, 'row')} written, {self.restated} restated, {self.unchanged} unchanged"
            )
        told += [f"{metric} is no longer served" for metric in self.retired]
        return "; ".join([*told, *self.problems])


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did for a batch of accounts."""

    outcomes: tuple[Ingested, ...] = ()

    @property
    def waits(self) -> datetime | None:
        """The earliest moment at which another run can read more; None when nothing was put off."""
        return min((outcome.waits for outcome in self.outcomes if outcome.waits), default=None)

    @property
    def problems(self) -> list[str]:
        return [problem for outcome in self.outcomes for problem in outcome.problems]

    @property
    def retired(self) -> list[str]:
        """A sentence for each metric newly found gone."""
        return [
            f"{o.account}: {metric} of {o.stream} is no longer served" for o in self.outcomes for metric in o.retired
        ]

    def __str__(self) -> str:
        return "\n".join(str(outcome) for outcome in self.outcomes)


def counted(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
