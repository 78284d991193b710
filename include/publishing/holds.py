"""Hold a brand or an account: while a hold is open nothing of it goes out, and who wanted it and why is kept.

    python -m include.publishing.holds list                                what is on hold, and what waits
    python -m include.publishing.holds hold SUBJECT --by NAME --why WORDS
    python -m include.publishing.holds lift SUBJECT --by NAME [--posts all|POST…]

SUBJECT is a brand's key or an account's. The ledger passes over what is on hold when it claims. Once lifted, what is
not late goes out by itself; what is late by then is held and asked about one by one, except those of `--posts`, which
go out ten minutes apart on each account.
The warehouse is that of DESK_WAREHOUSE_URL. Slack is told by the next run of `read_reactions`.
"""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from include.domain.posts import Post
from include.publishing import decisions, journal
from include.publishing.plan import post_of
from include.publishing.somebody import somebody
from include.publishing.states import AHEAD, IN_FLIGHT, ON_SHOW, State
from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, away, connect
from include.warehouse.tables import hold, post, publication

ALL = "all"
SPACING = timedelta(minutes=10)
"""How far apart the posts of one account go out that a hold made late."""


class NoHold(ValueError):
    """There is nothing to hold or to lift under this name. The message says what there is."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One time that a person held a brand or an account; open until it is lifted."""

    hold_id: int
    subject: str
    why: str
    held_by: str
    held_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    refused: tuple[str, ...] = ()
    """What of the posts that were to go out on lifting it could not be let go, in sentences."""

    @property
    def is_open(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post that a hold keeps or kept back, and where it stands now."""

    post: Post
    state: State
    publish_at: datetime


def place(engine: Engine, subject: str, *, by: str, why: str, now: datetime, is_known: bool = False) -> Hold:
    """Hold it. Where it is on hold already, that hold stands as it is. Raises NoHold for a name that nobody has, and
    where nobody says who or why; `is_known`: the caller has looked."""
    if not why.strip() or not by.strip():
        raise NoHold(f"Say who holds {subject}, and why: it is kept, and told in the brand's channel.")
    with engine.begin() as connection:
        if not is_known:
            _must_be_known(connection, subject)
        values = {"subject": subject, "why": why, "held_by": by, "held_at": now}
        statement = insert(hold).values(values)
        connection.execute(
            statement.on_conflict_do_nothing(index_elements=["subject"], index_where=hold.c.lifted_at.is_(None))
        )
        return _open_of(connection, subject)


def lift(engine: Engine, subject: str, *, by: str, now: datetime, posts: Collection[str] = ()) -> Hold:
    """End the hold. `posts` (their ids, or `all`) go out although they are late by now; what cannot is in `refused`.

    Raises NoHold.
    """
    with engine.begin() as connection:
        found = _open_of(connection, subject)
        ended = update(hold).where(hold.c.hold_id == found.hold_id, hold.c.lifted_at.is_(None))
        row = connection.execute(ended.values(lifted_by=by, lifted_at=now).returning(hold)).one_or_none()
        if row is None:
            raise NoHold(f"{subject} was released by somebody else just now.")
        lifted = Hold(**row._mapping)
    wanted = [each for each in kept_back(engine, lifted, now=now) if ALL in posts or each.post.post_id in posts]
    refused = []
    for each in wanted:
        try:
            send_late(engine, each.post.post_id, by=by, now=now)
        except decisions.NotYours as wrong:
            refused.append(str(wrong))
    return replace(lifted, refused=tuple(refused))


def send_late(engine: Engine, post_id: str, *, by: str, now: datetime) -> datetime:
    """Let one post go out although its time is over, whether it was held for that already or not; gives when: as soon
    as no other post of its account goes out within SPACING, for several at once are read by nobody.

    Raises decisions.NotYours, also for one that may be out: nobody has looked.
    """
    with engine.begin() as connection:
        rows = journal.lock(connection, journal.of_post(post_id))
        at = _free_from(connection, rows[0], now) if rows else now
        for row in rows:
            if row.state in AHEAD and row.publish_at < now and row.sent_at is None:
                journal.amend(connection, row, at=now, by=by, note=f"{by} wants it sent.", publish_at=at)
                return at
    decisions.send_anyway(engine, post_id, by=by, now=now, has_looked=False, at=at)
    return at


def _free_from(connection: Connection, row: journal.PublicationRow, now: datetime) -> datetime:
    """From when on nothing else of the account is planned, or has just gone out, within SPACING before or after."""
    goes = func.coalesce(publication.c.live_at, publication.c.publish_at)
    others = (publication.c.account == row.account, publication.c.post_id != row.post_id, publication.c.part == 0)
    query = select(goes).where(*others, publication.c.state.in_(AHEAD | IN_FLIGHT | ON_SHOW), goes > now - SPACING)
    at = now
    for other in connection.scalars(query.order_by(goes)):
        at = other + SPACING if abs(other - at) < SPACING else at
    return at


def kept_back(engine: Engine, of: Hold, *, now: datetime) -> list[Waiting]:
    """The posts whose hour came while the hold was open and that are surely not out: those that wait, and those held.
    One that may be out is no matter of the hold."""
    until = of.lifted_at or now
    its_hour = publication.c.publish_at.between(of.held_at, until)
    not_out = and_(publication.c.state.in_((*AHEAD, State.HELD)), publication.c.sent_at.is_(None))
    return _waiting(engine, of.subject, and_(its_hour, not_out))


def late(engine: Engine, of: Hold, grace: timedelta) -> list[Waiting]:
    """Those of them that were late when the hold was lifted, and that nobody has decided about yet."""
    at = of.lifted_at
    return [each for each in kept_back(engine, of, now=at) if each.publish_at + grace < at] if at else []


def ahead(engine: Engine, subject: str) -> list[Waiting]:
    """The approved posts that a hold keeps back, whether their hour has come or not."""
    return _waiting(engine, subject, publication.c.state.in_(AHEAD))


def holds(engine: Engine, *, since: datetime) -> list[Hold]:
    """The open holds, and those lifted after `since`; the oldest first."""
    wanted = or_(hold.c.lifted_at.is_(None), hold.c.lifted_at > since)
    with engine.connect() as connection:
        rows = connection.execute(select(hold).where(wanted).order_by(hold.c.held_at, hold.c.hold_id))
        return [Hold(**row._mapping) for row in rows]


def sponsored(engine: Engine, subject: str, *, since: datetime) -> list[str]:
    """What people are to pause by hand: the budgets behind posts of the subject since then. The ads' part of the desk
    is to put its own campaigns here."""
    columns = select(post.c.sponsor_budget).distinct()
    wanted = and_(
        _of(subject), post.c.sponsor_budget.is_not(None), post.c.publish_at > since, post.c.removed_at.is_(None)
    )
    with engine.connect() as connection:
        return sorted(str(budget) for budget in connection.scalars(columns.where(wanted)) if budget)


def on_hold(engine: Engine) -> dict[str, Hold]:
    """The open holds, by subject."""
    return {each.subject: each for each in holds(engine, since=datetime.max.replace(tzinfo=UTC))}


def _waiting(engine: Engine, subject: str, which: ColumnElement[bool]) -> list[Waiting]:
    query = (
        select(post, publication.c.state, publication.c.publish_at.label("due"))
        .join(publication, publication.c.post_id == post.c.post_id)
        .where(_of(subject), publication.c.part == 0, which)
        .order_by(publication.c.publish_at, post.c.post_id)
    )
    with engine.connect() as connection:
        return [Waiting(post_of(row), State(row.state), row.due) for row in connection.execute(query)]


def _of(subject: str) -> ColumnElement[bool]:
    """Whether a row of `post` belongs to a brand or account."""
    return or_(post.c.brand == subject, post.c.account == subject)


def _open_of(connection: Connection, subject: str) -> Hold:
    row = connection.execute(select(hold).where(hold.c.subject == subject, hold.c.lifted_at.is_(None))).one_or_none()
    if row is None:
        raise NoHold(f"{subject} is not on hold.")
    return Hold(**row._mapping)


def _must_be_known(connection: Connection, subject: str) -> None:
    """A hold on a name that nobody has would let everything out."""
    if connection.execute(select(post.c.post_id).where(_of(subject)).limit(1)).one_or_none() is None:
        brands = connection.scalars(select(post.c.brand).distinct().order_by(post.c.brand)).all()
        accounts = connection.scalars(select(post.c.account).distinct().order_by(post.c.account)).all()
        known = ", ".join([*brands, *accounts]) or "none yet"
        raise NoHold(f"Nothing of {subject} was ever planned, so there is nothing to hold. There are: {known}.")


def listed(engine: Engine) -> Iterator[str]:
    """A line for each open hold, with the posts that it keeps back below it."""
    for subject, each in on_hold(engine).items():
        yield f"{subject}: on hold since {each.held_at:%d %b %H:%M} UTC by {each.held_by}: {each.why}"
        for waiting in ahead(engine, subject):
            yield f"  {waiting.state:8} {waiting.post.post_id}  ({waiting.publish_at:%d %b %H:%M} UTC)"


def main(arguments: Sequence[str]) -> int:
    """Hold, lift or list; 1 where there is nothing to do it to, 2 where it was not understood, or the warehouse is
    away."""
    asked = _parser().parse_args(arguments)
    try:
        print(_carried_out(connect(Settings.from_environment().warehouse_url), asked))
    except (NoHold, decisions.NotYours, WrongWarehouse) as wrong:
        print(wrong, file=sys.stderr)
        return 2 if isinstance(wrong, WrongWarehouse) else 1
    except DBAPIError as error:
        print(away(error), file=sys.stderr)
        return 2
    return 0


def _carried_out(engine: Engine, asked: Namespace) -> str:
    now = datetime.now(UTC)
    if asked.command == "hold":
        held = place(engine, asked.subject, by=asked.by, why=asked.why, now=now)
        why = held.why.rstrip(".")
        return f"{held.subject} is on hold by {held.held_by}: {why}. Nothing of it goes out until it is lifted."
    if asked.command == "lift":
        lifted = lift(engine, asked.subject, by=asked.by, now=now, posts=asked.posts)
        over = f"{asked.subject} is on hold no more. What is late is held and asked about in Slack."
        spaced = "Of one account, those that go out do so ten minutes apart." if asked.posts else ""
        return "\n".join(filter(None, (over, spaced, *lifted.refused)))
    return "\n".join(listed(engine)) or "Nothing is on hold."


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.publishing.holds", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    for name in ("hold", "lift"):
        command = commands.add_parser(name)
        command.add_argument("subject", help="a brand's key or an account's")
        command.add_argument("--by", required=True, type=somebody, help="who decides; kept for good")
        if name == "hold":
            command.add_argument("--why", required=True, help="kept for good, and told in the brand's channel")
        else:
            command.add_argument("--posts", nargs="+", default=[], help="late posts that go out now, or all")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
