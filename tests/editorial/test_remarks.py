"""Remarks on a plan as a whole."""

from datetime import UTC, datetime
from decimal import Decimal

from include.domain.accounts import Brand
from include.domain.posts import Post
from include.editorial.networks import Network
from include.editorial.remarks import Placed, costs, dead_links, empty_days, same_everywhere

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # a Tuesday; in Vientiane it is Wednesday


def placed(row: int, title: str, text: str, **more) -> Placed:
    return Placed(row, Post(f"k{row}:{title}", title, text, **more), title.lower(), title)


def test_the_same_words_on_three_networks_are_told_once_with_their_rows():
    plan = [placed(30, "X", "Hi  you"), placed(30, "Facebook", "Hi you"), placed(31, "LinkedIn", "Hi you")]
    ((row, words),) = same_everywhere(plan)
    assert row == 30
    assert words.startswith("same text on 3 networks (X, Facebook, LinkedIn), with row 31;")


def test_two_networks_or_two_accounts_of_one_may_say_the_same():
    assert same_everywhere([placed(2, "X", "Hi"), placed(2, "X", "Hi"), placed(2, "Facebook", "Hi")]) == []
    assert same_everywhere([placed(2, name, "") for name in ("X", "Facebook", "LinkedIn")]) == []


def brand(**cadence: set[int]) -> Brand:
    return Brand("sea", "Sea", "Asia/Vientiane", "lo", "#sea", cadence={n: frozenset(d) for n, d in cadence.items()})


def test_empty_days_are_told_by_network_in_the_brands_own_calendar():
    thursday_at_night = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # 03:00 on Thursday 26 in Vientiane
    filled = {"x": [thursday_at_night], "facebook": []}
    said = empty_days(brand(x={2, 3, 4}, facebook={0}), filled, NOW, {"x": "X", "facebook": "Facebook"})
    assert said == ("Nothing planned yet: Facebook Mon 30 Nov – Mon 7 Dec; X Fri 27 Nov – Wed 9 Dec.")


def test_a_plan_that_keeps_its_rhythm_is_not_spoken_of():
    assert empty_days(brand(), {}, NOW, {}) == ""
    filled = {"x": [datetime(2026, 11, 30, 3, 0, tzinfo=UTC), datetime(2026, 12, 7, 3, 0, tzinfo=UTC)]}
    assert empty_days(brand(x={0}), filled, NOW, {}) == ""


def price(post: Post) -> Decimal:
    return Decimal("0.200") if post.link else Decimal("0.015")


X = {"x": Network("X", lambda post, limits: [], price=price), "facebook": Network("Facebook", lambda p, _: [])}


def test_what_the_posts_cost_is_a_sentence():
    links = [placed(row, "X", "Hi", link="https://example.com") for row in range(6)]
    assert costs(links, X) == ["Six X links cost $1.20."]
    assert costs([*links, placed(9, "X", "Hi")], X) == ["Seven X posts cost $1.215, $1.20 of it for six links."]
    assert costs([placed(9, "X", "Hi")], X) == ["One X post costs $0.015."]
    assert costs([placed(9, "Facebook", "Hi")], X) == []


def test_where_a_link_cannot_be_followed_is_said_once_for_a_network():
    networks = {"instagram": Network("Instagram", lambda post, limits: [], opens_links=False), **X}
    linked = [placed(row, "Instagram", "Hi", link="https://sea.example") for row in (2, 3)]
    (said,) = dead_links([*linked, placed(4, "X", "Hi", link="https://sea.example")], networks)
    assert said == (
        "Instagram makes no link of an address: two posts will show theirs as plain text, without campaign tags."
        " Say where it can be followed, such as the link in the profile."
    )
    assert dead_links([placed(2, "Instagram", "Hi")], networks) == []
