"""A calendar, a clock that is set by hand, and a platform that does what a test tells it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from include.domain import Part, Post, Receipt
from include.publishing.ledger import Claim, claim
from include.publishing.plan import PlannedPost
from include.publishing.schedule import Scheduled, schedule
from include.publishing.sending import Outcome, send
from include.warehouse.tables import publication, publication_event

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Wall:
    """A platform with a memory. What `…_fails` holds is raised, each once, None standing for a success; with
    `accepts_first`, a call that fails has put the post out nevertheless. `followed`: which texts, after which ids."""

    posts: dict[str, Receipt] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    prepare_fails: list[BaseException] = field(default_factory=list)
    publish_fails: list[BaseException] = field(default_factory=list)
    find_fails: list[BaseException] = field(default_factory=list)
    earlier: list[Mapping[str, Any] | None] = field(default_factory=list)
    follow_fails: list[BaseException | None] = field(default_factory=list)
    followed: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    accepts_first: bool = False
    meanwhile: Callable[[], None] = lambda: None
    clock: Callable[[], datetime] = lambda: NOON

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        self.calls.append("prepare")
        self.earlier.append(earlier)
        if self.prepare_fails:
            raise self.prepare_fails.pop(0)
        return {"media": ["1"]}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        self.calls.append("publish")
        self.meanwhile()
        if self.publish_fails and not self.accepts_first:
            raise self.publish_fails.pop(0)
        number = str(sum(call == "publish" for call in self.calls))
        assert key not in self.posts, "the same post went out twice"
        self.posts[key] = Receipt(post.post_id, number, f"https://wall.example/{number}", self.clock())
        if self.publish_fails:
            raise self.publish_fails.pop(0)
        return self.posts[key]

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        self.calls.append("find")
        if self.find_fails:
            raise self.find_fails.pop(0)
        return self.posts.get(key)

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        self.calls.append("follow")
        error = self.follow_fails.pop(0) if self.follow_fails else None
        if error and not self.accepts_first:
            raise error
        assert key not in self.posts, "the same part went out twice"
        number = str(len(self.posts) + 1)
        self.followed.append((part.text, tuple(after)))
        self.posts[key] = Receipt(post.post_id, number, f"https://wall.example/{number}", self.clock())
        if error:
            raise error
        return self.posts[key]

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        self.calls.append("find_part")
        return self.posts.get(key)


class Desk:
    """The ledger under a clock that only moves when told, with one wall for every account."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now, self.wall = engine, NOON, Wall(clock=lambda: self.now)
        self.naps: list[float] = []

    def post(
        self,
        name: str = "one",
        *,
        text: str = "Buongiorno",
        minutes: float = 0,
        account: str = "x_aurora",
        thread: tuple[str, ...] = (),
        first_comment: str = "",
    ) -> Post:
        at = NOON + timedelta(minutes=minutes)
        return Post(f"{name}:{account}", account, text, publish_at=at, thread=thread, first_comment=first_comment)

    def plan(self, *posts: Post, needs_approval: bool = False, kept: Iterable[str] = ()) -> Scheduled:
        calendar = [PlannedPost(post, "aurora", "calendar.csv, row 2", needs_approval) for post in posts]
        return schedule(self.engine, calendar, now=self.now, by="import", kept=list(kept))

    def claim(self, by: str = "run 1", **more: Any) -> list[Claim]:
        return claim(self.engine, now=self.now, by=by, **more)

    def claim_one(self, by: str = "run 1") -> Claim:
        (found,) = self.claim(by)
        return found

    def send(self, post: Post, claimed: Claim) -> Outcome:
        return send(self.engine, post, claimed, self.wall, clock=lambda: self.now, sleep=self.nap)

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += timedelta(seconds=seconds)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def row(self, post: Post) -> Any:
        here = (publication.c.post_id == post.post_id, publication.c.part == 0)
        with self.engine.connect() as connection:
            return connection.execute(select(publication).where(*here)).one()

    def state(self, post: Post) -> str:
        return str(self.row(post).state)

    def story(self, post: Post) -> list[str]:
        """The states that a post went through."""
        query = select(publication_event.c.state).where(publication_event.c.post_id == post.post_id)
        with self.engine.connect() as connection:
            return list(connection.scalars(query.order_by(publication_event.c.event_id)))


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)
