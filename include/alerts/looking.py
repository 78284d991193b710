"""What the warehouse knows of trouble: the rows that `checks` judges."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select

from include.alerts.found import Found, NewestDay, PublicationRow, UnreadDay
from include.alerts.post_trouble import REFUSED_FOR
from include.warehouse.tables import ingest_window, post, publication

_SETTLED = ("live", "partly_live", "refused", "cancelled", "deleted")
_WATCHED = timedelta(days=90)  # an older hole is not mended by telling of it every hour


def look(engine: Engine, streams: Iterable[tuple[str, str]] = ()) -> Found:
    """What the ledgers say now. `streams` are the (account, stream) that should be read: one that never was is named.

    Dead credentials and missing connections are not in the warehouse; add them with `dataclasses.replace`.
    """
    with engine.connect() as connection:
        newest = _newest(connection)
        known = {(row.account, row.stream) for row in newest}
        newest += [NewestDay(account, stream, None) for account, stream in streams if (account, stream) not in known]
        now = connection.execute(select(func.now())).scalar_one()
        return Found(now, _publications(connection), _unread(connection), newest)


def _publications(connection: Connection) -> list[PublicationRow]:
    unsettled = publication.c.state.not_in(_SETTLED)
    refused = and_(publication.c.state == "refused", publication.c.updated_at > func.now() - REFUSED_FOR)
    columns: tuple[Any, ...] = (
        publication.c.post_id,
        publication.c.account,
        post.c.text,
        publication.c.publish_at,
        publication.c.state,
        publication.c.updated_at,
        publication.c.reason,
    )
    # what is due later cannot be in trouble yet, unless it was refused or held
    begun = or_(publication.c.publish_at <= func.now(), publication.c.state.not_in(("planned", "approved")))
    query = (
        select(*columns).join(post, post.c.post_id == publication.c.post_id).where(or_(and_(unsettled, begun), refused))
    )
    return [PublicationRow(*row) for row in connection.execute(query)]


def _unread(connection: Connection) -> list[UnreadDay]:
    days = ingest_window.c
    columns: tuple[Any, ...] = (days.account, days.stream, days.metric_date, days.status, days.reason)
    recent = days.metric_date > func.current_date() - _WATCHED.days
    query = select(*columns).where(days.status.in_(("missing", "failed")), recent)
    return [UnreadDay(*row) for row in connection.execute(query)]


def _newest(connection: Connection) -> list[NewestDay]:
    days = ingest_window.c
    was_read = days.status.in_(("provisional", "final"))
    newest = func.max(days.metric_date).filter(was_read)
    query = select(days.account, days.stream, newest).group_by(days.account, days.stream)
    return [NewestDay(*row) for row in connection.execute(query)]
