"""Train the shipped model from labelled comments, and say how good it is on the rows kept for validation.

    make train-sentiment DATA=path/to/labelled_comments.csv.gz
    python -m include.comments.training --data labelled_comments.csv.gz --cache folder

The data are rows of text, label, language, source, split (rows.py says which are used). Learns from the split `train`
only; slopes, offsets and thresholds come from cross-validation inside it. Takes about ten minutes on one core; two
runs give the same model. Writes include/comments/model.npz.
"""

import json
import sys
import zlib
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from include.comments.language import UNKNOWN
from include.comments.model import SHIPPED, SIDES
from include.comments.ngrams import BITS, taken_apart
from include.comments.training.choosing import calibrated, threshold, told
from include.comments.training.fitting import WordFit, fit_parts, fit_weights, packed, part_matrix
from include.comments.training.rows import GROUPS, Group, Row, read_rows
from include.comments.training.teacher import vocabulary
from include.comments.words import Floats, WordTable

NAME = "social-desk-sentiment 1"
FOLDS = 4
NO_WORDS = WordTable(np.array([0], dtype=np.uint32), np.zeros((1, 4), dtype=np.int8))
# What reads like another language, for want of rows of its own: Lao in Thai letters; pictures without a word.
READ_AS = {"lo": "th", UNKNOWN: "en"}


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="labelled_comments.csv.gz")
    parser.add_argument("--cache", type=Path, help="a folder that keeps the teacher's vectors between runs")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    asked = parser.parse_args(arguments)
    if not asked.data.is_file():
        print(f"{asked.data}: there is no such file; --data names labelled_comments.csv.gz.", file=sys.stderr)
        return 2
    made = Made()
    for group in GROUPS:
        print(f"{group.name}: {', '.join(group.readable)}", flush=True)
        made.add(group, *_trained(group, read_rows(asked.data, group), asked.cache, made.length))
    made.write(asked.out)
    print(f"{asked.out}: {asked.out.stat().st_size:,} bytes")
    return 0


class Made:
    """The artefact as it grows, group by group."""

    def __init__(self) -> None:
        self.tables: list[npt.NDArray[np.int8]] = []
        self.words = NO_WORDS
        self.told: dict[str, Any] = {"name": NAME, "groups": {}, "languages": {}}

    @property
    def length(self) -> int:
        return sum(map(len, self.tables))

    def add(
        self,
        group: Group,
        tables: list[npt.NDArray[np.int8]],
        sides: list[dict[str, Any]],
        readings: dict[str, dict[str, Any]],
        words: WordTable,
    ) -> None:
        self.tables += tables
        self.told["groups"][group.name] = sides
        self.told["languages"] |= {language: readings[language] for language in group.readable}
        if group.taught:
            self.words = words

    def write(self, file: Path) -> None:
        languages = self.told["languages"]
        languages |= {language: languages[like] for language, like in READ_AS.items()}
        steps = np.diff(self.words.keys, prepend=np.uint32(0)).astype(np.uint32)
        told = json.dumps(self.told)
        np.savez_compressed(file, table=np.concatenate(self.tables), steps=steps, values=self.words.values, told=told)


def salt_of(language: str) -> int:
    return zlib.crc32(language.encode()) & ((1 << BITS) - 1)


def _trained(
    group: Group, rows: Sequence[Row], cache: Path | None, start: int
) -> tuple[list[npt.NDArray[np.int8]], list[dict[str, Any]], dict[str, dict[str, Any]], WordTable]:
    learner = Learner(group, rows, cache)
    tables, sides = [], []
    readings: dict[str, dict[str, Any]] = {
        language: {"group": group.name, "salt": salt_of(language), "slope": [], "offset": [], "threshold": []}
        for language in learner.salts
    }
    features = learner.out_of_fold()
    for side in range(len(SIDES)):
        truth = learner.truth[side]
        weights = fit_weights(features[side], truth, learner.languages)
        table, blocks = packed(fit_parts(learner.matrices[side], truth), group.blocks[side], start)
        start += len(table)
        tables.append(table)
        sides.append({"blocks": [asdict(block) for block in blocks], "weights": weights.tolist()})
        for language, reading in readings.items():
            _choose(reading, language, features[side] @ weights, truth, learner.languages == language)
    return tables, sides, readings, learner.word_table(np.ones(len(rows), dtype=np.bool_))


def _choose(
    reading: dict[str, Any], language: str, sums: Floats, truth: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_]
) -> None:
    slope, offset = calibrated(sums[own], truth[own])
    logits = sums[own] * slope + offset
    reading["slope"].append(slope)
    reading["offset"].append(offset)
    reading["threshold"].append(threshold(logits, truth[own], language))
    if len(reading["slope"]) == 1:
        print(f"  {language:8} out of fold: {told(logits, truth[own], reading['threshold'][0])}", flush=True)


class Learner:
    """One group's rows, made ready once for every fold."""

    def __init__(self, group: Group, rows: Sequence[Row], cache: Path | None) -> None:
        self.rows = rows
        self.texts = [row.text for row in rows]
        self.languages = np.array([row.language for row in rows])
        self.salts = {language: salt_of(language) for language in dict.fromkeys(group.languages.values())}
        self.salt = np.array([self.salts[language] for language in self.languages], dtype=np.int64)
        self.truth = [np.array([row.label == side for row in rows]) for side in SIDES]
        self.matrices = [part_matrix(self.texts, self.salt, bits) for bits in group.blocks]
        self.words = None
        if group.taught:
            found = vocabulary(rows, list(self.salts), cache)
            self.words = WordFit.of(self.texts, list(self.languages), found, self.salts)

    def out_of_fold(self) -> list[Floats]:
        """For each side the eight features of every text, from models that had not seen it."""
        features = [np.zeros((len(self.rows), 8)) for _ in SIDES]
        strata = [row.language + row.label for row in self.rows]
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        for train, held in folds.split(self.texts, strata):
            mask = np.zeros(len(self.rows), dtype=np.bool_)
            mask[train] = True
            said = self.said(self.word_table(mask), held)
            for side, truth in enumerate(self.truth):
                parts = self.matrices[side][held] @ fit_parts(self.matrices[side][train], truth[train])
                features[side][held] = np.concatenate([parts[:, np.newaxis], said[side]], axis=1)
        return features

    def word_table(self, train: npt.NDArray[np.bool_]) -> WordTable:
        return self.words.table(*(self.words.scores(train, truth) for truth in self.truth)) if self.words else NO_WORDS

    def said(self, table: WordTable, held: npt.NDArray[np.int64]) -> list[Floats]:
        _, words = taken_apart([self.texts[place] for place in held])
        return table.features(words, self.salt[held], len(held))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
