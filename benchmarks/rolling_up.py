"""How long the roll-up of eight weeks takes, for brands with two accounts each: the first time, and with no change."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, Table, insert

from benchmarks.measurement import Measurement, seconds
from benchmarks.warehouse import empty_warehouse
from include.domain import Account, AccountDay, Brand, PostSnapshot, RemotePost
from include.kpis.roll_up import roll_up_weeks
from include.warehouse import tables
from include.warehouse.loading import load

WEEKS = 8
LAST = date(2026, 11, 16)
DAYS = [LAST + timedelta(days=6 - back) for back in range(7 * (WEEKS + 1))]
NOW = datetime.combine(LAST + timedelta(days=8), time(6), UTC)
POSTS_A_DAY = 3


def measure(size: float = 1.0) -> list[Measurement]:
    brands = [_brand(number) for number in range(max(round(10 * size), 1))]
    with empty_warehouse() as engine:
        for brand in brands:
            for account in brand.accounts:
                _read(engine, account.key)
        rows: list[int] = []
        first, again = (seconds(lambda: rows.append(roll_up_weeks(engine, brands, LAST, WEEKS, NOW))) for _ in range(2))
    return [
        Measurement(
            f"roll-up of {WEEKS} weeks, a brand ({rows[0] // len(brands):,} KPIs)", first / len(brands), "s", 1
        ),
        Measurement("the same again, nothing changed", again / len(brands), "s", 1),
        Measurement("KPIs that an unchanged roll-up writes", rows[1], "rows", 0),
    ]


def _brand(number: int) -> Brand:
    accounts = tuple(Account(platform, f"shop_{number}", f"shop_{number}") for platform in ("facebook", "x"))
    return Brand(f"shop_{number}", f"Shop {number}", "Europe/Rome", "it", f"#shop-{number}", accounts)


def _read(engine: Engine, account: str) -> None:
    """An account whose every day was read."""
    periods = ("day", "week")
    days = [AccountDay(account, day, period, 1000, 5, 2, 400, 900, 800, 60) for day in DAYS for period in periods]
    posts = [
        RemotePost(account, f"{day:%j}-{n}", datetime.combine(day, time(9 + n), UTC), "text", "Pane", f"https://x/{n}")
        for day in DAYS
        for n in range(POSTS_A_DAY)
    ]
    seen = [PostSnapshot(account, post.remote_id, LAST + timedelta(days=7), 10, 2, 1, 0, 4, 300, 500) for post in posts]
    _load(engine, tables.account_day, AccountDay._fields, days)
    _load(engine, tables.remote_post, RemotePost._fields, posts)
    _load(engine, tables.post_snapshot, PostSnapshot._fields, seen)
    known = {"account": account, "status": "final", "fetched_at": NOW}
    with engine.begin() as connection:
        rows = [{**known, "stream": stream, "metric_date": day} for stream in ("account_day", "posts") for day in DAYS]
        connection.execute(insert(tables.ingest_window), rows)


def _load(engine: Engine, table: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with engine.begin() as connection:
        load(connection, table, rows, columns=columns)
