"""What the detector says of a tick, against a plain count by hand."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from include.comments.spikes import BALANCED, SENSITIVE, STRICT, Look, look, looks
from include.comments.spikes.share import surprise, tail

DAY, HOUR = 86_400.0, 3_600.0
START = 1_760_000_000.0
NOW = START + 40 * DAY
Floats, Flags = NDArray[np.float64], NDArray[np.bool_]


def usual(a_day: float, share: float = 0.2, days: float = 40, seed: int = 7) -> tuple[Floats, Flags]:
    """Comments of an ordinary account from START on: when, and whether negative."""
    rng = np.random.default_rng(seed)
    times = np.sort(START + rng.uniform(0, days * DAY, round(a_day * days)))
    return times, rng.random(len(times)) < share


def burst(times: Floats, negative: Flags, how_many: int, is_negative: bool, within: float = 4) -> tuple[Floats, Flags]:
    """The same with `how_many` more in the hours before NOW."""
    more = np.linspace(NOW - within * HOUR + 1, NOW, how_many)
    order = np.argsort(np.concatenate([times, more]), kind="stable")
    both = np.concatenate([negative, np.full(how_many, is_negative)])
    return np.concatenate([times, more])[order], both[order]


def at_now(times: Floats, negative: Flags, **options: object) -> Look:
    return look(times, negative, np.ones(len(times), dtype=np.bool_), NOW, **options)  # type: ignore[arg-type]


def test_the_figures_are_those_of_a_plain_count() -> None:
    times, negative = usual(100)
    scored = np.random.default_rng(1).random(len(times)) < 0.9
    at = NOW - 1_234.5
    found = look(times, negative, scored, at)
    inside = scored & (times > at - 6 * HOUR) & (times <= at)
    sums = [
        np.count_nonzero(scored & negative & (times > end - 6 * HOUR) & (times <= end))
        for end in (at - 6 * HOUR - hours * HOUR for hours in range(28 * 24 - 5))
    ]
    before = scored & (times > at - 6 * HOUR - 28 * DAY) & (times <= at - 6 * HOUR)
    assert found.negatives == np.count_nonzero(inside & negative)
    assert found.scored == np.count_nonzero(inside)
    assert found.usual == pytest.approx(np.mean(sums))
    assert found.sd == pytest.approx(np.std(sums))
    assert found.z == pytest.approx((found.negatives - np.mean(sums)) / max(np.std(sums), 1))
    known = np.count_nonzero(before)
    assert found.usual_share == pytest.approx((np.count_nonzero(before & negative) + 2) / (known + 10), rel=0.01)


def test_many_negatives_at_once_are_a_spike() -> None:
    found = at_now(*burst(*usual(50), 30, True))
    assert (found.verdict, found.severity) == ("spike", "critical")
    assert found.share_p is not None
    assert found.share_p < 0.01


def test_the_share_test_is_the_binomial_one() -> None:
    found = at_now(*burst(*usual(50), 8, True))
    assert found.share_p is not None
    n, p = found.scored, found.usual_share
    exact = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(found.negatives, n + 1))
    assert found.share_p == pytest.approx(exact)


def test_more_comments_in_the_usual_tone_are_a_surge_and_no_spike() -> None:
    times, negative = usual(50)
    for place in range(5):  # every fifth is negative, as usual
        times, negative = burst(times, negative, 60, place == 0, within=4 - place / 100)
    found = at_now(times, negative)
    assert found.z > 5
    assert (found.verdict, found.severity) == ("surge", None)


def test_four_negatives_are_never_a_spike_on_a_quiet_account_and_five_are() -> None:
    quiet = usual(1, share=0.0)
    assert at_now(*burst(*quiet, 4, True)).verdict == "calm"
    assert at_now(*burst(*quiet, 5, True)).verdict == "spike"


def test_before_three_days_nothing_is_said_and_to_day_14_it_is_marked() -> None:
    times, negative = burst(*usual(50), 40, True)

    def after(days: float) -> Look:
        return at_now(times, negative, since=NOW - days * DAY)

    assert after(2.9).verdict == "learning"
    assert (after(3.1).verdict, after(3.1).learning) == ("spike", True)
    assert (after(14.1).verdict, after(14.1).learning) == ("spike", False)


def test_a_single_comment_or_none_is_no_trouble() -> None:
    none = np.empty(0)
    assert look(none, none.astype(bool), none.astype(bool), NOW).verdict == "learning"
    assert look(none, none.astype(bool), none.astype(bool), NOW, since=START).verdict == "calm"
    assert at_now(np.array([START]), np.array([True])).verdict == "calm"


def test_what_is_not_scored_counts_neither_as_negative_nor_as_scored() -> None:
    times, negative = burst(*usual(50), 40, True)
    scored = times < NOW - 5 * HOUR
    found = look(times, negative, scored, NOW)
    assert (found.verdict, found.scored) == ("calm", np.count_nonzero(scored & (times > NOW - 6 * HOUR)))


def test_a_severity_is_that_of_its_z() -> None:
    found = [at_now(*burst(*usual(50), many, True)) for many in range(5, 40)]
    for each in found:
        if each.is_spike:
            assert each.severity == ("critical" if each.z >= 12 else "high" if each.z >= 7.4 else "notice")
    assert {each.severity for each in found} == {None, "notice", "high", "critical"}


def test_who_wants_to_be_called_less_is() -> None:
    spikes = [
        sum(at_now(*burst(*usual(50), many, True), sensitivity=each).is_spike for many in range(5, 30))
        for each in (SENSITIVE, BALANCED, STRICT, STRICT.of_a_post())
    ]
    assert spikes == sorted(spikes, reverse=True)
    assert len(set(spikes)) == 4


def test_a_span_that_is_excluded_is_no_baseline() -> None:
    times, negative = usual(50)
    campaign = (NOW - 10 * DAY, NOW - 9 * DAY)
    busy = np.concatenate([times, np.linspace(*campaign, 400)])
    order = np.argsort(busy)
    busy, busy_negative = busy[order], np.concatenate([negative, np.ones(400, dtype=bool)])[order]
    with_it, without = (at_now(busy, busy_negative, excluded=spans) for spans in ((), (campaign,)))
    plain = at_now(times, negative)
    assert with_it.sd > 2 * plain.sd
    assert without.sd == pytest.approx(plain.sd, rel=0.05)
    assert without.usual == pytest.approx(plain.usual, rel=0.05)


def test_an_account_with_moods_needs_a_clearer_share() -> None:
    """The same counts, but negatives that always came in clusters: this cluster is nothing new."""
    times = START + np.arange(0, 39 * DAY, HOUR / 4)
    rng = np.random.default_rng(3)
    even = rng.random(len(times)) < 0.25
    moody = rng.random(len(times)) < np.repeat(rng.choice([0.05, 0.45], len(times) // 48), 48)
    found = [at_now(*burst(times, kind, 30, True)) for kind in (even, moody)]
    assert all(each.surprise is not None for each in found)
    assert found[0].surprise > found[1].surprise + 1  # type: ignore[operator]


comments = st.lists(st.tuples(st.integers(0, 40 * 24 * 60), st.booleans(), st.booleans()), min_size=1, max_size=60)


def columns(given_comments: list[tuple[int, bool, bool]]) -> tuple[Floats, Flags, Flags]:
    rows = sorted(given_comments, key=lambda row: row[0])
    times = np.array([START + 60 * minute for minute, _, _ in rows])
    return times, np.array([row[1] for row in rows]), np.array([row[2] for row in rows])


@given(comments, st.integers(0, 41 * 24 * 6))
@settings(deadline=None, max_examples=50)
def test_a_tick_does_not_depend_on_what_comes_later(rows: list[tuple[int, bool, bool]], tick: int) -> None:
    times, negative, scored = columns(rows)
    at = START + 600 * tick
    by_then = times <= at
    whole = look(times, negative, scored, at, since=START)
    assert whole == look(times[by_then], negative[by_then], scored[by_then], at, since=START)


@given(comments, st.lists(st.integers(0, 41 * 24 * 60), min_size=1, max_size=20), st.randoms())
@settings(deadline=None, max_examples=50)
def test_many_ticks_at_once_say_what_each_says(
    rows: list[tuple[int, bool, bool]],
    minutes: list[int],
    random: st.randoms,  # type: ignore[valid-type]
) -> None:
    times, negative, scored = columns(rows)
    ticks = [START + 60.0 * minute for minute in minutes]
    together = list(looks(times, negative, scored, np.array(ticks)))
    assert together == [look(times, negative, scored, at) for at in ticks]


@given(comments, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_comments_of_the_same_time_may_come_in_any_order(rows: list[tuple[int, bool, bool]], random) -> None:  # type: ignore[no-untyped-def]
    rows = [(minute // 600 * 600, *flags) for minute, *flags in rows]
    shuffled = [*rows]
    random.shuffle(shuffled)
    assert look(*columns(rows), NOW) == look(*columns(shuffled), NOW)


@given(comments, st.integers(2, 5))
@settings(deadline=None, max_examples=50)
def test_an_account_k_times_as_big_has_the_same_z_where_it_varies_enough(
    rows: list[tuple[int, bool, bool]], times_as_big: int
) -> None:
    small = look(*columns(rows), NOW, since=START)
    big = look(*columns(rows * times_as_big), NOW, since=START)
    assert big.negatives == times_as_big * small.negatives
    assert big.usual == pytest.approx(times_as_big * small.usual)
    assert big.sd == pytest.approx(times_as_big * small.sd)
    if small.sd >= 1:
        assert big.z == pytest.approx(small.z)


@given(comments, st.integers(-1000, 1000))
@settings(deadline=None, max_examples=50)
def test_when_it_is_does_not_matter(rows: list[tuple[int, bool, bool]], hours: int) -> None:
    times, negative, scored = columns(rows)
    later = look(times + hours * HOUR, negative, scored, NOW + hours * HOUR)
    assert replace(later, at=NOW) == look(times, negative, scored, NOW)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_the_tail_is_the_sum_of_its_terms(successes: int, trials: int, chance: float) -> None:
    exact = sum(comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(successes, trials + 1))
    assert tail(successes, trials, chance) == pytest.approx(exact, abs=1e-12)


def test_a_tail_of_thousands_neither_overflows_nor_vanishes() -> None:
    assert 0 < tail(9_000, 40_000, 0.2) < 1e-30
    assert tail(7_000, 40_000, 0.2) == pytest.approx(1)
    assert tail(40_000, 40_000, 0.5) == 0
    assert surprise(0.0, 10, 0) > 30


def test_kin_comments_prove_less() -> None:
    assert surprise(0.001, 100, 0.0) == pytest.approx(3.09, abs=0.01)
    assert surprise(0.001, 100, 0.01) == pytest.approx(3.09 / 1.99**0.5, abs=0.01)
