"""The sandbox's own time: it runs like the machine's, from wherever it is set."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC. Setting it moves "now" for the whole world: days end, counters grow, limits reset."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, moment: datetime) -> None:
        """Make it `moment` now. An aware datetime."""
        if moment.tzinfo is None:
            raise ValueError(f"The clock needs a time zone: {moment.isoformat()} has none; add Z or +00:00.")
        self._ahead = moment - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)
