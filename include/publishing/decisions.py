"""What a person decides about a post that the desk held, or wants no more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from include.domain.posts import Receipt
from include.publishing import approval, journal, ledger
from include.publishing.states import CALLABLE_OFF, State


class NotYours(ValueError):
    """A decision about a post that is not, or no longer, a person's to decide. The message says where it stands."""


def send_anyway(engine: Engine, post_id: str, *, by: str, now: datetime) -> None:
    """Let a held or refused post go out now. Of one that may be out already, this says that it is not: look first.

    Raises NotYours where it is not held or refused, or nobody approved its text.
    """
    with engine.begin() as connection:
        row = _one(journal.lock(connection, journal.of_post(post_id)), post_id)
        if row.state not in (State.HELD, State.REFUSED):
            raise NotYours(f"Post {post_id} is {row.state}; only a held or refused one can be sent anyway.")
        text = journal.text_of(connection, post_id)
        if text.removed_at is not None or not approval.is_approved(connection, post_id, text.content_hash):
            raise NotYours(f"Post {post_id} needs an approval of the text that the calendar has now.")
        changes = {**journal.afresh(row), "sent_at": None, "publish_at": now}
        journal.enter(connection, row, State.DUE, at=now, by=by, note=f"{by} wants it sent.", **changes)


def cancel(engine: Engine, post_id: str, *, by: str, now: datetime) -> None:
    """Call a post off. It stays off until its row is edited. Of one that may be out, this says that it is not.

    Raises NotYours where it is out or on its way.
    """
    with engine.begin() as connection:
        row = _one(journal.lock(connection, journal.of_post(post_id)), post_id)
        if row.state == State.CANCELLED:
            return
        if row.state not in CALLABLE_OFF:
            raise NotYours(f"Post {post_id} is {row.state} and cannot be called off any more.")
        note = f"{by} called it off."
        changes = {**journal.afresh(row), "sent_at": None}
        journal.enter(connection, row, State.CANCELLED, at=now, by=by, note=note, **changes)


def confirm_live(engine: Engine, receipt: Receipt, *, by: str, now: datetime) -> None:
    """Somebody saw a held or unknown post on the platform, at `receipt.url`. Raises NotYours for any other."""
    with engine.begin() as connection:
        row = _one(journal.lock(connection, journal.of_post(receipt.post_id)), receipt.post_id)
        if row.state not in (State.HELD, State.UNKNOWN):
            raise NotYours(f"Post {receipt.post_id} is {row.state}; there is nothing to confirm.")
        ledger.set_live(connection, row, receipt, now=now, by=by)


def _one(rows: Sequence[journal.PublicationRow], post_id: str) -> journal.PublicationRow:
    if not rows:
        raise NotYours(f"There is no post {post_id}.")
    return rows[0]
