"""What the ledger knows of posts that the calendar names: when they go out or did, and what their media hold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, func, or_, select

from include.domain.posts import MediaFacts
from include.publishing.plan import post_of
from include.publishing.states import OUT, State
from include.warehouse.tables import post, publication


@dataclass(frozen=True, slots=True)
class Standing:
    """A post of the ledger: when it went out, or is to, and how many places of its account's caps it takes. `is_out`:
    it has gone, or may have."""

    post_id: str
    account: str
    at: datetime
    places: int
    is_out: bool


_MAY_BE_OUT = (*OUT, State.SENDING, State.UNKNOWN, State.HANDED_OVER)
_GONE = (State.CANCELLED, State.REFUSED)


def standings(engine: Engine, post_ids: Collection[str], *, since: datetime) -> list[Standing]:
    """These posts, all others that went out after `since`, and all that still wait, each with the places it takes."""
    when = func.coalesce(publication.c.live_at, publication.c.sent_at, publication.c.publish_at)
    is_out = publication.c.state.in_(_MAY_BE_OUT)
    places = 1 + func.jsonb_array_length(post.c.thread)
    wanted = or_(post.c.post_id.in_(post_ids), when > since)
    query = (
        select(post.c.post_id, post.c.account, when.label("at"), places.label("places"), is_out.label("is_out"))
        .join(publication, and_(publication.c.post_id == post.c.post_id, publication.c.part == 0))
        .where(wanted, publication.c.state.not_in(_GONE), when.is_not(None))
    )
    with engine.connect() as connection:
        return [Standing(row.post_id, row.account, row.at, row.places, row.is_out) for row in connection.execute(query)]


def media_facts(engine: Engine, post_ids: Collection[str]) -> dict[str, MediaFacts]:
    """By digest, what earlier imports found in the media of these posts."""
    query = select(post).where(post.c.post_id.in_(post_ids), func.jsonb_array_length(post.c.media) > 0)
    with engine.connect() as connection:
        media = [each for row in connection.execute(query) for each in post_of(row).media]
    return {each.digest: each.facts for each in media if each.digest and each.facts}
