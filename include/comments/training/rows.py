"""The labelled comments, by the group of languages that learns together."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from include.comments.cleaning import cleaned


class Row(NamedTuple):
    text: str  # cleaned
    label: str
    language: str  # a BCP 47 tag


@dataclass(frozen=True)
class Group:
    """Languages that share what they learn. `blocks`, by side: bits of the shared and the salted stretch (0: none)."""

    name: str
    source: str
    languages: dict[str, str]  # as the data name them -> BCP 47
    blocks: tuple[tuple[int, int], tuple[int, int]]
    read: Sequence[str] = ()  # what language.py can tell apart, where that is not all of them
    taught: bool = False  # whether the teacher of words (teacher.py) knows these languages

    @property
    def readable(self) -> list[str]:
        return list(self.read or dict.fromkeys(self.languages.values()))


TWEETS = {
    "arabic": "ar",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi-Latn",
    "italian": "it",
    "portuguese": "pt",
    "spanish": "es",
}
NUSANTARA = {
    "acehnese": "ace",
    "balinese": "ban",
    "banjarese": "bjn",
    "buginese": "bug",
    "indonesian": "id",
    "javanese": "jv",
    "madurese": "mad",
    "minangkabau": "min",
    "ngaju": "nij",
    "sundanese": "su",
    "toba_batak": "bbc",
}
AFRICA = {"am": "am", "ha": "ha", "ig": "ig", "kr": "rw", "pcm": "pcm", "sw": "sw", "yo": "yo"}
GROUPS = (
    Group("tweets", "umsab", TWEETS, ((20, 20), (20, 0)), taught=True),
    Group("thai", "wisesight", {"thai": "th"}, ((20, 0), (19, 0))),
    Group("nusantara", "nusax", NUSANTARA, ((18, 0), (17, 0)), read=("id", "jv", "ace")),
    Group("africa", "afri", AFRICA, ((0, 19), (0, 17))),
)


def read_rows(file: Path, group: Group, split: str = "train") -> list[Row]:
    """The rows of one group and split, in the file's order."""
    csv.field_size_limit(10_000_000)
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        return [
            Row(cleaned(row["text"]), row["label"], group.languages[row["language"]])
            for row in csv.DictReader(lines)
            if row["source"] == group.source and row["split"] == split and row["language"] in group.languages
        ]
