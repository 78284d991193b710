"""The posts of the past, and how their counters grow."""

from datetime import UTC, datetime, timedelta

import pytest

from include.sandbox.declaration import DeclaredAccount, parse_declaration
from include.sandbox.world.calendar import posts_between, posts_of_week
from include.sandbox.world.growth import lifetime

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def account(platform: str = "facebook", language: str = "it") -> DeclaredAccount:
    entry = {"platform": platform, "name": "aurora", "language": language, "timezone": "Europe/Rome"}
    return parse_declaration({"accounts": [entry]}, 7).accounts[0]


def test_three_to_seven_posts_a_week_each_with_its_own_id() -> None:
    weeks = [posts_of_week(7, account(), week) for week in range(100, 150)]
    assert {len(week) for week in weeks} == {3, 4, 5, 6, 7}
    ids = [post.remote_id for week in weeks for post in week]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("platform", "kinds"), [("facebook", 5), ("x", 4)])
def test_the_kinds_of_post_that_a_platform_has(platform: str, kinds: int) -> None:
    posts = posts_between(7, account(platform), NOW - timedelta(days=300), NOW)
    assert len({post.kind for post in posts}) == kinds


@pytest.mark.parametrize(("language", "letter"), [("it", "è"), ("lo", "ກ"), ("en", "the")])
def test_a_brand_speaks_its_language(language: str, letter: str) -> None:
    posts = posts_between(7, account(language=language), NOW - timedelta(days=300), NOW)
    assert any(letter in post.text for post in posts)


def test_one_post_in_eight_weeks_goes_viral() -> None:
    weeks = range(96, 144)
    assert sum(post.viral for week in weeks for post in posts_of_week(7, account(), week)) == len(weeks) // 8


def test_x_ids_are_in_the_order_of_time() -> None:
    ids = [int(post.remote_id) for post in posts_between(7, account("x"), NOW - timedelta(days=60), NOW)]
    assert ids == sorted(ids)


def test_counters_grow_with_age_and_differ_from_day_to_day() -> None:
    by_day = [lifetime((7, "aurora", "1"), "image", 20_000, False, 24 * day) for day in range(1, 40)]
    views = [counters.views for counters in by_day]
    assert views == sorted(views)
    assert len(set(views[:14])) == 14
    assert lifetime((7, "aurora", "1"), "image", 20_000, False, 0).views == 0


def test_reactions_by_kind_add_up() -> None:
    counters = lifetime((7, "aurora", "1"), "video", 20_000, True, 200)
    assert sum(counters.by_reaction().values()) == counters.reactions > 1000
