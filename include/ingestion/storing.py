"""A reading into the facts, in the caller's transaction."""

from sqlalchemy import Connection

from include.domain.records import AccountDay, AdDay, AdEntity, AdHour, PostSnapshot, RemotePost, WebDay
from include.ingestion.reading import Reading
from include.warehouse import tables
from include.warehouse.loading import Loaded, load


def store(connection: Connection, reading: Reading) -> Loaded:
    """Load every row of `reading`. Rows that say what is known already are not written."""
    facts = (
        (tables.remote_post, RemotePost, reading.posts),
        (tables.post_snapshot, PostSnapshot, reading.snapshots),
        (tables.account_day, AccountDay, reading.account_days),
        (tables.ad_entity, AdEntity, reading.ad_entities),
        (tables.ad_day, AdDay, reading.ad_days),
        (tables.ad_hour, AdHour, reading.ad_hours),
        (tables.web_day, WebDay, reading.web_days),
    )
    loads = [load(connection, table, rows.values(), columns=kind._fields) for table, kind, rows in facts if rows]
    return Loaded(
        written=sum(one.written for one in loads),
        restated=sum(one.restated for one in loads),
        unchanged=sum(one.unchanged for one in loads),
    )
