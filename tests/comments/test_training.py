"""Training, from its parts. Skipped where requirements-train.txt is not installed."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from include.comments.cleaning import cleaned
from include.comments.training.lexicon import FILE, read_lexicon

WORDS = {"negative": "schifo pessimo orribile", "neutral": "oggi treno ore", "positive": "bello ottimo grazie"}


def test_a_word_is_marked_by_its_longest_stem() -> None:
    lexicon = read_lexicon("it")
    assert lexicon.mark("schifosissimo") == -2
    assert lexicon.mark("gentilissima") == 1
    assert lexicon.mark("treno") == 0
    assert lexicon.mark("😡") == -2
    assert "non" in lexicon.turning
    assert read_lexicon("xx").mark("schifo") == 0


def test_every_line_of_the_lexicon_can_be_read() -> None:
    for line in FILE.read_text(encoding="utf-8").splitlines():
        language, sign, *words = line.split()
        assert language == "#" or (sign in {"--", "-", "+", "++", "!"} and words), line


def test_a_threshold_is_lower_where_texts_may_differ_more() -> None:
    choosing = pytest.importorskip("include.comments.training.choosing")
    draws = np.random.default_rng(1)
    truth = draws.random(2_000) < 1 / 3
    logits = draws.normal(np.where(truth, 0.5, -1.2), 1.0)
    assert choosing.threshold(logits, truth, "it") < choosing.threshold(logits, truth, "en") < 0.5


def test_a_group_learns_its_words_and_is_read_back(tmp_path: Path) -> None:
    training = pytest.importorskip("include.comments.training.__main__")
    rows_module = pytest.importorskip("include.comments.training.rows")
    model = pytest.importorskip("include.comments.model")
    data, out = tmp_path / "rows.csv.gz", tmp_path / "model.npz"
    with gzip.open(data, "wt", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["text", "label", "language", "source", "split"])
        for number in range(60):
            for label, words in WORDS.items():
                rows.writerow([f"{words.split()[number % 3]} {number}", label, "indonesian", "nusax", "train"])
    group = rows_module.Group("small", "nusax", {"indonesian": "id"}, ((12, 0), (12, 0)))
    made = training.Made()
    made.add(group, *training._trained(group, rows_module.read_rows(data, group), None, 0))
    made.told["languages"] |= {"th": made.told["languages"]["id"], "en": made.told["languages"]["id"]}
    made.write(out)
    scorer = model.LinearScorer.load(out)
    sums = scorer.sums("small", [cleaned("pessimo 3"), cleaned("ottimo 3")], ["id", "id"])
    assert sums[0, 0] > sums[1, 0]
    assert sums[0, 1] < sums[1, 1]
    assert "pessimo" not in out.read_bytes().decode("latin-1")
