"""The model that is shipped: a table with one number for every part of a text, and how a language reads the sum.

The artefact (`model.npz`, written by `make train-sentiment`) holds whole numbers of one byte: what each part says for
"negative" and for "positive". Languages that learnt together share a `group`: its salt moves their parts to places of
their own in the table. A language turns the sum into a probability (slope, offset) and has its own threshold, all
chosen by cross-validation. docs/sentiment.md has the figures.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from include.comments.cleaning import cleaned, says_something, words_only
from include.comments.language import UNKNOWN, language_of
from include.comments.ngrams import parts_of
from include.domain.comments import Label, Verdict

SHIPPED = Path(__file__).with_name("model.npz")
_TOGETHER = 256  # texts in one turn: enough for numpy, little enough for the cache
_SIDES: tuple[Label, Label] = ("negative", "positive")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """How one language reads the sums of its group: for each side a slope, an offset and a threshold."""

    group: str
    slope: Floats
    offset: Floats
    threshold: Floats

    def chances(self, sums: Floats) -> Floats:
        return 1 / (1 + np.exp(-(sums * self.slope + self.offset)))

    def label(self, chances: Floats) -> Label:
        above = chances >= self.threshold
        return "negative" if above[0] else "positive" if above[1] else "neutral"


@dataclass(frozen=True)
class LinearScorer:
    """A Scorer: `tables[side][part ^ salt]` summed over a text's parts, over the root of their number."""

    name: str
    tables: npt.NDArray[np.int8]
    scale: Floats
    salts: dict[str, int]
    readings: dict[str, Reading]

    @classmethod
    def load(cls, file: Path = SHIPPED) -> "LinearScorer":
        with np.load(file) as kept:
            told: dict[str, Any] = json.loads(str(kept["told"]))
            tables, scale = kept["tables"], kept["scale"].astype(np.float64)
        readings = {
            language: Reading(of["group"], *(np.array(of[each]) for each in ("slope", "offset", "threshold")))
            for language, of in told["languages"].items()
        }
        return cls(told["name"], tables, scale, told["salts"], readings)

    @cached_property
    def bits(self) -> int:
        return int(self.tables.shape[1]).bit_length() - 1

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for start in range(0, len(texts), _TOGETHER):
            verdicts += self._turn(texts[start : start + _TOGETHER])
        return verdicts

    def _turn(self, texts: Sequence[str]) -> list[Verdict]:
        languages = [self._language(text) for text in texts]
        sums = self.sums([cleaned(text) for text in texts], [self._group(language) for language in languages])
        return [self._verdict(*each) for each in zip(languages, sums, strict=True)]

    def _language(self, text: str) -> str | None:
        """None where the text says nothing that could be judged."""
        return language_of(words_only(text), self.readings) if says_something(text) else None

    def _group(self, language: str | None) -> int:
        reading = self.readings.get(language or UNKNOWN)
        return self.salts[reading.group] if reading else 0

    def sums(self, texts: Sequence[str], salts: Sequence[int]) -> Floats:
        """What the tables say of cleaned texts, one row a text and one column a side."""
        rows, parts = parts_of(texts, self.bits)
        places = parts ^ np.array(salts, dtype=np.int64)[rows]
        root = np.sqrt(np.maximum(np.bincount(rows, minlength=len(texts)), 1))
        said = [np.bincount(rows, weights=table[places], minlength=len(texts)) for table in self.tables]
        return np.stack(said, axis=1) * self.scale / root[:, np.newaxis]

    def _verdict(self, language: str | None, sums: Floats) -> Verdict:
        reading = self.readings.get(language) if language else None
        if language is None or reading is None:
            return Verdict(None, None, language or UNKNOWN, scored=False)
        chances = reading.chances(sums)
        return Verdict(reading.label(chances), float(chances[0]), language, scored=True)
