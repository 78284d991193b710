"""Many accounts in one task: their calls overlap, and none is held up by another's trouble."""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from include.domain.accounts import Account
from include.domain.capabilities import MetricSource
from include.domain.streams import Stream
from include.domain.windows import Window
from include.ingestion.ingest import ingest
from include.ingestion.outcomes import Ingested, Report
from include.ingestion.turn import Turn, utc_now

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One stream of one account: who answers, which days, and what today is in the stream's calendar."""

    source: MetricSource
    account: Account
    stream: Stream
    days: Window
    today: date


def ingest_batch(
    engine: Engine, jobs: Iterable[Job], *, by: str, clock: Callable[[], datetime] = utc_now, threads: int = 8
) -> Report:
    """Ingest every job and tell what became of each, in the order given.

    The streams of one account are read one after the other, accounts side by side. Once an account's credentials are
    found dead, its other streams fail with the same words and without a call.
    """
    accounts: dict[str, list[Job]] = {}
    for job in jobs:
        accounts.setdefault(job.account.key, []).append(job)
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="ingest") as pool:
        told = pool.map(lambda of_account: _account(engine, of_account, by, clock), accounts.values())
        return Report(tuple(outcome for outcomes in told for outcome in outcomes))


def _account(engine: Engine, jobs: Sequence[Job], by: str, clock: Callable[[], datetime]) -> list[Ingested]:
    told: list[Ingested] = []
    for job in jobs:
        dead = next((outcome.problems[-1] for outcome in told if outcome.credentials_dead), None)
        try:
            told.append(_put_off(engine, job, dead, by, clock) if dead else _ingest(engine, job, by, clock))
        except Exception as surprise:
            log.exception("%s %s", job.account.key, job.stream.name)
            words = f"The desk itself failed ({type(surprise).__name__}); the run's log says where."
            told.append(Ingested(job.account.key, job.stream.name, problems=(words,)))
    return told


def _ingest(engine: Engine, job: Job, by: str, clock: Callable[[], datetime]) -> Ingested:
    return ingest(engine, job.source, job.account, job.stream, job.days, by=by, today=job.today, clock=clock)


def _put_off(engine: Engine, job: Job, why: str, by: str, clock: Callable[[], datetime]) -> Ingested:
    turn = Turn.of(engine, job.account.key, job.stream, by, job.today, clock)
    turn.put_off(turn.plan(job.days).read, why, credentials_dead=True)
    return Ingested(job.account.key, job.stream.name, problems=(why,), credentials_dead=True)
