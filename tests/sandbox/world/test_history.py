"""The numbers behind the APIs: the same for the same seed, and shaped like a real account's."""

from datetime import date, timedelta

import pytest

from include.sandbox.declaration import DeclaredAccount, parse_declaration
from include.sandbox.world.history import History, reported

FRIDAY = date(2026, 11, 20)


def account(name: str = "bottega_aurora", platform: str = "facebook") -> DeclaredAccount:
    return parse_declaration({"accounts": [{"platform": platform, "name": name}]}, 7).accounts[0]


@pytest.fixture
def history() -> History:
    return History(7, account())


def test_the_same_seed_gives_the_same_days_in_whatever_order_they_are_asked(history: History) -> None:
    later_first = history.day(FRIDAY), history.day(FRIDAY - timedelta(days=60))
    again = History(7, account())
    assert (again.day(FRIDAY - timedelta(days=60)), again.day(FRIDAY)) == later_first[::-1]


@pytest.mark.parametrize(
    "other", [History(8, account()), History(7, account("mekong")), History(7, account(platform="x"))]
)
def test_another_seed_brand_or_platform_gives_other_numbers(history: History, other: History) -> None:
    assert other.day(FRIDAY) != history.day(FRIDAY)


def test_followers_of_a_day_follow_from_the_day_before(history: History) -> None:
    before, day = history.span(FRIDAY, 2)
    assert day.followers == before.followers + day.follows - day.unfollows


def test_a_weeks_reach_is_more_than_any_day_and_less_than_their_sum(history: History) -> None:
    for week in range(60):
        last = FRIDAY - timedelta(weeks=week)
        days = [day.reach for day in history.span(last, 7)]
        assert max(days) <= history.unique(last, 7) < sum(days)
        assert history.unique(last, 7) <= history.unique(last, 28)


def test_weekends_are_quieter(history: History) -> None:
    days = [(last := FRIDAY - timedelta(days=n), history.day(last)) for n in range(364)]
    reach = {
        weekend: sorted(d.reach for day, d in days if d and (day.weekday() > 4) is weekend) for weekend in (True, False)
    }
    middle = {weekend: values[len(values) // 2] for weekend, values in reach.items()}
    assert middle[True] < 0.85 * middle[False]


def test_a_viral_post_lifts_the_days_after_it(history: History) -> None:
    reach = sorted((day.reach for day in history.span(FRIDAY, 56)), reverse=True)
    assert reach[0] > 2.5 * reach[28]


def test_a_figure_is_restated_upwards_until_the_fourth_day() -> None:
    read = [reported(1000, FRIDAY, FRIDAY + timedelta(days=n)) for n in range(1, 6)]
    assert read == sorted(read)
    assert read[0] < read[1] < read[2] < read[3] == read[4] == 1000


def test_one_day_in_four_weeks_has_no_reach(history: History) -> None:
    first = date.fromordinal(FRIDAY.toordinal() // 28 * 28)
    assert sum(day.withheld for day in history.span(first - timedelta(days=1), 28)) == 1


def test_there_is_nothing_before_the_world_began(history: History) -> None:
    assert history.day(date(2023, 12, 31)) is None
