"""A language's own slope, offset and threshold, from texts that the model had not learnt from."""

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from include.comments.words import Floats

Mask = npt.NDArray[np.bool_]
# How far, in logits, the comments of another place and time may lie from those at hand: one standard deviation.
# SENTIPOLC's Italian is known to change its subjects from train to test (docs/sentiment.md).
SHIFT, SHIFT_OF = 0.5, {"it": 1.0}
MOST = 0.6  # of a language's comments may be called negative: where little can be told, F1 alone would call them all so


def calibrated(sums: Floats, truth: Mask) -> tuple[float, float]:
    """Platt's slope and offset."""
    model = LogisticRegression(C=1e4).fit(sums[:, np.newaxis], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def threshold(logits: Floats, truth: Mask, language: str) -> float:
    """The probability from which F1 is greatest, averaged over shifts of all texts at once (Gauss-Hermite)."""
    points, weights = np.polynomial.hermite_e.hermegauss(9)
    candidates = np.arange(max(-3.0, float(np.quantile(logits, 1 - MOST))), 1.5, 0.05)
    shifts = points * SHIFT_OF.get(language, SHIFT)
    averages = [
        float(np.dot(weights, [f1(truth, logits + shift >= candidate) for shift in shifts])) for candidate in candidates
    ]
    best = candidates[int(np.argmax(averages))]
    return float(1 / (1 + np.exp(-best)))


def told(logits: Floats, truth: Mask, threshold: float) -> str:
    """How good that is, in words; `threshold` is a probability."""
    said = 1 / (1 + np.exp(-logits)) >= threshold
    hits = float((truth & said).sum())
    precision, recall = hits / max(said.sum(), 1), hits / max(truth.sum(), 1)
    average = average_precision_score(truth, logits)
    return f"P {precision:.1%}, R {recall:.1%}, F1 {f1(truth, said):.1%}, AP {average:.1%} of {len(truth):,}"


def f1(truth: Mask, said: Mask) -> float:
    return 2 * float((truth & said).sum()) / max(float(truth.sum() + said.sum()), 1.0)
