"""One run's turn at one stream of one account: each method is one short transaction in the warehouse."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

from sqlalchemy import Engine

from include.domain.streams import Stream
from include.domain.windows import Window
from include.ingestion import ledger, retired
from include.ingestion.intake import Intake, intake
from include.ingestion.reading import Reads
from include.ingestion.windows import Plan, lost_because, plan, settled, with_today
from include.warehouse.loading import Loaded

LEASE_S = 900.0  # longer than any one window takes, paging and the transport's waits included


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """`account` is the account's key, `by` unique to this attempt, `today` the day in the stream's calendar."""

    engine: Engine
    account: str
    stream: Stream
    by: str
    today: date
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def of(
        cls, engine: Engine, account: str, stream: Stream, run: str, today: date, clock: Callable[[], datetime]
    ) -> "Turn":
        """A turn of its own, even where an earlier process of the same run is still alive."""
        return cls(engine, account, stream, f"{run} {uuid4().hex[:8]}", today, clock)

    def plan(self, days: Window) -> Plan:
        """What is to be done about `days`; days never heard of get their rows, and those beyond a call are closed."""
        days = with_today(self.stream, days, self.today)
        with self.engine.begin() as connection:
            ledger.expect(connection, *self._whose, [day for day in days.days() if day <= self.today])
            known = ledger.known(connection, *self._whose, days)
            todo = plan(self.stream, known, days, today=self.today, now=self.clock())
            because = lost_because(self.stream) if todo.lost else ""
            ledger.settle(connection, *self._whose, final=todo.final, lost=todo.lost, because=because)
        return todo

    def lease(self, days: Sequence[date]) -> list[date]:
        with self.engine.begin() as connection:
            now, fresh_for = self.clock(), self.stream.fresh_for
            return ledger.lease(connection, *self._whose, days, by=self.by, now=now, for_s=LEASE_S, fresh_for=fresh_for)

    def failed(
        self, days: Sequence[date], why: str, not_before: datetime | None = None, *, credentials_dead: bool = False
    ) -> None:
        """Give back the days that this turn holds."""
        with self.engine.begin() as connection:
            ledger.failed(
                connection,
                *self._whose,
                days,
                by=self.by,
                reason=why,
                not_before=not_before,
                credentials_dead=credentials_dead,
            )

    def put_off(
        self, days: Sequence[date], why: str, not_before: datetime | None = None, *, credentials_dead: bool = False
    ) -> None:
        """Note `why` on days that this turn would have read and now will not; days of other runs are left alone."""
        self.failed(self.lease(days), why, not_before, credentials_dead=credentials_dead)

    def retired(self) -> list[str]:
        with self.engine.begin() as connection:
            return retired.remembered(connection, *self._whose)

    def remember(self, metric: str, reason: str) -> None:
        with self.engine.begin() as connection:
            retired.remember(connection, *self._whose, metric, reason)

    def intake(self, source: Reads, window: Window) -> AbstractContextManager[Intake]:
        return intake(self.engine, source, self.account, self.stream.name, window)

    def keep(self, taken: Intake) -> None:
        """The answers alone, where they could not be read."""
        with taken.connection.begin():
            taken.keep_answers()

    def store(self, leased: Sequence[date], taken: Intake, requests: int) -> Loaded:
        """Answers, rows and the ledger's word for them, all or nothing. Raises LeaseLost."""
        with taken.connection.begin():
            connection = taken.connection
            ledger.hold(connection, *self._whose, leased, by=self.by)
            taken.keep_answers()
            loaded = taken.load(leased)
            counted = taken.reading.rows_by_day
            ledger.done(
                connection,
                *self._whose,
                {day: counted[day] for day in leased},
                final=[day for day in leased if settled(self.stream, day, self.today)],
                requests=requests,
                fetched_at=self.clock(),
                reason=taken.reading.reason,
            )
        return loaded

    @property
    def _whose(self) -> tuple[str, str]:
        return self.account, self.stream.name
