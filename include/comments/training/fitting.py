"""Fitting: the weights of parts, the scores of words, and how the two are weighed together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from include.comments.model import Block
from include.comments.ngrams import Words, taken_apart
from include.comments.training.lexicon import read_lexicon
from include.comments.training.teacher import Vocabulary
from include.comments.words import STEP, Floats, WordTable, key_of

Mask = npt.NDArray[np.bool_]
SHARE = 0.7  # how much a language's own weights count beside those it shares
KEPT = 0.3  # of a block's weights; the smallest are dropped
FAINT = 6  # steps: a word that says less, for both sides, is left out
_CHUNK = 2_000


def part_matrix(texts: Sequence[str], salts: npt.NDArray[np.int64], bits: tuple[int, int]) -> sparse.csr_matrix:
    """One row a text: the shared stretch of 2**bits[0] columns, then the salted one."""
    shared, salted = bits
    columns: list[npt.NDArray[np.int64]] = []
    values: list[Floats] = []
    rows: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(texts), _CHUNK):
        parts, _ = taken_apart(texts[start : start + _CHUNK])
        at = parts.rows + start
        value = 1 / np.sqrt(np.bincount(parts.rows)[parts.rows])
        own = ((parts.parts ^ salts[at]) & (_width(salted) - 1)) + _width(shared)
        for bits_of, column, weight in ((shared, parts.parts & (_width(shared) - 1), 1.0), (salted, own, SHARE)):
            if bits_of:
                rows, columns = [*rows, at], [*columns, column]
                values.append(value * (weight if shared else 1))
    shape = len(texts), _width(shared) + _width(salted)
    joined = np.concatenate(values).astype(np.float32), (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix(joined, shape=shape)


def _width(bits: int) -> int:
    return 1 << bits if bits else 0


def fit_parts(matrix: sparse.csr_matrix, truth: Mask, strength: float = 8) -> Floats:
    """The weight of each column. Without an intercept: what a language usually says is its offset's business."""
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=200, random_state=0)
    return np.asarray(model.fit(matrix, truth).coef_[0], dtype=np.float64)


def packed(weights: Floats, bits: tuple[int, int], start: int) -> tuple[npt.NDArray[np.int8], list[Block]]:
    """The weights in whole numbers of one byte, and where they will stand in the table."""
    tables, blocks = [], []
    for width, salted in zip(map(_width, bits), (False, True), strict=True):
        part, weights = weights[:width], weights[width:]
        if not width:
            continue
        part = part * (SHARE if salted and bits[0] else 1)
        scale = float(np.quantile(np.abs(part[part != 0]), 0.9995)) / 127
        whole = np.clip(np.round(part / scale), -127, 127)
        whole[np.abs(part) < np.quantile(np.abs(part), 1 - KEPT)] = 0
        blocks.append(Block(start, width.bit_length() - 1, salted, scale))
        tables.append(whole.astype(np.int8))
        start += width
    return np.concatenate(tables), blocks


@dataclass(frozen=True)
class WordFit:
    """Everything about the words of a group that does not change from fold to fold."""

    vocabulary: Vocabulary
    salts: dict[str, int]
    counts: sparse.csr_matrix  # texts by entries: 1 where the word stands in the text
    marks: npt.NDArray[np.int8]  # hand, turns

    @classmethod
    def of(cls, texts: Sequence[str], languages: Sequence[str], found: Vocabulary, salts: dict[str, int]) -> "WordFit":
        place = {entry: at for at, entry in enumerate(found.entries)}
        pairs = {
            (row, place[language, word])
            for row, (text, language) in enumerate(zip(texts, languages, strict=True))
            for word in text.split()
            if (language, word) in place
        }
        rows, columns = np.array(sorted(pairs)).T
        counts = sparse.csr_matrix(
            (np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), len(found.entries))
        )
        return cls(found, salts, counts, _marks(found.entries, list(salts)))

    def scores(self, train: Mask, truth: Mask, strength: float = 0.004) -> Floats:
        """What each entry says for one side: shared by all languages and each one's own. 0 where nothing was known."""
        known = self.vocabulary.common | (np.asarray(self.counts[train].sum(axis=0)).ravel() > 0)
        codes = {language: code for code, language in enumerate(self.salts)}
        of_entry = np.array([codes[language] for language, _ in self.vocabulary.entries])
        vectors = self.vocabulary.vectors * known[:, np.newaxis] / 3
        number = np.maximum(np.asarray(self.counts.sum(axis=1)).ravel(), 1)
        means = (sparse.diags(1 / np.sqrt(number)) @ self.counts @ vectors).astype(np.float32)
        own = np.eye(len(codes), dtype=np.float32)[self._of_text(of_entry)] * SHARE
        spread = np.concatenate([means, (means[:, :, None] * own[:, None, :]).reshape(len(means), -1)], axis=1)
        model = LogisticRegression(C=strength, max_iter=150).fit(spread[train], truth[train])
        shared, by_language = model.coef_[0][: means.shape[1]], model.coef_[0][means.shape[1] :].reshape(-1, len(codes))
        return np.asarray(vectors @ shared + SHARE * np.einsum("ij,ji->i", vectors, by_language[:, of_entry]))

    def _of_text(self, of_entry: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Each text's language, by any of its words: an entry belongs to one language."""
        return np.asarray(of_entry[self.counts.argmax(axis=1)]).ravel()

    def table(self, negative: Floats, positive: Floats) -> WordTable:
        """Entries that say nothing are left out; of two with one key the first stays."""
        said = np.clip(np.round(np.stack([negative, positive], axis=1) / STEP), -127, 127).astype(np.int8)
        values = np.concatenate([said, self.marks], axis=1)
        values = np.where(
            (np.abs(said).max(axis=1, keepdims=True) < FAINT) & (self.marks == 0).all(axis=1)[:, None], 0, values
        )
        keys = self._keys()
        keys, first = np.unique(keys[values.any(axis=1)], return_index=True)
        return WordTable(keys, values[values.any(axis=1)][first].astype(np.int8))

    def _keys(self) -> npt.NDArray[np.uint32]:
        entries = self.vocabulary.entries
        hashes = word_hashes([word for _, word in entries])
        return key_of(hashes, np.array([self.salts[language] for language, _ in entries], dtype=np.int64))


def word_hashes(words: Sequence[str]) -> npt.NDArray[np.uint64]:
    chunks = (words[start : start + _CHUNK] for start in range(0, len(words), _CHUNK))
    return np.concatenate([_of_line(" ".join(chunk)).words for chunk in chunks])


def _of_line(line: str) -> Words:
    return taken_apart([line])[1]


def _marks(entries: Sequence[tuple[str, str]], languages: Sequence[str]) -> npt.NDArray[np.int8]:
    lexicons = {language: read_lexicon(language) for language in languages}
    return np.array(
        [(lexicons[language].mark(word), word in lexicons[language].turning) for language, word in entries],
        dtype=np.int8,
    )


def fit_weights(features: Floats, truth: Mask, languages: npt.NDArray[np.str_]) -> Floats:
    """How much each feature counts; each language has its own intercept, which is left to its offset."""
    spread = np.maximum(features.std(axis=0), 1e-9)
    own = languages[:, np.newaxis] == np.unique(languages)
    model = LogisticRegression(C=1, max_iter=500).fit(np.concatenate([features / spread, own], axis=1), truth)
    return np.asarray(model.coef_[0][: features.shape[1]] / spread)
