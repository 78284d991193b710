"""The model that is shipped, and how it is read.

For each side, "negative" and "positive", a text has eight numbers: what the tables say of its parts (ngrams.py), and
seven of what its single words say (words.py). A group of languages that learnt together weighs them; each language
turns the sum into a probability of its own (slope, offset) and has its own threshold, chosen by cross-validation. The
artefact `model.npz` is written by `make train-sentiment`; docs/sentiment.md is its card.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from include.comments.cleaning import cleaned, says_something, words_only
from include.comments.language import UNKNOWN, language_of
from include.comments.ngrams import Parts, Rows, taken_apart
from include.comments.words import Floats, WordTable
from include.domain.comments import Label, Verdict

SHIPPED = Path(__file__).with_name("model.npz")
SIDES: tuple[Label, Label] = ("negative", "positive")
_TOGETHER = 256  # texts in one turn: enough for numpy, little enough for the cache


@dataclass(frozen=True)
class Block:
    """A stretch of the table. `salted`: each language has places of its own in it."""

    start: int
    bits: int
    salted: bool
    scale: float


@dataclass(frozen=True)
class Side:
    """How a group weighs what is said for one side: the parts first, then the features of the words."""

    blocks: tuple[Block, ...]
    weights: Floats


@dataclass(frozen=True)
class Reading:
    """How one language reads its group's sums: for each side a slope, an offset and a threshold."""

    group: str
    salt: int
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
    """A Scorer that needs numpy and nothing else."""

    name: str
    table: npt.NDArray[np.int8]
    words: WordTable
    groups: dict[str, tuple[Side, Side]]
    readings: dict[str, Reading]

    @classmethod
    def load(cls, file: Path = SHIPPED) -> "LinearScorer":
        with np.load(file) as kept:
            told = json.loads(str(kept["told"]))
            words = WordTable(np.cumsum(kept["steps"], dtype=np.uint32), kept["values"])
            table = kept["table"]
        groups = {name: (_side(sides[0]), _side(sides[1])) for name, sides in told["groups"].items()}
        readings = {
            language: Reading(
                of["group"], of["salt"], *(np.array(of[name]) for name in ("slope", "offset", "threshold"))
            )
            for language, of in told["languages"].items()
        }
        return cls(told["name"], table, words, groups, readings)

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        """See Scorer. Languages are told first, so that each group's texts are looked at together."""
        verdicts: list[Verdict] = []
        by_group: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            language = language_of(words_only(text), self.readings) if says_something(text) else ""
            verdicts.append(Verdict(None, None, language or UNKNOWN, scored=False))
            if language in self.readings:
                by_group[self.readings[language].group].append(place)
        for group, places in by_group.items():
            for start in range(0, len(places), _TOGETHER):
                self._turn(group, texts, places[start : start + _TOGETHER], verdicts)
        return verdicts

    def _turn(self, group: str, texts: Sequence[str], places: Sequence[int], verdicts: list[Verdict]) -> None:
        languages = [verdicts[place].language for place in places]
        sums = self.sums(group, [cleaned(texts[place]) for place in places], languages)
        for place, language, said in zip(places, languages, sums, strict=True):
            reading = self.readings[language]
            chances = reading.chances(said)
            verdicts[place] = Verdict(reading.label(chances), float(chances[0]), language, scored=True)

    def sums(self, group: str, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """What a group makes of cleaned texts: one row a text, one column a side."""
        parts, words = taken_apart(texts)
        salts = np.array([self.readings[language].salt for language in languages], dtype=np.int64)
        said = self.words.features(words, salts, len(texts))
        sides = self.groups[group]
        return np.stack(
            [
                self._of_parts(side.blocks, parts, salts) * side.weights[0] + features @ side.weights[1:]
                for side, features in zip(sides, said, strict=True)
            ],
            axis=1,
        )

    def _of_parts(self, blocks: Sequence[Block], parts: Parts, salts: Rows) -> Floats:
        numbers = np.bincount(parts.rows, minlength=len(salts))
        said = np.zeros(len(salts))
        for block in blocks:
            own = parts.parts ^ salts[parts.rows] if block.salted else parts.parts
            weights = self.table[block.start + (own & ((1 << block.bits) - 1))]
            said += np.bincount(parts.rows, weights=weights, minlength=len(salts)) * block.scale
        return said / np.sqrt(np.maximum(numbers, 1))


def _side(told: dict[str, list[dict[str, float]] | list[float]]) -> Side:
    blocks = tuple(Block(**each) for each in told["blocks"])  # type: ignore[arg-type]
    return Side(blocks, np.array(told["weights"], dtype=np.float64))
