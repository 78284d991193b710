"""What adds up, adds up: over parts, over accounts, over weeks, in any order."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from include.domain import Account, Brand, PostSnapshot, RemotePost, Window
from include.kpis.roll_up import roll_up_weeks

MONDAY = date(2026, 10, 19)  # the clocks change in Rome at its end
WEEKS = [MONDAY, MONDAY + timedelta(weeks=1)]
FIRST = datetime(2026, 10, 18, 22, tzinfo=UTC)
HOURS = 169 + 168
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ACCOUNTS = tuple(Account(platform, "aurora", "aurora") for platform in ("facebook", "mastodon", "x"))
BRAND = Brand("aurora", "Aurora", "Europe/Rome", "it", "#aurora", ACCOUNTS)

counter = st.none() | st.integers(0, 10**12)
posts = st.lists(
    st.tuples(
        st.sampled_from([account.key for account in ACCOUNTS]),
        st.integers(0, HOURS * 3600 - 1),
        st.sampled_from(["image", "video", "text"]),
        st.integers(0, 10**12),
        counter,
        counter,
        counter,
    ),
    max_size=25,
)


def rows(given_posts: list[tuple[Any, ...]]) -> list[RemotePost | PostSnapshot]:
    made: list[RemotePost | PostSnapshot] = []
    for name, (account, second, kind, reactions, comments, reach, views) in enumerate(given_posts):
        published = FIRST + timedelta(seconds=second)
        made.append(RemotePost(account, f"p{name}", published, kind, "", ""))
        made.append(PostSnapshot(account, f"p{name}", NOW.date(), reactions, comments, reach=reach, views=views))
    return made


def rolled(facts: Any, some: list[RemotePost | PostSnapshot]) -> list[dict[tuple[str, str, str], Any]]:
    with facts.engine.begin() as connection:
        connection.execute(text("TRUNCATE desk.remote_post, desk.post_snapshot, desk.kpi_week, desk.ingest_window"))
    facts.put(*some)
    for account in ACCOUNTS:
        facts.read(account.key, Window(MONDAY - timedelta(days=1), WEEKS[1] + timedelta(days=6)))
    roll_up_weeks(facts.engine, [BRAND], WEEKS[1], 2, NOW)
    return [facts.kpis("value", "numerator", "denominator", "note", week=week) for week in WEEKS]


SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(posts)
def test_the_parts_are_the_whole(facts: Any, engine: Engine, given_posts: list[tuple[Any, ...]]) -> None:
    both = rolled(facts, rows(given_posts))
    for week in both:
        for kpi in ("posts_published", "engagements"):
            assert week[("*", kpi, "")][0] == sum(week[(account.key, kpi, "")][0] for account in ACCOUNTS)
        sliced = [value[0] for (account, kpi, _), value in week.items() if kpi.endswith("type") and account == "*"]
        assert sum(sliced) == week[("*", "engagements", "")][0]
        for exposure in ("reach", "views"):
            kpi = f"engagement_rate_by_{exposure}"
            parts = [week[(account.key, kpi, "")] for account in ACCOUNTS]
            assert (week[("*", kpi, "")][2] or 0) == sum(part[2] or 0 for part in parts)
    assert sum(week[("*", "posts_published", "")][0] for week in both) == len(given_posts)
    expected = sum(reactions + (comments or 0) for _, _, _, reactions, comments, _, _ in given_posts)
    assert sum(week[("*", "engagements", "")][0] for week in both) == expected


@settings(SLOW, max_examples=4)
@given(posts, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_accounts_changes_nothing(
    facts: Any, engine: Engine, given_posts: list[tuple[Any, ...]], chance: random.Random
) -> None:
    some = rows(given_posts)
    before = rolled(facts, some)
    chance.shuffle(some)
    assert rolled(facts, some) == before
