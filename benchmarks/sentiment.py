"""How well the shipped model tells negative comments, on rows that it has not learnt from.

The validation rows are no part of the project: `labelled_comments.csv.gz` is looked for in `../shared/data/comments`
beside the checkout, or where DESK_LABELLED_COMMENTS says. Without it nothing is measured. Every row goes the whole way,
its language told from the text alone; a row that stays unscored counts as not negative. Thai has no validation rows:
its figure is that of cross-validation (docs/sentiment.md).

    python -m benchmarks.sentiment      the table by language, with intervals
"""

import csv
import gzip
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.measurement import Measurement
from include.comments.scorers import default
from include.domain.comments import Verdict
from include.settings import ROOT

NAME = "labelled_comments.csv.gz"
DATA = Path(os.environ.get("DESK_LABELLED_COMMENTS") or ROOT.parent / "shared/data/comments" / NAME)
DRAWS = 1_000
Mask = npt.NDArray[np.bool_]


class LabelledRow(NamedTuple):
    text: str
    label: str
    language: str
    source: str


class Figures(NamedTuple):
    """Of the negative class, in per cent; `low` and `high` hold F1 in 95 of 100 bootstrap draws of the rows."""

    rows: int
    scored: float
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    average_precision: float


def measure(size: float = 1.0) -> list[Measurement]:
    rows = validation_rows()
    if not rows:
        return [Measurement("sentiment: validation rows at hand", 0, "rows")]
    rows = rows[:: max(round(1 / size), 1)]
    verdicts = default().score([row.text for row in rows])
    tweets = [row.source == "umsab" for row in rows]
    italian = [row.source == "umsab" and row.language == "italian" for row in rows]
    whole, of_italian = (figures(*_picked(rows, verdicts, which)) for which in (tweets, italian))
    return [
        Measurement("negative F1, eight languages of UMSAB", whole.f1, "%", goal=60, at_least=True),
        Measurement("negative F1, Italian", of_italian.f1, "%", goal=55, at_least=True),
    ]


def validation_rows() -> list[LabelledRow]:
    if not DATA.is_file():
        return []
    csv.field_size_limit(10_000_000)
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] == "val"]
    return [LabelledRow(row["text"], row["label"], row["language"], row["source"]) for row in rows]


def figures(rows: Sequence[LabelledRow], verdicts: Sequence[Verdict]) -> Figures:
    truth = np.array([row.label == "negative" for row in rows])
    said = np.array([verdict.label == "negative" for verdict in verdicts])
    chances = np.array([verdict.p_negative or 0.0 for verdict in verdicts])
    draws = np.random.default_rng(7).integers(0, len(rows), (DRAWS, len(rows)))
    low, high = np.quantile([_f1(truth[draw], said[draw]) for draw in draws], [0.025, 0.975])
    hits = float((truth & said).sum())
    return Figures(
        len(rows),
        100 * sum(verdict.scored for verdict in verdicts) / len(rows),
        100 * hits / max(said.sum(), 1),
        100 * hits / max(truth.sum(), 1),
        _f1(truth, said),
        float(low),
        float(high),
        average_precision(truth, chances),
    )


def _f1(truth: Mask, said: Mask) -> float:
    return 200 * float((truth & said).sum()) / max(float(truth.sum() + said.sum()), 1.0)


def average_precision(truth: Mask, chances: npt.NDArray[np.float64]) -> float:
    """The mean precision over the negative comments, the most probable first."""
    order = np.argsort(-chances, kind="stable")
    hits = truth[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return 100 * float(precision[hits].mean()) if hits.any() else 0.0


def _picked(
    rows: Sequence[LabelledRow], verdicts: Sequence[Verdict], which: Sequence[bool]
) -> tuple[list[LabelledRow], list[Verdict]]:
    return [row for row, of in zip(rows, which, strict=True) if of], [
        v for v, of in zip(verdicts, which, strict=True) if of
    ]


def main() -> int:
    rows = validation_rows()
    if not rows:
        print(f"{DATA}: there is no such file; DESK_LABELLED_COMMENTS names it.", file=sys.stderr)
        return 2
    verdicts = default().score([row.text for row in rows])
    print("| rows of | n | scored % | precision | recall | F1 | 95 % of draws | average precision |")
    print("|---|---|---|---|---|---|---|---|")
    sources = sorted({row.source for row in rows})
    kinds = [(source, "") for source in sources] + sorted({(row.source, row.language) for row in rows})
    for source, language in sorted(kinds):
        which = [row.source == source and language in ("", row.language) for row in rows]
        of = figures(*_picked(rows, verdicts, which))
        print(
            f"| {source} {language or 'all'} | {of.rows} | {of.scored:.0f} | {of.precision:.1f} | {of.recall:.1f} "
            f"| {of.f1:.1f} | {of.low:.1f}–{of.high:.1f} | {of.average_precision:.1f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
