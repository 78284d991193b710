"""Make facts again from the kept answers, without asking the platform.

For when the reading of an answer was wrong or has learnt a new column. Safe to run at any time and as often as
wanted: each fact ends as its latest kept reading has it, and rows that are so already are not written.
"""

import logging
from collections.abc import Iterable, Mapping

from sqlalchemy import Engine

from include.domain.accounts import Account
from include.domain.windows import Window
from include.ingestion import raw
from include.ingestion.outcomes import Ingested, Report
from include.ingestion.reading import Reading, Reads, read
from include.ingestion.storing import store

log = logging.getLogger(__name__)


def rebuild(
    engine: Engine, sources: Mapping[str, Reads], accounts: Iterable[Account], streams: Iterable[str], days: Window
) -> Report:
    """Re-read what is kept of `streams` for `days`, one outcome for each account and stream.

    `sources` are by platform or by account key. An answer that cannot be read is named and passed over.
    """
    wanted = list(streams)
    return Report(tuple(_stream(engine, sources, one, stream, days) for one in accounts for stream in wanted))


def _stream(engine: Engine, sources: Mapping[str, Reads], account: Account, stream: str, days: Window) -> Ingested:
    source = sources.get(account.key) or sources[account.platform]
    whole, problems = Reading(), []
    with engine.begin() as connection:
        for window, responses in raw.kept(connection, account.key, stream, days):
            try:
                whole.take(read(source, responses, account.key, window), days)
            except Exception as surprise:
                log.exception("%s %s %s", account.key, stream, window)
                when = f"{responses[0].fetched_at:%Y-%m-%d %H:%M} UTC"
                problems.append(f"The answer of {when} for {window} could not be read ({type(surprise).__name__}).")
        loaded = store(connection, whole)
    return Ingested(
        account=account.key,
        stream=stream,
        rows_written=loaded.written,
        restated=loaded.restated,
        unchanged=loaded.unchanged,
        days=len(whole.rows_by_day),
        problems=(*problems, whole.reason) if whole.reason else tuple(problems),
    )
