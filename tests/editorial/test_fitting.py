"""Whether a plan fits an account's caps."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from include.domain.posts import Post
from include.editorial.fitting import Booking, Places
from include.editorial.networks import Network

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quota:
    most: int
    per: timedelta = DAY
    limit_name: str = "quota_total"


def network(*caps: Quota) -> Network:
    return Network("Instagram", lambda post, limits: [], caps=caps)


def post(at: datetime, thread: int = 0) -> Post:
    return Post("p:instagram_sea", "instagram_sea", "Hi", publish_at=at, thread=("more",) * thread)


def take(places: Places, at: datetime, most: int, *, thread: int = 0, limits=None, zone="UTC", per=DAY) -> str | None:
    return places.take(post(at, thread), network(Quota(most, per)), limits or {}, zone)


def out(at: datetime, places: int = 1) -> Booking:
    return Booking("old:instagram_sea", "instagram_sea", at, places, is_out=True)


def test_what_fits_is_taken_without_a_word():
    places = Places()
    assert [take(places, NOON + timedelta(hours=hour), 3) for hour in range(3)] == [None] * 3


def test_what_is_too_many_is_told_when_it_would_fit():
    places = Places.of([out(NOON - timedelta(hours=20)), out(NOON - timedelta(hours=1))])
    said = take(places, NOON, 2, zone="Asia/Vientiane")
    assert said == (
        "2 posts in 24 hours are its limit, and this one is too many; move it to 2026-11-25 23:00 or later."
    )
    assert take(places, NOON + timedelta(hours=4), 2) is None


def test_a_post_between_two_full_halves_is_seen_from_both_sides():
    places = Places.of([out(NOON + timedelta(hours=20))])
    assert take(places, NOON, 1) is not None
    assert take(places, NOON - timedelta(hours=5), 1) is None


def test_a_thread_takes_a_place_for_each_of_its_texts():
    places = Places()
    assert take(places, NOON, 3, thread=2) is None
    assert "too many" in (take(places, NOON, 3) or "")
    assert (take(Places(), NOON, 2, thread=2) or "").endswith("shorten its thread.")


def test_the_accounts_own_number_goes_before_the_networks():
    assert take(Places.of([out(NOON)]), NOON, 1, limits={"quota_total": 50}) is None
    assert take(Places(), NOON, 5, limits={"quota_total": 0}) is not None
    assert take(Places(), NOON, 5, limits={"quota_total": "many"}) is None


def test_a_short_span_is_told_in_minutes():
    said = take(Places.of([out(NOON)]), NOON, 1, per=timedelta(minutes=15)) or ""
    assert "1 post in 15 minutes is" in said
    assert "12:15 or later" in said


hours = st.integers(0, 200).map(lambda hour: NOON + timedelta(hours=hour))


@given(st.lists(hours, max_size=40), st.integers(1, 5))
def test_no_span_ever_holds_more_than_the_cap(moments, most):
    places, taken = Places(), []
    for moment in sorted(moments):
        if take(places, moment, most) is None:
            taken.append(moment)
    for end in taken:
        assert sum(end - DAY < moment <= end for moment in taken) <= most


@given(st.lists(hours, max_size=20), hours, st.integers(1, 4))
def test_the_time_that_is_named_fits(moments, at, most):
    places = Places.of(map(out, moments))
    said = take(places, at, most)
    if said is not None:
        named = datetime.strptime(said.partition("move it to ")[2][:16], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        assert named > at
        assert take(places, named, most) is None
