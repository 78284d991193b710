"""Facts of two accounts of one brand in the week of 16 to 22 November 2026, small enough to add up by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select

from include.domain import Account, AccountDay, Brand, PostSnapshot, RemotePost, Window
from include.kpis.roll_up import roll_up
from include.warehouse import tables
from include.warehouse.loading import load

MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
FACEBOOK, X = "facebook_aurora", "x_aurora"


@dataclass(frozen=True)
class Facts:
    """Puts rows into the facts and the ledger, and reads the KPIs that come of them."""

    engine: Engine

    def put(self, *rows: AccountDay | RemotePost | PostSnapshot) -> None:
        with self.engine.begin() as connection:
            for kind, table in (
                (AccountDay, tables.account_day),
                (RemotePost, tables.remote_post),
                (PostSnapshot, tables.post_snapshot),
            ):
                some = [row for row in rows if isinstance(row, kind)]
                if some:
                    load(connection, table, some, columns=kind._fields)

    def read(self, account: str, days: Window, status: str = "final", reason: str | None = None) -> None:
        """Let the ledger say that both streams of `account` were read on `days`."""
        rows = [
            {
                "account": account,
                "stream": stream,
                "metric_date": day,
                "status": status,
                "reason": reason,
                "fetched_at": NOW if status in ("final", "provisional") else None,
            }
            for stream in ("account_day", "posts")
            for day in days.days()
        ]
        with self.engine.begin() as connection:
            known = tables.ingest_window.c
            old = (known.account == account) & known.metric_date.between(days.first, days.last)
            connection.execute(delete(tables.ingest_window).where(old))
            connection.execute(insert(tables.ingest_window), rows)

    def kpis(self, *columns: str, week: date = MONDAY) -> dict[tuple[str, str, str], Any]:
        """`columns` of the week's rows by account, KPI and slice; a single column without its tuple."""
        c = tables.kpi_week.c
        names = columns or ("value",)
        with self.engine.begin() as connection:
            rows = connection.execute(
                select(c.account, c.kpi, c.slice, *(c[name] for name in names)).where(c.week == week)
            ).all()
        return {tuple(row[:3]): row[3] if len(names) == 1 else tuple(row[3:]) for row in rows}


def post(account: str, remote_id: str, published: datetime, content_type: str = "text") -> RemotePost:
    return RemotePost(account, remote_id, published, content_type, "Pane caldo", f"https://x/{remote_id}")


def levels(account: str, by_day: Iterable[tuple[date, int]], **more: int) -> list[AccountDay]:
    return [AccountDay(account, day, "day", followers=level, **more) for day, level in by_day]


@pytest.fixture
def brand() -> Brand:
    accounts = (Account("facebook", "aurora", "aurora"), Account("x", "aurora", "aurora"))
    return Brand("aurora", "Bottega Aurora", "Europe/Rome", "it", "#aurora", accounts)


@pytest.fixture
def facts(engine: Engine) -> Facts:
    return Facts(engine)


@pytest.fixture
def aurora(facts: Facts) -> Facts:
    """Facebook gains 3 and loses 1 follower a day; X tells levels at the two Sundays only. Three posts."""
    days = Window(MONDAY, SUNDAY).days()
    before = MONDAY - timedelta(days=1)
    noon = datetime(2026, 11, 17, 11, tzinfo=UTC)
    facts.put(
        *levels(FACEBOOK, [(before, 1000)]),
        *levels(FACEBOOK, ((day, 1002 + 2 * n) for n, day in enumerate(days)), follows=3, unfollows=1),
        AccountDay(FACEBOOK, SUNDAY, "week", reach=2028),
        *levels(X, [(before, 500), (SUNDAY, 495)]),
        post(FACEBOOK, "f1", noon, "image"),
        PostSnapshot(FACEBOOK, "f1", date(2026, 11, 18), reactions=4, comments=1, shares=0, reach=80, views=90),
        PostSnapshot(FACEBOOK, "f1", date(2026, 11, 23), reactions=10, comments=2, shares=1, reach=200, views=300),
        post(FACEBOOK, "f2", noon, "link"),
        PostSnapshot(FACEBOOK, "f2", date(2026, 11, 23), reactions=5, comments=0, shares=0, views=100),
        post(X, "x1", noon, "text"),
        PostSnapshot(X, "x1", date(2026, 11, 23), reactions=3, comments=1, shares=2, saves=0, impressions=120),
    )
    for account in (FACEBOOK, X):
        facts.read(account, Window(MONDAY - timedelta(days=7), SUNDAY))
    return facts


@pytest.fixture
def rolled(aurora: Facts, brand: Brand) -> Facts:
    roll_up(aurora.engine, [brand], MONDAY, NOW)
    return aurora
