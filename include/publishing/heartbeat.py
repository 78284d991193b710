"""The sign of life of a DAG that must never rest, for a watchdog outside Airflow to read."""

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import heartbeat


def beat(engine: Engine, name: str, *, by: str, now: datetime) -> None:
    """Write down that the DAG `name` runs."""
    values = {"name": name, "at": now, "by": by}
    with engine.begin() as connection:
        connection.execute(insert(heartbeat).values(values).on_conflict_do_update(index_elements=["name"], set_=values))
