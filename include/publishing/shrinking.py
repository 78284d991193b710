"""Whether a calendar lacks so much of what is planned that it was rather saved half way, or emptied, than meant."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from include.publishing.states import LEASED, WAITING
from include.warehouse.tables import post, publication

ENOUGH = 10
"""Fewer posts than these may leave the calendar in one go, whatever share of the plan they are."""
MEANT_AFTER = timedelta(minutes=10)
"""A calendar that says the same for so long is not about to be saved again."""


@dataclass(frozen=True, slots=True)
class Shrunken:
    """What a calendar would call off: `lost` of `planned` posts that are still to go out."""

    lost: tuple[str, ...]
    planned: int

    @property
    def mark(self) -> str:
        """Tells one such loss from another."""
        return hashlib.sha256("\n".join(self.lost).encode()).hexdigest()[:12]

    def words(self, file: str) -> str:
        return (
            f"{file} lacks {len(self.lost)} of the {self.planned} posts that are still to go out, such as"
            f" {self.lost[0]}. Nothing of it was taken, and all stays planned as it was. If it was saved half way or"
            " emptied by mistake, mend it. If it is meant, leave it as it is: the next import that finds the same"
            f" {MEANT_AFTER.total_seconds() / 60:g} minutes later takes it. (Loss {self.mark})"
        )


def shrunken(engine: Engine, named: Collection[str], *, now: datetime) -> Shrunken | None:
    """What a calendar that names these posts would call off, where that is more than half of the plan to come."""
    to_come = (publication.c.part == 0, publication.c.publish_at > now, post.c.removed_at.is_(None))
    query = select(post.c.post_id).join(publication, publication.c.post_id == post.c.post_id)
    with engine.connect() as connection:
        planned = connection.scalars(query.where(*to_come, publication.c.state.in_(WAITING | LEASED))).all()
    lost = tuple(sorted(set(planned) - set(named)))
    return Shrunken(lost, len(planned)) if len(lost) >= ENOUGH and 2 * len(lost) > len(planned) else None
