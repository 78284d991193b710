"""The words that were marked by hand: lexicon.txt, read for one language."""

from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).with_name("lexicon.txt")
_MARKS = {"--": -2, "-": -1, "+": 1, "++": 2}


@dataclass
class Lexicon:
    """Whole words and stems with their mark, and the words that turn the next ones round."""

    words: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    turning: set[str] = field(default_factory=set)

    def mark(self, word: str) -> int:
        """-2 to 2; of two stems that fit, the longer one counts."""
        if word in self.words:
            return self.words[word]
        fitting = (self.stems[word[:end]] for end in range(len(word), 1, -1) if word[:end] in self.stems)
        return next(fitting, 0)


def read_lexicon(language: str) -> Lexicon:
    lexicon = Lexicon()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        of, _, rest = line.partition(" ")
        if of in (language, "all"):
            sign, *words = rest.split()
            _take(lexicon, sign, [word.lower() for word in words])
    return lexicon


def _take(lexicon: Lexicon, sign: str, words: list[str]) -> None:
    if sign == "!":
        lexicon.turning.update(words)
        return
    for word in words:
        kind = lexicon.stems if word.endswith("*") else lexicon.words
        kind.setdefault(word.rstrip("*"), _MARKS[sign])
