"""The reading of `check_budget_pacing`: the ad streams of the last days, and what flights that are on lack before."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import get_current_context

from include.domain import Account, Stream, Window
from include.orchestration import doors
from platforms import Platform, every_platform

if TYPE_CHECKING:
    from include.desk.flights import Budget
    from include.ingestion.batch import Job

AGAIN = timedelta(days=2)
"""So many days before today are read again each hour; the nightly run reads all that may still change."""

log = logging.getLogger(__name__)


def spending_platforms() -> list[Platform]:
    """The platforms that can be asked what ads cost."""
    return [each for each in every_platform().values() if any(stream.name == "ad_day" for stream in each.streams)]


def ad_accounts(budgets: "Sequence[Budget]") -> list[Account]:
    """The ad accounts of the desk from which one of these budgets is spent."""
    from include.pacing.choosing import accounts_of

    names = {platform.name for platform in spending_platforms()}
    known = {account.key: account for account in doors.accounts() if account.platform in names}
    return [known[key] for key in accounts_of(budgets, known)]


def read(platform: str, budgets: "Sequence[Budget]") -> dict[str, Any]:
    """Read the accounts of one platform, side by side. An account that refuses is told by `check_desk`; its budgets are
    stale, and nothing else is."""
    from include.ingestion.batch import ingest_batch

    wanted = [account for account in ad_accounts(budgets) if account.platform == platform]
    if not wanted:
        log.info("No budget is spent on %s.", platform)
        return {"rows": 0, "requests": 0, "problems": []}
    first = min(budget.first for budget in budgets)
    report = ingest_batch(doors.warehouse(), list(_jobs(wanted, first)), by=get_current_context()["run_id"])
    for line in str(report).splitlines():
        log.info(line)
    rows = sum(outcome.rows_written for outcome in report.outcomes)
    return {"rows": rows, "requests": sum(o.requests for o in report.outcomes), "problems": report.problems}


def zones() -> dict[str, str]:
    """The zone of each account's days, by its key."""
    from include.ingestion.zones import account_zones

    with doors.warehouse().connect() as connection:
        return dict(account_zones(connection, doors.brands()))


def _jobs(accounts: Sequence[Account], first: date) -> "Iterator[Job]":
    from include.ingestion.batch import Job

    of_account = zones()
    for account in accounts:
        hook = doors.hook(account.key)
        today = datetime.now(UTC).astimezone(ZoneInfo(of_account[account.key])).date()
        for stream in doors.platform_of(account.key).streams:
            for days in _windows(account.key, stream, first, today):
                yield Job(hook, account, stream, days, today)


def _windows(account: str, stream: Stream, first: date, today: date) -> Iterator[Window]:
    """The last days, and before that the days of flights that nobody has read."""
    if stream.snapshot:
        yield Window(today, today)
        return
    if stream.name == "ad_day" and (unread := _unread(account, stream.name, first, today - AGAIN - timedelta(days=1))):
        yield Window(unread[0], unread[-1])
    yield Window(today - AGAIN, today)


def _unread(account: str, stream: str, first: date, last: date) -> list[date]:
    from include.ingestion import ledger

    if last < first:
        return []
    days = Window(first, last)
    with doors.warehouse().connect() as connection:
        known = ledger.known(connection, account, stream, days)
    settled = {day for day, each in known.items() if each.fetched_at is not None or each.status == "lost"}
    return [day for day in days.days() if day not in settled]
