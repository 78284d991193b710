"""Leads: who asks for a price, a contact or an appointment, in a comment or in a lead form. Each is told once.

What somebody left in a form is personal. It is kept for as long as `DESK_LEAD_DAYS` says, erased here and in the
message after that, and no error or log shows it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from include.domain.comments import Lead
from include.warehouse.tables import comment, lead, lead_read, message, post, publication, remote_post

FIRST_READ = timedelta(days=3)
GRACE = timedelta(hours=1)
"""Forms are read again so far back: a network's list may lag."""
WATCHED = timedelta(days=3)
"""For so long a lead's message is looked at for who takes it."""
MOST_AT_ONCE = 30
"""Leads that one look tells; Slack takes about a message a second."""
_SLACK = timedelta(minutes=5)  # between our clock and the database's
MOST_FIELDS, MOST_FIELD = 50, 2000

_l = lead.c


class NotKept(RuntimeError):
    """Leads could not be written down; they are read again. The message holds nothing of theirs."""


@dataclass(frozen=True, slots=True)
class Told:
    """A lead with its context, as it is told. `text` is the comment's, None where it is no longer kept; `fields` are
    None where there were none or they are erased."""

    lead_id: int
    brand: str
    account: str
    source: str
    source_id: str
    kind: str
    created_at: datetime
    first_seen_at: datetime
    form: str
    campaign: str
    ad: str
    fields: Sequence[Sequence[str]] | None
    erased_at: datetime | None
    told_at: datetime | None
    taken_by: str | None
    taken_at: datetime | None
    done_by: str | None
    done_at: datetime | None
    text: str | None
    url: str | None
    sponsored: bool
    post_text: str | None
    post_url: str | None
    said_at: datetime | None

    @property
    def is_said(self) -> bool:
        """Whether its message says all that there is to say already."""
        news = [at for at in (self.taken_at, self.done_at, self.erased_at) if at]
        said = self.said_at
        return self.told_at is not None and said is not None and all(at < said - _SLACK for at in news)

    @property
    def key(self) -> str:
        return f"lead:{self.lead_id}"


def keep(engine: Engine, brand: str, leads: Iterable[Lead], *, now: datetime) -> int:
    """Write down what was left in forms; gives how many are new. Raises NotKept."""
    rows = [
        {
            "brand": brand,
            "account": each.account,
            "source": "form",
            "source_id": each.lead_id,
            "kind": "form",
            "created_at": each.created_at,
            "first_seen_at": now,
            "form": _storable(each.form),
            "campaign": _storable(each.campaign),
            "ad": _storable(each.ad),
            "fields": [[_storable(name), _storable(value)] for name, value in each.fields[:MOST_FIELDS]],
        }
        for each in leads
    ]
    if not rows:
        return 0
    try:
        with engine.begin() as connection:
            return len(connection.scalars(insert(lead).on_conflict_do_nothing().returning(_l.lead_id), rows).all())
    except DBAPIError as error:  # its words would show what was to be written
        why = type(error.orig).__name__
    raise NotKept(f"{brand}: {len(rows)} leads could not be kept ({why}). They are read again in ten minutes.")


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:MOST_FIELD]


def of_interest(engine: Engine, *, now: datetime) -> list[Told]:
    """The leads that are not told yet, those that somebody may still take, and those erased lately; oldest first."""
    recent = and_(_l.told_at > now - WATCHED, or_(_l.done_at.is_(None), _l.done_at > now - timedelta(days=1)))
    untold = select(_l.lead_id).where(_l.told_at.is_(None)).order_by(_l.lead_id).limit(MOST_AT_ONCE)
    return _leads(engine, or_(_l.lead_id.in_(untold), recent, _l.erased_at > now - timedelta(days=1)))


def one(engine: Engine, lead_id: int) -> Told:
    return _leads(engine, _l.lead_id == lead_id)[0]


def _leads(engine: Engine, which: ColumnElement[bool]) -> list[Told]:
    """Each lead with the comment that it is and the post below which that stands, ours or another of the account."""
    its_comment = and_(_l.source == "comment", comment.c.account == _l.account, comment.c.comment_id == _l.source_id)
    ours = and_(publication.c.account == _l.account, publication.c.remote_id == comment.c.remote_id)
    shown = and_(remote_post.c.account == _l.account, remote_post.c.remote_id == comment.c.remote_id)
    columns = [each for each in lead.c if each.name != "campaign"]
    query = (
        select(
            *columns,
            func.coalesce(func.nullif(_l.campaign, ""), post.c.campaign, "").label("campaign"),
            comment.c.text,
            comment.c.url,
            func.coalesce(comment.c.sponsored, False).label("sponsored"),
            func.coalesce(remote_post.c.text, post.c.text).label("post_text"),
            func.coalesce(remote_post.c.url, publication.c.url).label("post_url"),
            message.c.updated_at.label("said_at"),
        )
        .outerjoin(message, message.c.message_key == func.concat("lead:", _l.lead_id))
        .outerjoin(comment, its_comment)
        .outerjoin(publication, ours)
        .outerjoin(post, post.c.post_id == publication.c.post_id)
        .outerjoin(remote_post, shown)
        .where(which)
        .order_by(_l.lead_id)
    )
    with engine.connect() as connection:
        return [Told(**row._mapping) for row in connection.execute(query)]


def set_told(engine: Engine, lead_id: int, *, at: datetime) -> None:
    """The receipt: when the sales channel was told."""
    with engine.begin() as connection:
        connection.execute(update(lead).where(_l.lead_id == lead_id, _l.told_at.is_(None)).values(told_at=at))


def take(engine: Engine, lead_id: int, *, by: str, now: datetime) -> bool:
    """Somebody sees to it. Whether nobody did before."""
    return _sign(engine, lead_id, _l.taken_by, {"taken_by": by, "taken_at": now})


def finish(engine: Engine, lead_id: int, *, by: str, now: datetime) -> bool:
    """Somebody has seen to it. Whether nobody had before."""
    return _sign(engine, lead_id, _l.done_by, {"done_by": by, "done_at": now})


def _sign(engine: Engine, lead_id: int, free: Any, values: Mapping[str, Any]) -> bool:
    with engine.begin() as connection:
        signed = update(lead).where(_l.lead_id == lead_id, free.is_(None)).values(**values).returning(_l.lead_id)
        return connection.execute(signed).one_or_none() is not None


def erase(engine: Engine, *, before: datetime, now: datetime) -> int:
    """Forget what was left in forms before then; gives of how many leads. That there were some, and who took them,
    stays."""
    old = update(lead).where(_l.source == "form", _l.created_at < before, _l.erased_at.is_(None))
    with engine.begin() as connection:
        return len(connection.scalars(old.values(fields=null(), erased_at=now).returning(_l.lead_id)).all())


def since(connection: Connection, account: str, *, now: datetime) -> datetime | None:
    """From when on an account's forms are to be read; None where its network asked us to wait."""
    row = connection.execute(select(lead_read).where(lead_read.c.account == account)).one_or_none()
    if row is not None and row.not_before is not None and row.not_before > now:
        return None
    return row.read_through - GRACE if row and row.read_through else now - FIRST_READ


def note_read(
    engine: Engine,
    account: str,
    *,
    now: datetime,
    through: datetime | None = None,
    reason: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Write down how a try to read an account's forms ended."""
    values: dict[str, Any] = {"tried_at": now, "reason": reason, "not_before": not_before}
    values |= {"read_through": through} if through else {}
    tried = insert(lead_read).values(account=account, **values)
    with engine.begin() as connection:
        connection.execute(tried.on_conflict_do_update(index_elements=[lead_read.c.account], set_=values))


def unread(engine: Engine, accounts: Collection[str], *, before: datetime) -> dict[str, str]:
    """Why the forms of accounts could not be read since then, in words."""
    late = (lead_read.c.account.in_(accounts), lead_read.c.reason.is_not(None))
    old = or_(lead_read.c.read_through.is_(None), lead_read.c.read_through < before)
    with engine.connect() as connection:
        rows = connection.execute(select(lead_read.c.account, lead_read.c.reason).where(*late, old))
        return {row.account: str(row.reason) for row in rows}
