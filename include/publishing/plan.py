"""Posts as rows of the table `post`, and back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy.dialects.postgresql import insert

from include.domain.posts import Media, Post
from include.warehouse.tables import post as post_table


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post that the calendar wants: whose it is, where it was read (`calendar.csv, row 12`), whether its brand
    wants to see it first."""

    post: Post
    brand: str
    source: str
    needs_approval: bool

    def __post_init__(self) -> None:
        if self.post.publish_at is None:
            raise ValueError(f"Post {self.post.post_id} ({self.source}) has no time; give one before planning it.")


def columns_of(planned: PlannedPost) -> dict[str, Any]:
    """What the calendar says of a post, as columns of the table `post`."""
    post = planned.post
    return {
        "post_id": post.post_id,
        "brand": planned.brand,
        "account": post.account,
        "text": post.text,
        "link": post.link,
        "media": [{"source": media.source, "alt": media.alt} for media in post.media],
        "publish_at": post.publish_at,
        "campaign": post.campaign,
        "content_hash": post.content_hash,
        "source": planned.source,
    }


def save(connection: Connection, planned: PlannedPost, *, now: datetime) -> None:
    """Write a post as the calendar says it now."""
    values = {**columns_of(planned), "imported_at": now, "removed_at": None}
    statement = insert(post_table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["post_id"], set_=values))


def post_of(row: Row[Any]) -> Post:
    """The post that a row of the table `post` holds."""
    return Post(
        post_id=row.post_id,
        account=row.account,
        text=row.text,
        media=tuple(Media(**media) for media in row.media),
        publish_at=row.publish_at,
        campaign=row.campaign,
        content_hash=row.content_hash,
        link=row.link,
    )


def posts(engine: Engine, post_ids: Collection[str]) -> dict[str, Post]:
    """The posts of these ids, those that exist."""
    with engine.connect() as connection:
        rows = connection.execute(select(post_table).where(post_table.c.post_id.in_(post_ids)))
        return {row.post_id: post_of(row) for row in rows}


def known(engine: Engine) -> set[str]:
    """The ids of every post that an import ever planned."""
    with engine.connect() as connection:
        return set(connection.scalars(select(post_table.c.post_id)))
