"""Read what an account's stream lacks: lease the days, ask the platform, keep its answers, load the facts.

One window is one transaction: its answers, its rows and the ledger's word that it was read stand or fall together,
and none is open while the platform is asked. So a run that dies at any point leaves what it had, and the next one
ends where an undisturbed run would have. No failure of a platform is raised; each is told in words.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Engine

from include.domain.accounts import Account
from include.domain.capabilities import MetricSource
from include.domain.errors import CredentialsDead, PlatformError, Retired, TryLater
from include.domain.streams import Stream
from include.domain.windows import Window
from include.ingestion.ahead import ahead
from include.ingestion.intake import Intake, packed
from include.ingestion.ledger import LeaseLost
from include.ingestion.outcomes import Ingested
from include.ingestion.retired import FindsRetired
from include.ingestion.turn import Turn, utc_now

log = logging.getLogger(__name__)


def ingest(
    engine: Engine,
    source: MetricSource,
    account: Account,
    stream: Stream,
    days: Window,
    *,
    by: str,
    today: date,
    clock: Callable[[], datetime] = utc_now,
) -> Ingested:
    """Read those of `days` that are to be read now; `by` names the run, `today` is the stream's own calendar day.

    Of a snapshot stream, a run about yesterday also reads today, the only value there is. Days that another run
    holds or has just read are left to it. Where the platform asks to wait, the rest of the stream is put off until
    then; where the credentials are dead, it fails with what to do about it.
    """
    turn = Turn.of(engine, account.key, stream, by, today, clock)
    todo = turn.plan(days)
    if todo.read and isinstance(source, FindsRetired):
        source.known_retired.update((stream.name, metric) for metric in turn.retired())
    told = Ingested(account.key, stream.name)
    unread = list(todo.read)
    for window in todo.windows:
        told += _Reader(turn, source).read([day for day in unread if day in window])
        unread = [day for day in unread if day > window.last]
        if told.waits or told.credentials_dead:
            turn.put_off(unread, told.problems[-1], told.waits, credentials_dead=told.credentials_dead)
            break
    return told


@runtime_checkable
class CountsRequests(Protocol):
    """A MetricSource that knows how many requests it has sent: pages, retries and refusals too."""

    @property
    def requests_made(self) -> int: ...


@dataclass(slots=True)
class _Reader:
    """Reads one window. `requests` counts what that took, `retired` holds the metrics found gone on the way."""

    turn: Turn
    source: MetricSource
    requests: int = 0
    retired: list[str] = field(default_factory=list)

    def read(self, wanted: Sequence[date]) -> Ingested:
        leased = self.turn.lease(wanted)
        if not leased:
            return self._told()
        window = Window(leased[0], leased[-1])
        with self.turn.intake(self.source, window) as taken:
            try:
                self._fetch(window, taken)
            except TryLater as later:
                return self._failed(leased, str(later), until=self.turn.clock() + timedelta(seconds=later.wait_s))
            except CredentialsDead as dead:
                return self._failed(leased, str(dead), credentials_dead=True)
            except PlatformError as refused:
                return self._failed(leased, str(refused))
            except Exception as surprise:
                return self._surprised(leased, window, surprise, "The call ended in {}; the run's log says where.")
            return self._load(window, leased, taken)

    def _fetch(self, window: Window, taken: Intake) -> None:
        stream, source, answers = self.turn.stream.name, self.source, 0
        sent = source.requests_made if isinstance(source, CountsRequests) else 0
        found = len(source.retired) if isinstance(source, FindsRetired) else 0
        try:
            for response, body in ahead(packed(source.fetch(stream, window))):
                taken.take(response, body)
                answers += 1
        except Retired as gone:
            self._remember(gone.metric, str(gone))
            raise
        finally:
            self.requests = source.requests_made - sent if isinstance(source, CountsRequests) else answers
            if isinstance(source, FindsRetired):
                for _, metric, reason in source.retired[found:]:
                    self._remember(metric, reason)

    def _remember(self, metric: str | None, reason: str) -> None:
        if metric:
            self.retired.append(metric)
            self.turn.remember(metric, reason)

    def _load(self, window: Window, leased: Sequence[date], taken: Intake) -> Ingested:
        if taken.unreadable is not None:
            self.turn.keep(taken)
            words = "The answer could not be read ({}). It is kept: mend the reading and run again."
            return self._surprised(leased, window, taken.unreadable, words)
        try:
            loaded = self.turn.store(leased, taken, self.requests)
        except LeaseLost as lost:
            log.warning("%s", lost)
            return self._told()
        except Exception as surprise:
            self.turn.keep(taken)
            words = "The answer could not be loaded ({}). It is kept: mend the reading and run again."
            return self._surprised(leased, window, surprise, words)
        reason = taken.reading.reason
        return self._told(
            rows_written=loaded.written,
            restated=loaded.restated,
            unchanged=loaded.unchanged,
            days=len(leased),
            problems=(f"{window}: {reason}",) if reason else (),
        )

    def _surprised(self, leased: Sequence[date], window: Window, surprise: Exception, words: str) -> Ingested:
        log.error("%s %s %s", self.turn.account, self.turn.stream.name, window, exc_info=surprise)
        return self._failed(leased, words.format(type(surprise).__name__))

    def _failed(
        self, days: Sequence[date], why: str, *, until: datetime | None = None, credentials_dead: bool = False
    ) -> Ingested:
        self.turn.failed(days, why, until, credentials_dead=credentials_dead)
        return self._told(problems=(why,), waits=until, credentials_dead=credentials_dead)

    def _told(self, **figures: Any) -> Ingested:
        told = Ingested(self.turn.account, self.turn.stream.name, self.requests, retired=tuple(self.retired))
        return replace(told, **figures)
