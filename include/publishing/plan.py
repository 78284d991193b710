"""Posts as rows of the table `post`, and back."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select
from sqlalchemy.dialects.postgresql import insert

from include.domain.posts import Media, MediaFacts, Post
from include.warehouse.tables import post as post_table
from include.warehouse.tables import publication


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
        "media": [_kept(media) for media in post.media],
        "publish_at": post.publish_at,
        "campaign": post.campaign,
        "content_hash": post.content_hash,
        "first_comment": post.first_comment,
        "thread": list(post.thread),
        "format": post.format,
        "objective": post.objective,
        "pillar": post.pillar,
        "sponsor_budget": post.sponsor_budget,
        "source": planned.source,
    }


def _kept(media: Media) -> dict[str, Any]:
    kept = asdict(media)
    if media.facts and not media.facts.sha256:
        del kept["facts"]["sha256"]  # as it was kept before there was one; else each old post would be news
    return kept


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
        media=tuple(_media_of(media) for media in row.media),
        publish_at=row.publish_at,
        campaign=row.campaign,
        content_hash=row.content_hash,
        link=row.link,
        first_comment=row.first_comment,
        thread=tuple(row.thread),
        format=row.format,
        objective=row.objective,
        pillar=row.pillar,
        sponsor_budget=row.sponsor_budget,
    )


def _media_of(kept: Mapping[str, Any]) -> Media:
    facts = kept.get("facts")
    return Media(**{**kept, "facts": MediaFacts(**facts) if facts else None})


def posts(engine: Engine, post_ids: Collection[str]) -> dict[str, Post]:
    """The posts of these ids, those that exist."""
    with engine.connect() as connection:
        rows = connection.execute(select(post_table).where(post_table.c.post_id.in_(post_ids)))
        return {row.post_id: post_of(row) for row in rows}


def known(engine: Engine) -> set[str]:
    """The ids of every post that an import ever planned."""
    with engine.connect() as connection:
        return set(connection.scalars(select(post_table.c.post_id)))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a brand has planned: posts to come, how many of them wait for a yes, and the first of those (aware UTC)."""

    posts: int
    awaiting: int
    answer_by: datetime | None


def ahead(connection: Connection, brand: str, first: datetime, last: datetime) -> Ahead:
    """The brand's posts from `first` to before `last` that are still to go out."""
    to_come = ("planned", "approved", "due", "claimed", "media_ready", "sending")
    waits = publication.c.state == "planned"
    counts = (
        select(func.count(), func.count().filter(waits), func.min(publication.c.publish_at).filter(waits))
        .join(post_table, post_table.c.post_id == publication.c.post_id)
        .where(
            post_table.c.brand == brand,
            publication.c.part == 0,
            publication.c.state.in_(to_come),
            publication.c.publish_at >= first,
            publication.c.publish_at < last,
        )
    )
    return Ahead(*connection.execute(counts).one())
