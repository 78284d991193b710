"""An ad account in the warehouse: what was read of it, day by day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.spending.warehouse import WarehouseSpend
from include.warehouse.partitions import ensure_months
from include.warehouse.tables import ad_day, ad_entity, ad_hour, ingest_window

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ACCOUNT = "meta_ads_aurora"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class Ads:
    """Writes what a reading would have."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def campaign(self, entity_id: str, name: str, daily: object = 60, status: str = "ACTIVE", **more: Any) -> None:
        row = {"account": ACCOUNT, "entity_id": entity_id, "level": "campaign", "name": name, "status": status}
        row |= {"effective_status": status, "currency": "EUR", "daily_budget": daily, **more}
        self.put(ad_entity, row)

    def account(self) -> None:
        row = {"account": ACCOUNT, "entity_id": "act_1", "level": "account", "name": "Aurora", "status": "ACTIVE"}
        self.put(ad_entity, {**row, "effective_status": "ACTIVE", "currency": "EUR"})
        self.read(TODAY, stream="ad_entities")

    def read(self, day: date, at: datetime = NOW, stream: str = "ad_day") -> None:
        row = {"account": ACCOUNT, "stream": stream, "metric_date": day, "status": "provisional", "fetched_at": at}
        self.put(ingest_window, row)

    def spent(self, day: date, entity_id: str, amount: object, attribution: str = "7d_click_1d_view") -> None:
        row = {"account": ACCOUNT, "metric_date": day, "level": "campaign", "entity_id": entity_id, "currency": "EUR"}
        self.put(ad_day, {**row, "attribution": attribution, "spend": Decimal(str(amount))})

    def hour(self, day: date, entity_id: str, hour: int, amount: object) -> None:
        row = {"account": ACCOUNT, "metric_date": day, "entity_id": entity_id, "hour": hour, "currency": "EUR"}
        self.put(ad_hour, {**row, "spend": Decimal(str(amount))})

    def put(self, table: Any, row: dict[str, Any]) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(table).values(row))


@pytest.fixture
def ads(engine: Engine) -> Ads:
    with engine.begin() as connection:
        ensure_months(connection, ad_day, ago(60), TODAY)
    return Ads(engine)


@pytest.fixture
def spend(engine: Engine, ads: Ads) -> Callable[..., Any]:
    def ask(days: int = 10, zone: str = "Europe/Rome") -> list[Any]:
        with engine.connect() as connection:
            return list(WarehouseSpend(connection, {ACCOUNT: zone}, NOW).spend([ACCOUNT], ago(days), TODAY))

    return ask
