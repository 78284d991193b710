"""A reading into the facts, in the caller's transaction."""

from sqlalchemy import Connection

from include.domain.records import AccountDay, PostSnapshot, RemotePost
from include.ingestion.reading import Reading
from include.warehouse import tables
from include.warehouse.loading import Loaded, load


def store(connection: Connection, reading: Reading) -> Loaded:
    """Load every row of `reading`. Rows that say what is known already are not written."""
    loads = [
        load(connection, tables.remote_post, reading.posts.values(), columns=RemotePost._fields),
        load(connection, tables.post_snapshot, reading.snapshots.values(), columns=PostSnapshot._fields),
        load(connection, tables.account_day, reading.account_days.values(), columns=AccountDay._fields),
    ]
    return Loaded(
        written=sum(one.written for one in loads),
        restated=sum(one.restated for one in loads),
        unchanged=sum(one.unchanged for one in loads),
    )
