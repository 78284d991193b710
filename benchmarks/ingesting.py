"""How fast an ad account's days come from its platform into the facts, everything on: typing, checks, keys, the ledger,
the search for what was restated, raw answers kept, the rows of the past kept where they change.

The floor is what one would write by hand in an hour: `requests`, joined strings, COPY into a temporary table, `ON
CONFLICT DO UPDATE`, logged tables, fsync on. It checks nothing, keeps no answer and no past. Both read the same pages
from the same server, in turn, in one run.
"""

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import requests
from sqlalchemy import Engine, text

from benchmarks.ads_server import ACCOUNT, FIRST
from benchmarks.measurement import Measurement, seconds
from benchmarks.warehouse import empty_warehouse
from include.domain import Account, Window
from include.ingestion.ingest import ingest
from include.ingestion.outcomes import Ingested
from include.settings import ROOT
from include.warehouse.partitions import ensure_months
from include.warehouse.tables import ad_day
from platforms.meta_ads import PLATFORM, hook
from platforms.transport.access import Access

DAYS, PAGE, RUNS = 50, 1000, 3
TEXT = "text"
COLUMNS = (
    *("account", "metric_date", "level", "entity_id", "attribution", "currency", "spend", "impressions", "reach"),
    *("clicks", "link_clicks", "frequency", "cpm", "campaign_name", "objective"),
)
_TYPES = {"metric_date": "date", "spend": "numeric", "frequency": "numeric", "cpm": "numeric"} | dict.fromkeys(
    ("impressions", "reach", "clicks", "link_clicks"), "bigint"
)
_COLUMNS = ", ".join(f"{name} {_TYPES.get(name, TEXT)}" for name in COLUMNS)
_FLOOR = f"CREATE TABLE floor_day ({_COLUMNS}, PRIMARY KEY (account, metric_date, level, entity_id, attribution))"


def measure(size: float = 1.0) -> list[Measurement]:
    campaigns = max(round(2000 * size), 20)
    rows = campaigns * DAYS
    with _server(campaigns) as url, empty_warehouse() as engine:
        with engine.begin() as connection:
            ensure_months(connection, ad_day, FIRST, FIRST + timedelta(days=DAYS))
            connection.execute(text(_FLOOR))
        at_first = _most_memory()
        ours, floor, written = _in_turn(engine, url)
    found = []
    for turn, what in enumerate(("first reading", "unchanged re-reading")):
        name = f"{what} of {rows:,} ad rows over HTTP"
        took, could = (statistics.median(run[turn] for run in runs) for runs in (ours, floor))
        found.append(Measurement(name, rows / took, "rows/s", goal=40_000, at_least=True))
        found.append(Measurement(f"{name}, speed against the floor", could / took, "×", 0.6, at_least=True))
        found.append(Measurement(f"{name}, the floor", rows / could, "rows/s"))
    return [
        *found,
        Measurement("rows that an unchanged re-reading writes", written, "rows", goal=0),
        Measurement("memory that reading them adds at most", _most_memory() - at_first, "MiB", goal=100),
    ]


def _most_memory() -> float:
    """What this process has held at most so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_turn(engine: Engine, url: str) -> tuple[list[list[float]], list[list[float]], int]:
    """Seconds of the first reading and of the second, for each of several runs: ours, the floor; and rows written."""
    written, moment = 0, datetime.now(UTC)

    def ours() -> None:
        nonlocal written, moment
        moment += timedelta(hours=6)
        told = _ingest(engine, url, moment)
        if told.problems or told.days != DAYS:
            raise RuntimeError(str(told))
        written += (told.rows_written + told.restated) if told.unchanged else 0

    def pair(way: Callable[[], None]) -> list[float]:
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {ad_day}, desk.ingest_window, desk.raw_response, floor_day"))
        return [seconds(way), seconds(way)]

    runs = [(pair(ours), pair(lambda: floor(engine, url))) for _ in range(RUNS)]
    return [run[0] for run in runs], [run[1] for run in runs], written


def _ingest(engine: Engine, url: str, moment: datetime) -> Ingested:
    account = Account("meta_ads", "bench", "bench")
    access = Access.to(account.key, url, "a-token-of-nobody", {"ad_account_id": ACCOUNT})
    source = hook.MetaAdsHook(account.key, access=access, pause=lambda _: None)
    stream = replace(PLATFORM.stream("ad_day"), restates_days=2 * DAYS)  # so that a second reading reads all
    days = Window(FIRST, FIRST + timedelta(days=DAYS - 1))
    return ingest(engine, source, account, stream, days, by="bench", today=days.last, clock=lambda: moment)


def floor(engine: Engine, url: str) -> None:
    """The least that reads the pages and has the rows in a table with a key."""
    said = requests.Session()
    names, key = ", ".join(COLUMNS), "account, metric_date, level, entity_id, attribution"
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[5:])
    run = said.post(f"{url}/act_{ACCOUNT}/insights", timeout=30).json()["report_run_id"]
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TEMP TABLE here ON COMMIT DROP AS SELECT {names} FROM floor_day WITH NO DATA"))
        with connection.connection.cursor().copy("COPY here FROM STDIN") as copy:
            asked = {"limit": PAGE}
            while True:
                page = said.get(f"{url}/{run}/insights", params=asked, timeout=30).json()
                copy.write("".join(_line(row) for row in page["data"]))
                if "next" not in page["paging"]:
                    break
                asked = {"limit": PAGE, "after": page["paging"]["cursors"]["after"]}
        insert = f"INSERT INTO floor_day ({names}) SELECT {names} FROM here ON CONFLICT ({key})"
        connection.execute(text(f"{insert} DO UPDATE SET {changes}"))


def _line(row: dict[str, str]) -> str:
    return (
        f"{row['account_id']}\t{row['date_start']}\tcampaign\t{row['campaign_id']}\t{row['attribution_setting']}\t"
        f"{row['account_currency']}\t{row['spend']}\t{row['impressions']}\t{row['reach']}\t{row['clicks']}\t"
        f"{row['inline_link_clicks']}\t{row['frequency']}\t{row['cpm']}\t{row['campaign_name']}\t{row['objective']}\n"
    )


@contextmanager
def _server(campaigns: int) -> Iterator[str]:
    """The account, in a process of its own."""
    asked = ["--campaigns", str(campaigns), "--days", str(DAYS), "--page", str(PAGE)]
    command = [sys.executable, "-m", "benchmarks.ads_server", *asked]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as server:  # type: ignore[call-overload]
        yield server.stdout.readline().strip()
        server.stdin.close()
