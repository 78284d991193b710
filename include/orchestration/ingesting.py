"""The work of `ingest_*` and `backfill_metrics`: which accounts and days, in batches, and what became of them."""

import functools
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowRescheduleException

from include.domain import Account, Stream, Window
from include.orchestration import doors
from include.orchestration.one_by_one import OneByOne
from include.orchestration.window import mends, metric_days
from platforms import Platform, every_platform

if TYPE_CHECKING:
    from include.ingestion.batch import Job

BATCH = 50  # an Airflow task costs a third of a second of CPU, an account's calls mostly wait
REPAIR_DAYS = (
    35  # how far back a nightly run looks for gaps; where numbers change for longer, windows.look_back says so
)

log = logging.getLogger(__name__)

Batch = dict[str, Any]


def nightly_batches(platform: str) -> list[Batch]:
    """The accounts of one network in batches, with the days of this run."""
    context = get_current_context()
    run, params = context["dag_run"], context["params"]
    days = metric_days(params, run.partition_key, run.run_after)
    repair_days = REPAIR_DAYS if mends(params, getattr(run.run_type, "value", run.run_type)) else 0
    accounts = doors.accounts(params["accounts"], platform=platform)
    log.info("%s: %d accounts, days %s", platform, len(accounts), days)
    return list(_batches(platform, accounts, _streams("all", every_platform()[platform]), days, repair_days))


def backfill_batches() -> list[Batch]:
    """The batches of a backfill; none when it is a dry run. Either way the log says what it takes."""
    params = _asked()
    days = Window(date.fromisoformat(params["first"]), date.fromisoformat(params["last"]))
    by_platform = {platform: doors.accounts(params["accounts"], platform=platform.name) for platform in _measuring()}
    _say_what_it_takes(by_platform, params["streams"], days)
    if params["dry_run"]:
        log.info("Dry run: nothing was read.")
        return []
    return [
        batch
        for platform, accounts in by_platform.items()
        for batch in _batches(platform.name, accounts, _streams(params["streams"], platform), days)
    ]


def read_batch(batch: Batch) -> dict[str, Any]:
    """Read one batch; gives counts. Raises when every account failed, comes again later when all of them must wait."""
    from include.ingestion.batch import ingest_batch

    context = get_current_context()
    context["batch_name"] = batch["name"]  # type: ignore[typeddict-unknown-key]  # names the mapped task in the UI
    report = ingest_batch(doors.warehouse(), _jobs(batch), by=context["run_id"])
    for line in str(report).splitlines():
        log.info(line)
    with OneByOne() as tellings:
        _tell_of_retired(report.retired, tellings)
        if report.outcomes and all(outcome.failed for outcome in report.outcomes):
            if report.waits is not None and not any(outcome.credentials_dead for outcome in report.outcomes):
                raise AirflowRescheduleException(report.waits)  # type: ignore[no-untyped-call]
            problems = " ".join(dict.fromkeys(report.problems))
            raise RuntimeError(f"No account of {batch['name']} could be read. {problems}")
    return {
        "rows": sum(outcome.rows_written for outcome in report.outcomes),
        "restated": sum(outcome.restated for outcome in report.outcomes),
        "requests": sum(outcome.requests for outcome in report.outcomes),
        "problems": report.problems,
    }


def rebuild() -> dict[str, int]:
    """Bring the facts of the days to what the kept answers say; gives how many rows that changed."""
    from include.ingestion.rebuilding import rebuild

    params = _asked()
    days = Window(date.fromisoformat(params["first"]), date.fromisoformat(params["last"]))
    engine, changed, unreadable = doors.warehouse(), 0, []
    for platform in _measuring():
        for account in doors.accounts(params["accounts"], platform=platform.name):
            hook = doors.hook(account.key)
            for stream in _streams(params["streams"], platform):
                told = rebuild(engine, hook, account.key, stream, days)
                log.info(told)
                changed += told.rows_written + told.restated
                unreadable += [f"{account.key} {stream} {said}" for said in told.unreadable]
    if unreadable:
        raise RuntimeError(f"Some kept answers could not be read: {'; '.join(unreadable)}. The others were.")
    return {"rows": changed}


def _asked() -> Mapping[str, Any]:
    """What the run was asked for. Raises ValueError for a name that it does not know, which would be passed over."""
    context = get_current_context()
    known, conf = set(context["dag"].params), context["dag_run"].conf or {}
    if unknown := sorted(set(conf) - known):
        raise ValueError(f"There is no {', '.join(unknown)} to be asked for; there are {', '.join(sorted(known))}.")
    return context["params"]


def _measuring() -> list[Platform]:
    return [platform for platform in every_platform().values() if platform.streams]


def _streams(names: str, platform: Platform) -> list[str]:
    """The platform's streams of these names; raises ValueError naming those that no platform has."""
    wanted = names.replace(",", " ").split()
    known = {stream.name for each in _measuring() for stream in each.streams}
    if unknown := sorted(set(wanted) - known - {"all"}):
        raise ValueError(f"No such stream: {', '.join(unknown)}. There are {', '.join(sorted(known))}; or write all.")
    return [s.name for s in platform.streams if wanted in ([], ["all"]) or s.name in wanted]


def _batches(
    platform: str, accounts: Sequence[Account], streams: Sequence[str], days: Window, repair_days: int = 0
) -> Iterator[Batch]:
    for number, group in enumerate(_groups(accounts), start=1):
        if streams:
            yield {
                "name": f"{platform} {number}",
                "accounts": [account.key for account in group],
                "streams": list(streams),
                "first": str(days.first),
                "last": str(days.last),
                "repair_days": repair_days,
            }


def _groups(accounts: Sequence[Account]) -> Iterator[Sequence[Account]]:
    for start in range(0, len(accounts), BATCH):
        yield accounts[start : start + BATCH]


def _jobs(batch: Batch) -> "list[Job]":
    from include.ingestion.batch import Job

    days = Window(date.fromisoformat(batch["first"]), date.fromisoformat(batch["last"]))
    jobs, zones = [], _zones()
    for account in doors.accounts(batch["accounts"]):
        platform, hook = doors.platform_of(account.key), doors.hook(account.key)
        today = functools.partial(_today, platform=platform, zone=zones[account.key])
        jobs += [
            Job(hook, account, stream, _with_the_past(days, stream, batch["repair_days"]), today(stream))
            for stream in platform.streams
            if stream.name in batch["streams"]
        ]
    return jobs


def _with_the_past(days: Window, stream: Stream, repair_days: int) -> Window:
    from include.ingestion.windows import look_back

    return Window(days.first - timedelta(days=look_back(stream, repair_days)), days.last) if repair_days else days


def _zones() -> "Mapping[str, str]":
    from include.ingestion.zones import account_zones

    with doors.warehouse().connect() as connection:
        return account_zones(connection, doors.brands())


def _today(stream: Stream, platform: Platform, zone: str) -> date:
    """Today in the calendar of the stream's days; `zone` counts where each account has its own."""
    from include.ingestion.windows import today_for

    day_zone = zone if platform.day_zone == "account" else platform.day_zone
    return today_for(stream, day_zone, datetime.now(UTC))


def _say_what_it_takes(by_platform: dict[Platform, list[Account]], streams: str, days: Window) -> None:
    from include.ingestion.plan import outlook

    asked = {platform.name: _streams(streams, platform) for platform in by_platform}
    zones = _zones()
    wanted = [
        (account, stream, _today(stream, platform, zones[account.key]))
        for platform, accounts in by_platform.items()
        for account in accounts
        for stream in platform.streams
        if stream.name in asked[platform.name]
    ]
    with doors.warehouse().connect() as connection:
        for each in outlook(connection, wanted, days, datetime.now(UTC)):
            log.info(each)


def _tell_of_retired(sentences: Sequence[str], tellings: OneByOne) -> None:
    for sentence in sentences:
        with tellings.next():
            gone = f"A number is gone: {sentence}."
            doors.tell_ops(f"retired:{sentence}", gone, "The other numbers are read as before.")
