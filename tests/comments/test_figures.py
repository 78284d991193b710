"""The figures of docs/sentiment.md: goals on the validation rows where those lie beside the checkout."""

import numpy as np
import pytest

from benchmarks.sentiment import LabelledRow, average_precision, figures, measure, validation_rows
from include.domain.comments import Verdict


def test_the_goals_hold_on_rows_that_the_model_has_not_learnt_from() -> None:
    if not validation_rows():
        pytest.skip("labelled_comments.csv.gz does not lie in ../shared/data/comments")
    missed = [f"{each.name}: {each.value:.1f} instead of {each.goal}" for each in measure() if not each.holds]
    assert not missed


def test_average_precision_is_the_mean_over_the_negative_comments() -> None:
    truth, chances = np.array([True, False, True]), np.array([0.9, 0.8, 0.7])
    assert average_precision(truth, chances) == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert average_precision(np.array([False]), np.array([0.9])) == 0.0


def test_an_unscored_row_counts_as_not_negative() -> None:
    rows = [LabelledRow("bad", "negative", "english", "umsab")] * 2
    verdicts = [Verdict("negative", 0.9, "en", scored=True), Verdict(None, None, "ru", scored=False)]
    found = figures(rows, verdicts)
    assert (found.scored, found.precision, found.recall) == (50, 100, 50)
