"""What weekdays are worth: learnt where they show, and not read into noise."""

from datetime import timedelta

import numpy as np
import pytest

from include.pacing.weekdays import worth_of
from tests.pacing.conftest import FIRST

DATES = [FIRST + timedelta(days=after) for after in range(56)]


def worths(days):
    return worth_of(np.array(days, dtype=float), DATES[: len(days)])


def by_place(worth):
    """In the order of the flight's own first week."""
    return [worth[day.weekday()] for day in DATES[:7]]


def test_a_clear_pattern_is_believed_after_a_few_weeks():
    week = [120, 120, 120, 120, 120, 50, 50]
    assert by_place(worths(week * 4)) == pytest.approx([each / 100 for each in week], abs=0.06)


def test_a_pattern_is_found_though_the_level_changes():
    week = [120, 120, 120, 120, 120, 50, 50]
    assert by_place(worths(week * 4 + [2 * each for each in week * 4]))[5] < 0.6


def test_what_may_be_chance_is_hardly_believed():
    noise = np.random.default_rng(1).normal(100, 30, 14)
    raw = (noise[:7] + noise[7:]) / 2 / noise.mean()
    assert np.std(worths(noise)) < 0.7 * np.std(raw)


def test_even_days_and_short_histories_are_worth_the_same():
    assert worths([100] * 30) == pytest.approx(np.ones(7))
    assert worths([0] * 30) == pytest.approx(np.ones(7))
    assert worths([100, 0, 50, 3, 9, 1]) == pytest.approx(np.ones(7))


def test_it_is_the_same_in_any_currency():
    days = np.random.default_rng(2).gamma(3, 30, 30)
    assert worths(days * 1000) == pytest.approx(worths(days))


def test_a_weekday_that_never_costs_anything_is_worth_something():
    assert min(worths([100, 100, 100, 100, 100, 0, 0] * 8)) > 0
