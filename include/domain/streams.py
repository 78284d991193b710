"""What can be read of an account, in which portions, and for how long it may still change."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of reading an account offers.

    `most_days`: the longest range one call may ask for. `restates_days`: how many days a day's figures may still
    change after it ended. `retention_days`: how far back the platform answers, None for no limit.
    `snapshot`: only today's value exists, a day missed is lost. `refresh_after`: (age in days, days between two
    reads) for lifetime counters that are read again ever more rarely; a day's age is that of its publication.
    `fresh_for`: a day read less than this ago by any run is not read again; schedule, backfill and a person overlap.
    `source`: the documentation page of its metric names, read on `checked_on` (ISO date).
    """

    name: str
    most_days: int
    source: str
    checked_on: str
    restates_days: int = 0
    retention_days: int | None = None
    snapshot: bool = False
    refresh_after: tuple[tuple[int, int], ...] = ()
    fresh_for: timedelta = timedelta(hours=1)
