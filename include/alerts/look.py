"""A look at the ledgers: what is unsettled, unread or cut off. Rows for `checks.py`; nothing is judged here."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from include.alerts.found import Found, HeardRow, HoldRow, NewestDay, PublicationRow, UnreadDay
from include.domain.accounts import Account
from include.warehouse.on_hold import is_on_hold
from include.warehouse.tables import approval, comment_read, hold, ingest_window, message, post, publication

LATELY = timedelta(days=7)
"""How far back a refused or unanswered post is still looked at."""

HOLES = timedelta(days=35)
"""How far back a day that was never read is: as far as the nightly run looks for gaps to mend."""

_SETTLED = ("live", "deleted", "cancelled")

_day = ingest_window.c
_READ = _day.status.in_(("provisional", "final"))


def look(
    connection: Connection,
    accounts: Iterable[Account],
    streams: Mapping[str, Collection[str]],
    *,
    now: datetime,
    unconnected: Mapping[str, str] | None = None,
) -> Found:
    """What the ledgers say of `accounts` at `now` (UTC). `streams` names those of each platform, `unconnected` the
    accounts without a usable connection, each with the reason in words."""
    watched = list(accounts)
    keys = [account.key for account in watched]
    return Found(
        now=now,
        publications=_publications(connection, now),
        holds=_holds(connection),
        unread=_unread(connection, keys, now),
        newest=_newest(connection, [(account.key, s) for account in watched for s in _of(streams, account)]),
        heard=_heard(connection, keys),
        dead={**_dead_to_comments(connection, keys), **_dead(connection, keys)},
        unconnected={key: why for key, why in (unconnected or {}).items() if key in keys},
    )


def _of(streams: Mapping[str, Collection[str]], account: Account) -> Collection[str]:
    """What is read of an account; nothing where people post by hand."""
    return () if account.manual else streams.get(account.platform, ())


def _publications(connection: Connection, now: datetime) -> list[PublicationRow]:
    """What is due and not settled, and what was refused or left unanswered lately."""
    table = publication.c
    wanted = and_(
        table.state.not_in(_SETTLED),
        or_(table.publish_at <= now, table.state.in_(("held", "refused", "unknown"))),
        or_(table.part == 0, table.state != "refused"),  # a refused part is told as a post that is out only in part
        or_(table.state.not_in(("refused", "partly_live")), table.updated_at > now - LATELY),
        or_(table.state != "planned", table.publish_at > now - LATELY),
        or_(table.part == 0, table.state.not_in(("planned", "approved", "due"))),  # it waits for the part before it
    )
    question = func.concat("held:", table.fence, ":", table.part, ":", table.post_id)
    # Of a post that is out in part, its first row says which parts are and why the others are not.
    first = publication.alias("first")
    is_first = and_(first.c.post_id == table.post_id, first.c.part == 0, first.c.state == "partly_live")
    of_this_text = and_(approval.c.post_id == post.c.post_id, approval.c.content_hash == post.c.content_hash)
    rows = connection.execute(
        select(
            table.post_id,
            table.account,
            post.c.text,
            table.publish_at,
            table.state,
            table.updated_at,
            func.coalesce(first.c.reason, table.reason),
            table.sent_at,
            approval.c.decision,
            message.c.sent_at,
            is_on_hold(publication),
        )
        .join(post, post.c.post_id == table.post_id)
        .outerjoin(approval, of_this_text)
        .outerjoin(message, and_(message.c.message_key == question, message.c.ts.is_not(None)))
        .outerjoin(first, is_first)
        .where(wanted)
        .order_by(table.publish_at, table.post_id, table.part)
    )
    return [PublicationRow(*row) for row in rows]


def _holds(connection: Connection) -> list[HoldRow]:
    columns = (hold.c.subject, hold.c.held_by, hold.c.why, hold.c.held_at)
    rows = connection.execute(select(*columns).where(hold.c.lifted_at.is_(None)).order_by(hold.c.held_at))
    return [HoldRow(*row) for row in rows]


def _unread(connection: Connection, accounts: Collection[str], now: datetime) -> list[UnreadDay]:
    """Days that should be known; the newest two may still be on their way."""
    last = now.date() - timedelta(days=2)
    rows = connection.execute(
        select(_day.account, _day.stream, _day.metric_date, _day.status, _day.reason)
        .where(
            _day.account.in_(accounts),
            _day.status.in_(("missing", "failed")),
            _day.metric_date.between(now.date() - HOLES, last),
        )
        .order_by(_day.account, _day.stream, _day.metric_date)
    )
    return [UnreadDay(*row) for row in rows]


def _newest(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[NewestDay]:
    """The newest day of each wanted stream; nothing of an account that no night has tried to read yet."""
    rows = connection.execute(
        select(_day.account, _day.stream, func.max(_day.metric_date).filter(_READ)).group_by(_day.account, _day.stream)
    )
    known: dict[tuple[str, str], date | None] = {(account, stream): day for account, stream, day in rows}
    tried = {account for account, _ in known}
    return [NewestDay(account, stream, known.get((account, stream))) for account, stream in wanted if account in tried]


def _heard(connection: Connection, accounts: Collection[str]) -> list[HeardRow]:
    """When the comments of each account were last read. One that no run has come to has no row."""
    read = comment_read.c
    since = func.coalesce(read.read_at, read.first_tried_at)
    columns = (read.account, since, read.read_at.is_(None), read.reason, read.not_before)
    rows = connection.execute(select(*columns).where(read.account.in_(accounts)).order_by(read.account))
    return [HeardRow(*row) for row in rows]


def _dead_to_comments(connection: Connection, accounts: Collection[str]) -> dict[str, str]:
    """Accounts that were refused for their credentials when their comments were last asked for."""
    read = comment_read.c
    rows = connection.execute(
        select(read.account, read.reason).where(read.credentials_dead, read.account.in_(accounts))
    )
    return {account: reason or "" for account, reason in rows}


def _dead(connection: Connection, accounts: Collection[str]) -> dict[str, str]:
    """Accounts that were refused for their credentials, in whichever stream, and of which no later day was read since.

    Reading only: a post that met a dead token is held, and told as such.
    """
    refused = func.max(_day.metric_date).filter(_day.credentials_dead)
    rows = connection.execute(
        select(_day.account, func.max(_day.reason).filter(_day.credentials_dead))
        .where(_day.account.in_(accounts))
        .group_by(_day.account)
        .having(refused >= func.coalesce(func.max(_day.metric_date).filter(_READ), refused))
    )
    return {account: reason or "" for account, reason in rows}
