"""A platform in memory: what it knows, what it was asked, and how it fails."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.domain import Account, AccountDay, PostSnapshot, RawResponse, Record, RemotePost, Stream, Window

TODAY = date(2026, 11, 23)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 11, 23, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class MemoryPlatform:
    """Answers one account's calls from `followers` (by day) and `posts` (rows as JSON), a page for each row or day.

    `trouble` is called before each answer with the window and may raise; `asked` lists the windows. The metrics of
    `gone` are found to be retired, each at the cost of one more request, unless they are in `known_retired`.
    """

    account: str
    clock: Clock
    followers: dict[date, int] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    trouble: Callable[[Window], None] = lambda window: None
    asked: list[Window] = field(default_factory=list)
    gone: tuple[str, ...] = ()
    known_retired: set[tuple[str, str]] = field(default_factory=set)
    retired: list[tuple[str, str, str]] = field(default_factory=list)
    requests_made: int = 0

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        self.asked.append(window)
        self.requests_made += 1
        for metric in self.gone:
            if (stream, metric) not in self.known_retired:
                self.requests_made += 1
                self.known_retired.add((stream, metric))
                self.retired.append((stream, metric, f"{metric} must be a valid insights metric."))
        self.trouble(window)
        yield self._answer(stream, self._days(window) if stream == "account_day" else self._posts(window))

    def read(self, response: RawResponse) -> Iterator[Record]:
        for row in json.loads(response.body):
            if response.stream == "account_day":
                yield AccountDay(response.account, date.fromisoformat(row["day"]), "day", row["followers"])
            else:
                published = datetime.fromisoformat(row["at"])
                yield RemotePost(response.account, row["id"], published, "image", row["text"], f"https://x/{row['id']}")
                yield PostSnapshot(response.account, row["id"], response.fetched_at.date(), reactions=row["likes"])

    def _answer(self, stream: str, rows: list[dict[str, Any]]) -> RawResponse:
        return RawResponse(self.account, stream, {"fields": "all"}, json.dumps(rows).encode(), self.clock())

    def _days(self, window: Window) -> list[dict[str, Any]]:
        return [{"day": f"{day}", "followers": self.followers[day]} for day in window.days() if day in self.followers]

    def _posts(self, window: Window) -> list[dict[str, Any]]:
        return [post for post in self.posts if datetime.fromisoformat(post["at"]).date() in window]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account() -> Account:
    return Account("memory", "aurora", "aurora")


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def days() -> Stream:
    return Stream("account_day", most_days=5, source="", checked_on="2026-11-23", restates_days=2, retention_days=60)


@pytest.fixture
def level() -> Stream:
    return Stream("account_day", most_days=1, source="", checked_on="2026-11-23", snapshot=True)


@pytest.fixture
def posts() -> Stream:
    decay = ((7, 1), (28, 3), (90, 7))
    return Stream("posts", most_days=30, source="", checked_on="2026-11-23", refresh_after=decay)


@pytest.fixture
def platform(account: Account, clock: Clock) -> MemoryPlatform:
    """Two weeks of follower levels, 1001 on 10 November and one more each day; one post on the 20th."""
    return known_platform(account.key, clock)


@pytest.fixture
def make_platform(clock: Clock) -> Callable[[str], MemoryPlatform]:
    return lambda key: known_platform(key, clock)


def known_platform(key: str, clock: Clock) -> MemoryPlatform:
    followers = {date(2026, 11, 9) + timedelta(days=n): 1000 + n for n in range(1, 15)}
    post = {"id": "p1", "at": "2026-11-20T09:00:00+00:00", "text": "Pane caldo", "likes": 7}
    return MemoryPlatform(key, clock, followers, [post])


@pytest.fixture
def rows(engine: Engine) -> Callable[[str], list[tuple[Any, ...]]]:
    """The rows of a query, as tuples."""

    def query(statement: str) -> list[tuple[Any, ...]]:
        with engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    return query
