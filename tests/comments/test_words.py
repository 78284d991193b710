"""What single words say, and what a "not" does to them."""

import numpy as np

from include.comments.ngrams import taken_apart
from include.comments.words import FEATURES, WordTable, key_of


def _table(entries: dict[str, tuple[int, int, int, int]], salt: int = 5) -> WordTable:
    keys = [int(key_of(taken_apart([word])[1].words, np.array([salt]))[0]) for word in entries]
    order = np.argsort(keys)
    values = np.array([*entries.values()], dtype=np.int8)[order]
    return WordTable(np.array(keys, dtype=np.uint32)[order], values)


TABLE = _table({"bad": (30, -15, -2, 0), "not": (0, 0, 0, 1), "nice": (-30, 24, 1, 0)})


def _negative(*texts: str, salt: int = 5) -> list[dict[str, float]]:
    said = TABLE.features(taken_apart(texts)[1], np.full(len(texts), salt), len(texts))[0]
    return [dict(zip(FEATURES, row.tolist(), strict=True)) for row in said]


def test_a_word_counts_over_the_root_of_their_number() -> None:
    (one,) = _negative("bad a b c")
    assert one["said"] == 0.5
    assert one["strongest"] == 1.0
    assert one["ill by hand"] == 1.0


def test_a_not_turns_the_next_three_words_of_its_own_text() -> None:
    near, far, before, other = _negative("not so very bad", "not a b c bad", "bad not", "not", *[])[:4]
    assert (near["said"], near["said after a not"]) == (0.0, 0.5)
    assert near["ill after a not"] == 1.0
    assert far["said after a not"] == 0.0
    assert before["said after a not"] == 0.0
    assert other["said"] == 0.0
    assert _negative("not", "bad")[1]["said after a not"] == 0.0


def test_another_language_does_not_know_the_word() -> None:
    assert _negative("bad", salt=6)[0]["said"] == 0.0
