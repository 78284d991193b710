"""Whether somebody holds a publication's account or brand, as SQL: for whoever claims, asks or looks."""

from sqlalchemy import ColumnElement, FromClause, exists, or_, select

from include.warehouse.tables import hold, post


def is_on_hold(row: FromClause) -> ColumnElement[bool]:
    """Somebody holds the account of this publication, or its brand."""
    brand = select(post.c.brand).where(post.c.post_id == row.c.post_id).correlate(row).scalar_subquery()
    return exists().where(hold.c.lifted_at.is_(None), or_(hold.c.subject == row.c.account, hold.c.subject == brand))
