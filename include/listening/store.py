"""Comments in the warehouse: many at once, what did not change written not at all, what an edit replaced kept."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, delete, or_, select, update

from include.domain.comments import Comment
from include.listening.authors import author_hash
from include.warehouse.loading import Loaded, load
from include.warehouse.storable import storable
from include.warehouse.tables import comment, comment_history


class Row(NamedTuple):
    """A comment as the table holds it, of what the platform says."""

    account: str
    comment_id: str
    remote_id: str
    parent_id: str | None
    created_at: datetime
    edited_at: datetime | None
    text: str
    author_hash: str | None
    ours: bool
    sponsored: bool
    hidden: bool | None
    url: str
    said_language: str | None


def store(connection: Connection, comments: Iterable[Comment], *, salt: bytes, keep_from: datetime) -> Loaded:
    """Bring what was heard into the table, within the caller's transaction.

    A comment that came twice counts once, as it was edited last. What was written before `keep_from` is left out: its
    text is not to be kept. One that was gone and is shown again is gone no more. Where the platform does not say
    whether one is hidden, what the desk knows of it stays.
    """
    found: dict[tuple[str, str], Row] = {}
    for heard in comments:
        if heard.created_at >= keep_from:
            row = _row(heard, salt)
            found[row[:2]] = _later(found.get(row[:2]), row)
    loaded = [
        _load(connection, list(alike), is_told=is_told)
        for is_told, alike in groupby((found[key] for key in sorted(found)), lambda row: row.hidden is not None)
    ]
    _show_again(connection, found)
    return Loaded(
        sum(each.written for each in loaded),
        sum(each.restated for each in loaded),
        sum(each.unchanged for each in loaded),
    )


def _load(connection: Connection, rows: Iterable[Row], *, is_told: bool) -> Loaded:
    """Rows that go on from one another in the order of the key, against deadlock."""
    columns = [name for name in Row._fields if is_told or name != "hidden"]
    return load(connection, comment, (tuple(getattr(row, name) for name in columns) for row in rows), columns=columns)


def _row(heard: Comment, salt: bytes) -> Row:
    return Row(
        account=heard.account,
        comment_id=heard.comment_id,
        remote_id=heard.remote_id,
        parent_id=heard.parent_id,
        created_at=heard.created_at,
        edited_at=heard.edited_at,
        text=storable(heard.text),
        author_hash=author_hash(salt, heard.author),
        ours=heard.ours,
        sponsored=heard.sponsored,
        hidden=heard.hidden,
        url=storable(heard.url),
        said_language=heard.language,
    )


def _later(one: Row | None, other: Row) -> Row:
    """The later state of a comment that came twice; that it stands under an ad may be known from one source only."""
    if one is None:
        return other
    first, last = sorted((one, other), key=lambda row: row.edited_at or row.created_at)
    return last._replace(sponsored=first.sponsored or last.sponsored)


def _show_again(connection: Connection, found: Iterable[tuple[str, str]]) -> None:
    by_account: dict[str, list[str]] = {}
    for account, comment_id in found:
        by_account.setdefault(account, []).append(comment_id)
    for account, ids in by_account.items():
        was_gone = (comment.c.account == account, comment.c.comment_id.in_(ids), comment.c.gone_at.is_not(None))
        connection.execute(update(comment).where(*was_gone).values(gone_at=None))


def mark_gone(connection: Connection, account: str, comment_ids: Collection[str], at: datetime) -> int:
    """Note what the platform no longer shows; how many that were not noted before."""
    which = (comment.c.account == account, comment.c.comment_id.in_(comment_ids), comment.c.gone_at.is_(None))
    return connection.execute(update(comment).where(*which).values(gone_at=at)).rowcount


def forget(connection: Connection, keep_from: datetime) -> int:
    """Let go of the texts, links and authors of what was written before `keep_from`, whenever it was edited; counts and
    verdicts stay. How many comments that were."""
    is_old = (comment.c.created_at < keep_from, comment.c.text.is_not(None))
    bare = {"text": None, "url": "", "author_hash": None}
    theirs = (comment.c.account == comment_history.c.account, comment.c.comment_id == comment_history.c.comment_id)
    of_old = select(comment.c.comment_id).where(*theirs, comment.c.created_at < keep_from).exists()
    connection.execute(delete(comment_history).where(or_(comment_history.c.replaced_at < keep_from, of_old)))
    return connection.execute(update(comment).where(*is_old).values(bare)).rowcount
