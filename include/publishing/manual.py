"""Posts for accounts that no plugin reaches: at their hour they are handed over to a person, who posts them by hand.

The ledger claims them as it claims any post, so that order, holds, approvals and lateness hold for them too. A claim is
then handed over instead of sent. From there the post may be out, so it is never handed over again by itself; the link
that the person gives makes it live.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine

from include.domain.posts import Post, Receipt
from include.publishing import attempts, decisions, journal, ledger
from include.publishing.addresses import network_of, remote_id
from include.publishing.ledger import Claim
from include.publishing.states import State
from include.warehouse.tables import publication

WORDS = "Handed over in Slack, to be posted by hand."


def hand_over(engine: Engine, claim: Claim, *, now: datetime) -> bool:
    """Let people have a claimed post. False where the claim was overtaken: then nobody is told."""
    with engine.begin() as connection:
        rows = journal.lock(connection, journal.of_post(claim.post_id))  # all of them, as everybody does, then its own
        attempts.end_of(connection, claim, State.HANDED_OVER, at=now, words=WORDS, status=None)
        here = (claim.part, claim.fence, State.CLAIMED)
        for row in (each for each in rows if (each.part, each.fence, each.state) == here):
            changes = {"sent_at": now, "lease_until": None, "claimed_by": None}
            journal.enter(connection, row, State.HANDED_OVER, at=now, by=claim.by, note=WORDS, **changes)
            if claim.part:
                _with_the_first(connection, claim, now)
            return True
    return False


def _with_the_first(connection: Connection, claim: Claim, now: datetime) -> None:
    """A later part was handed over with the post itself; once that is live, so is this."""
    (first, *_) = journal.lock(connection, journal.of_post(claim.post_id))
    (row,) = journal.lock(connection, journal.of_post(claim.post_id), publication.c.part == claim.part)
    receipt = Receipt(claim.post_id, f"{first.remote_id}#{claim.part}", str(first.url), now)
    ledger.set_live(connection, row, receipt, now=now, by=claim.by)


def posted(engine: Engine, post: Post, url: str, *, by: str, now: datetime) -> None:
    """Somebody posted it by hand: it is live at `url`. Raises `decisions.NotYours` where it is not handed over."""
    receipt = Receipt(post.post_id, remote_id(network_of(post.account), url), url, now)
    decisions.confirm_live(engine, receipt, by=by, now=now)
