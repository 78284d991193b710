"""What a person decides about a post that the desk held, or wants no more.

    python -m include.publishing.decisions                                     what waits for a decision
    python -m include.publishing.decisions send POST --by NAME                 let it go out now
    python -m include.publishing.decisions cancel POST --by NAME               call it off
    python -m include.publishing.decisions live POST REMOTE_ID URL --by NAME   it is out, I saw it at URL

The warehouse is that of DESK_WAREHOUSE_URL.
"""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, and_, select
from sqlalchemy.exc import DBAPIError

from include.domain.posts import Post, Receipt
from include.publishing import approval, journal, ledger
from include.publishing.plan import post_of
from include.publishing.somebody import somebody, web_address
from include.publishing.states import CALLABLE_OFF, ON_SHOW, State
from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, away, connect
from include.warehouse.on_hold import is_on_hold
from include.warehouse.tables import post, publication, publication_event


class NotYours(ValueError):
    """A decision about a post that is not, or no longer, a person's to decide. The message says where it stands."""


def send_anyway(
    engine: Engine, post_id: str, *, by: str, now: datetime, has_looked: bool = True, at: datetime | None = None
) -> None:
    """Let a held or refused post go out now, or `at`. Of one that may be out already, this says that it is not: look
    first.

    Raises NotYours where it is not held or refused, nobody approved its text, or it may be out and nobody has looked.
    """
    with engine.begin() as connection:
        row = _one(connection, post_id, State.HELD, State.REFUSED)
        if row.state not in (State.HELD, State.REFUSED):
            raise NotYours(f"Post {post_id} is {row.state}; only a held or refused one can be sent anyway.")
        if row.sent_at is not None and not has_looked:
            raise NotYours(f"Post {post_id} may be out. Look at the account, and decide under its own message.")
        text = journal.text_of(connection, post_id)
        if text.removed_at is not None or not approval.is_approved(connection, post_id, text.content_hash):
            raise NotYours(f"Post {post_id} needs an approval of the text that the calendar has now.")
        changes = {**journal.afresh(row), "sent_at": None, "publish_at": at or now}
        journal.enter(connection, row, State.DUE, at=now, by=by, note=f"{by} wants it sent.", **changes)


def cancel(engine: Engine, post_id: str, *, by: str, now: datetime) -> None:
    """Call a post off, or what of it is not out yet. It stays off until its row is edited. Of one that may be out,
    this says that it is not.

    Raises NotYours where it is out or on its way.
    """
    with engine.begin() as connection:
        row = _one(connection, post_id, *CALLABLE_OFF)
        if row.state == State.CANCELLED:
            return
        if row.state not in CALLABLE_OFF:
            raise NotYours(f"Post {post_id} is {row.state} and cannot be called off any more.")
        rows = journal.lock(connection, journal.of_post(post_id))
        journal.call_off(connection, rows, at=now, by=by, note=f"{by} called it off.")


def confirm_live(engine: Engine, receipt: Receipt, *, by: str, now: datetime) -> None:
    """Somebody saw a held, unknown or handed-over post on the platform, at `receipt.url`. Raises NotYours for any
    other, and where that is another post of ours."""
    with engine.begin() as connection:
        seen = (State.HELD, State.UNKNOWN, State.HANDED_OVER)
        row = _one(connection, receipt.post_id, *seen)
        if row.state not in seen:
            raise NotYours(f"Post {receipt.post_id} is {row.state}; there is nothing to confirm.")
        if other := ledger.owner(connection, row, receipt):
            raise NotYours(f"{receipt.url} is post {other} already; give the address of post {receipt.post_id} itself.")
        ledger.set_live(connection, row, receipt, now=now, by=by)


def _one(connection: Connection, post_id: str, *wanted: State) -> journal.PublicationRow:
    """The post, or the part whose turn has come, that stands where a decision is `wanted`; else the post itself.

    All of its parts are locked.
    """
    rows = journal.lock(connection, journal.of_post(post_id))
    if not rows:
        raise NotYours(f"There is no post {post_id}.")
    out = {-1, *(row.part for row in rows if row.state in ON_SHOW)}
    return next((row for row in rows if row.state in wanted and row.part - 1 in out), rows[0])


@dataclass(frozen=True, slots=True)
class Undecided:
    """A publication that waits for a person, as its post says. `fence` names this very wait: it rises with the next."""

    post: Post
    part: int
    fence: int
    publish_at: datetime
    reason: str
    may_be_out: bool
    source: str

    @property
    def key(self) -> str:
        return f"{self.fence}:{self.part}:{self.post.post_id}"


def undecided(engine: Engine, state: State) -> list[Undecided]:
    """The publications in `state`, the earliest first; of posts on hold none, for those are asked about later."""
    query = (
        select(post, publication.c.part, publication.c.fence, publication.c.publish_at.label("due"))
        .add_columns(publication.c.reason, publication.c.sent_at)
        .join(publication, publication.c.post_id == post.c.post_id)
        .where(publication.c.state == state, ~is_on_hold(publication))
        .order_by(*journal.ORDER)
    )
    with engine.connect() as connection:
        return [
            Undecided(post_of(r), r.part, r.fence, r.due, r.reason or "", r.sent_at is not None, r.source)
            for r in connection.execute(query)
        ]


class Step(NamedTuple):
    """A step that a publication took: where to, why in words, by whom, when; and where it can be seen by now."""

    state: State
    why: str
    by: str
    at: datetime
    url: str | None


def since(engine: Engine, post_id: str, part: int, fence: int, state: State) -> Step | None:
    """The first step that a publication took after it stood in `state` under `fence`."""
    event = publication_event.c
    its_row = and_(publication.c.post_id == event.post_id, publication.c.part == event.part)
    query = (
        select(event.state, event.note, event.by, event.at, publication.c.url)
        .join(publication, its_row)
        .where(event.post_id == post_id, event.part == part, event.fence >= fence)
        .order_by(event.event_id)
    )
    with engine.connect() as connection:
        steps = connection.execute(query).all()
    past = [index for index, step in enumerate(steps) if step.state == state]
    after = steps[past[0] + 1 :] if past else steps
    step = next((step for step in after if step.state != state), None)
    return step and Step(State(step.state), step.note or f"{step.state} by {step.by}", step.by, step.at, step.url)


def waiting(engine: Engine) -> Iterator[str]:
    """A line for each post that is held, refused, unknown or handed over, the earliest first, with the reason."""
    states = (State.HELD, State.REFUSED, State.UNKNOWN, State.HANDED_OVER)
    query = select(publication).where(publication.c.state.in_(states)).order_by(*journal.ORDER)
    with engine.connect() as connection:
        for row in connection.execute(query):
            doubt = " It may be out: look before you decide." if row.sent_at else ""
            yield f"{row.state:8} {row.post_id}  ({row.publish_at:%d %b %H:%M} UTC) {row.reason or ''}{doubt}"


def main(arguments: Sequence[str]) -> int:
    """Carry out one decision; 1 where it is not a person's to make, 2 where it was not understood, or the warehouse is
    away."""
    asked = _parser().parse_args(arguments)
    try:
        print(_carried_out(connect(Settings.from_environment().warehouse_url), asked))
    except (NotYours, WrongWarehouse) as wrong:
        print(wrong, file=sys.stderr)
        return 1 if isinstance(wrong, NotYours) else 2
    except DBAPIError as error:
        print(away(error), file=sys.stderr)
        return 2
    return 0


def _carried_out(engine: Engine, asked: Namespace) -> str:
    now = datetime.now(UTC)
    match asked.command:
        case "send":
            send_anyway(engine, asked.post, by=asked.by, now=now)
            return f"{asked.post} is due; the next run of publish_posts sends it."
        case "cancel":
            cancel(engine, asked.post, by=asked.by, now=now)
            return f"{asked.post} is called off. Editing its row in the calendar plans it anew."
        case "live":
            confirm_live(engine, Receipt(asked.post, asked.remote_id, asked.url, now), by=asked.by, now=now)
            return f"{asked.post} is live at {asked.url}."
    return "\n".join(waiting(engine)) or "Nothing waits for a decision."


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.publishing.decisions",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command")
    for name, words in (("send", ()), ("cancel", ()), ("live", ("remote_id", "url"))):
        command = commands.add_parser(name)
        for word in ("post", *words):
            command.add_argument(word, type=web_address if word == "url" else str)
        command.add_argument("--by", required=True, type=somebody, help="who decides; kept in the post's history")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
