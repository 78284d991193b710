"""A reading into the facts, in the caller's transaction."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from include.domain.records import AccountDay, AdDay, AdEntity, AdHour, PostSnapshot, RemotePost
from include.ingestion.reading import Reading
from include.warehouse import tables
from include.warehouse.loading import Loaded, load

GONE = "GONE"
"""The `effective_status` of a campaign that its ad account no longer lists: archived or deleted, and not running."""


def store(connection: Connection, reading: Reading) -> Loaded:
    """Load every row of `reading`. Rows that say what is known already are not written."""
    facts = (
        (tables.remote_post, RemotePost, reading.posts),
        (tables.post_snapshot, PostSnapshot, reading.snapshots),
        (tables.account_day, AccountDay, reading.account_days),
        (tables.ad_entity, AdEntity, {row.entity_id: row for row in _with_those_gone(connection, reading.ad_entities)}),
        (tables.ad_day, AdDay, reading.ad_days),
        (tables.ad_hour, AdHour, reading.ad_hours),
    )
    loads = [load(connection, table, rows.values(), columns=kind._fields) for table, kind, rows in facts if rows]
    return Loaded(
        written=sum(one.written for one in loads),
        restated=sum(one.restated for one in loads),
        unchanged=sum(one.unchanged for one in loads),
    )


def _with_those_gone(connection: Connection, listed: Mapping[str, AdEntity]) -> Iterator[AdEntity]:
    """What an ad account lists, and what it listed before and no longer does.

    The list is whole where the account itself is in it, for it was read in one window.
    """
    yield from listed.values()
    whole = {row.account for row in listed.values() if row.level == "account"}
    if not whole:
        return
    c = tables.ad_entity.c
    gone = select(*(c[name] for name in AdEntity._fields)).where(
        c.account.in_(whole), c.effective_status != GONE, c.entity_id.not_in([*listed])
    )
    for row in connection.execute(gone):
        yield AdEntity(**row._mapping)._replace(effective_status=GONE)
