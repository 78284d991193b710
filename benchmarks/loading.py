"""How fast rows come into the warehouse, and what keeping every former value costs over the least that it could.

The least is what one would write by hand: COPY into a temporary table, `INSERT … ON CONFLICT DO UPDATE` from there. It
keeps no history and writes every row that it meets. Both load the same tuples in turn, in one run.
"""

import statistics
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import Engine, text

from benchmarks.measurement import Measurement, seconds
from benchmarks.warehouse import empty_warehouse
from include.domain import AccountDay
from include.warehouse.loading import Loaded, load
from include.warehouse.partitions import ensure_months
from include.warehouse.tables import account_day

FIRST, DAYS = date(2026, 1, 1), 250
RUNS = 3


def measure(size: float = 1.0) -> list[Measurement]:
    rows = account_days(accounts=max(round(400 * size), 1))
    with empty_warehouse() as engine:
        with engine.begin() as connection:
            ensure_months(connection, account_day, FIRST, rows[-1].metric_date)
        ours, least, written = _in_turn(engine, rows)
    found = []
    for turn, what in enumerate(("first load", "unchanged re-load")):
        name = f"{what} of {len(rows):,} account days"
        took, could = (statistics.median(run[turn] for run in runs) for runs in (ours, least))
        found.append(Measurement(name, len(rows) / took, "rows/s", goal=40_000, at_least=True))
        found.append(Measurement(f"{name}, speed against COPY and ON CONFLICT", could / took, "×", 0.6, at_least=True))
    return [*found, Measurement("rows that an unchanged re-load writes", written, "rows", goal=0)]


def account_days(accounts: int) -> list[AccountDay]:
    return [
        AccountDay(
            f"facebook_{number}",
            FIRST + timedelta(days=day),
            "day",
            followers=(followers := 1000 + number * 7 + day),
            follows=day % 9,
            unfollows=day % 4,
            reach=followers * 3,
            views=followers * 5,
            impressions=followers * 4,
            engagements=day * 2,
        )
        for day in range(DAYS)
        for number in range(accounts)
    ]


def _in_turn(engine: Engine, rows: Sequence[AccountDay]) -> tuple[list[list[float]], list[list[float]], int]:
    """Seconds of the first load and of the re-load, for each of several runs: ours, the least; and rows written."""
    written = 0

    def ours() -> None:
        nonlocal written
        loaded = _load(engine, rows)
        written += (loaded.written + loaded.restated) if loaded.unchanged else 0

    def pair(way: Callable[[], None]) -> list[float]:
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {account_day}"))
        return [seconds(way), seconds(way)]

    runs = [(pair(ours), pair(lambda: _copy_and_insert(engine, rows))) for _ in range(RUNS)]
    return [run[0] for run in runs], [run[1] for run in runs], written


def _load(engine: Engine, rows: Sequence[AccountDay]) -> Loaded:
    with engine.begin() as connection:
        return load(connection, account_day, rows, columns=AccountDay._fields)


def _copy_and_insert(engine: Engine, rows: Sequence[AccountDay]) -> None:
    names = ", ".join(AccountDay._fields)
    changes = ", ".join(f"{name} = excluded.{name}" for name in AccountDay._fields[3:])
    with engine.begin() as connection:
        empty = f"SELECT {names} FROM {account_day} WITH NO DATA"
        connection.execute(text(f"CREATE TEMP TABLE batch ON COMMIT DROP AS {empty}"))
        with connection.connection.cursor().copy("COPY batch FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([account_day.c[name].type.compile(engine.dialect).lower() for name in AccountDay._fields])
            for row in rows:
                copy.write_row(row)
        insert = f"INSERT INTO {account_day} ({names}) SELECT {names} FROM batch"
        connection.execute(text(f"{insert} ON CONFLICT (account, metric_date, period) DO UPDATE SET {changes}"))
