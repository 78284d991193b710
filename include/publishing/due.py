"""What is wrong with the posts that should be out: the questions that `check_desk` asks the ledger every hour."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, select

from include.domain.alerts import Alert, Severity
from include.publishing import journal
from include.publishing.ledger import is_late
from include.publishing.states import LEASED, WAITING, State
from include.warehouse.tables import post, publication

STUCK_AFTER = timedelta(minutes=5)

_NEXT_STEP = {
    State.REFUSED: "Change its row in the calendar, or call it off.",
    State.HELD: "Send it anyway, or call it off.",
    State.UNKNOWN: "Look for it on the platform. The account's later posts wait until this is known.",
}
_ABOUT = {
    State.REFUSED: "was refused by the platform",
    State.HELD: "is held and waits for a decision",
    State.UNKNOWN: "may be out or not",
}


def troubles(engine: Engine, *, now: datetime, grace: Mapping[str, timedelta] | None = None) -> list[Alert]:
    """An alert for each post that is late, stuck, refused, held or unknown; the earliest first."""
    states = [*WAITING, *LEASED, State.SENDING, *_ABOUT]
    query = select(publication, post.c.brand, post.c.text).join(post, post.c.post_id == publication.c.post_id)
    query = query.where(publication.c.state.in_(states), publication.c.publish_at < now).order_by(*journal.ORDER)
    with engine.connect() as connection:
        return list(_alerts(connection.execute(query), now, grace or {}))


def _alerts(rows: Iterable[Row[Any]], now: datetime, grace: Mapping[str, timedelta]) -> Iterator[Alert]:
    for row in rows:
        if row.state in _ABOUT:
            severity = Severity.CRITICAL if row.state == State.UNKNOWN else Severity.WARNING
            yield _alert(row, row.state, _ABOUT[row.state], row.reason or "", _NEXT_STEP[row.state], severity)
        elif row.state in WAITING:
            yield from _late(row, now, grace)
        elif row.lease_until is not None and row.lease_until + STUCK_AFTER < now:
            because = f"{row.claimed_by} has had it since {row.updated_at:%d %b %H:%M} UTC, and nobody took it over."
            step = "See whether publish_posts runs; its next run takes the post over."
            yield _alert(row, "stuck", f"is stuck in {row.state}", because, step, Severity.CRITICAL)


def _late(row: Row[Any], now: datetime, grace: Mapping[str, timedelta]) -> Iterator[Alert]:
    if not is_late(row, now, grace):
        return
    since = f"Its time was {row.publish_at:%d %b %H:%M} UTC."
    because = f"{since} {row.reason}" if row.reason else since
    if row.state == State.PLANNED:
        yield _alert(row, "late", "was not approved in time", because, "Approve or move it, or take its row out.")
    else:
        step = "See whether publish_posts runs, and whether an earlier post of the account stands in the way."
        yield _alert(row, "late", "is late", because, step, Severity.CRITICAL)


def _alert(
    row: Row[Any], kind: str, what: str, because: str, next_step: str, severity: Severity = Severity.WARNING
) -> Alert:
    excerpt = " ".join(row.text.split())[:60]
    return Alert(
        kind=f"post_{kind}",
        subject=row.post_id,
        headline=f"A post of {row.account} {what}: “{excerpt}”",
        because=because,
        next_step=next_step,
        severity=severity,
    )
