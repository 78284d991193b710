"""Which posts of a week stood out, worked out by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from include.domain import PostSnapshot, RemotePost
from include.kpis.best_posts import BestPost, best_posts
from include.warehouse import tables
from include.warehouse.loading import load

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
ENDS = MONDAY + timedelta(days=7)


def _post(engine: Engine, account: str, name: str, published_at: datetime, **counters: Any) -> None:
    with engine.begin() as connection:
        post = RemotePost(account, name, published_at, "text", f"text {name}", f"https://example.org/{name}")
        load(connection, tables.remote_post, [post], columns=RemotePost._fields)
        seen = PostSnapshot(account, name, ENDS.date(), **counters)
        load(connection, tables.post_snapshot, [seen], columns=PostSnapshot._fields)


def test_a_post_is_measured_against_its_own_account(engine: Engine) -> None:
    """The median of 10, 20 and 60 is 20: 60 is three times the usual, 20 is the usual itself and not worth a word."""
    for name, reactions in (("a", 10), ("b", 20), ("c", 60)):
        _post(engine, "facebook_aurora", name, MONDAY + timedelta(days=1), reactions=reactions)
    for name, reactions in (("d", 500), ("e", 510)):
        _post(engine, "x_aurora", name, MONDAY + timedelta(days=2), reactions=reactions)
    with engine.connect() as connection:
        found = best_posts(connection, ["facebook_aurora", "x_aurora"], MONDAY, ENDS)
    assert found == [
        BestPost("facebook_aurora", "text c", "https://example.org/c", 60, 20.0),
        BestPost("x_aurora", "text e", "https://example.org/e", 510, 505.0),
    ]


def test_only_posts_of_the_week_and_only_those_with_counters(engine: Engine) -> None:
    _post(engine, "x_aurora", "old", MONDAY - timedelta(days=20), reactions=900)
    _post(engine, "x_aurora", "older", MONDAY - timedelta(days=27), reactions=1)
    _post(engine, "x_aurora", "withheld", MONDAY)
    with engine.connect() as connection:
        assert best_posts(connection, ["x_aurora"], MONDAY, ENDS) == []
