"""The parts of a text that carry tone: its words, pairs of words, runs of one to five characters; each a number.

Many texts at once, in numpy alone: a text is a row, a part a hash of 20 bits (two parts may share one). A part counts
once in a text, however often it stands there. No part can be turned back into letters.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
BITS = 20
LONGEST_RUN = 5
_SPACE, _END = 32, 10
_A, _B, _C = (np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x100000001B3))
_PLACES = np.cumprod(np.full(64, _C, dtype=np.uint64), dtype=np.uint64)  # letters past a word's 64th start anew


class Parts(NamedTuple):
    """Which part stands in which text: two arrays of one length, by row and then by part."""

    rows: Rows
    parts: npt.NDArray[np.int64]


class Words(NamedTuple):
    """The words of the texts in their order, each a hash of 64 bits; a sign or a picture is a word too."""

    rows: Rows
    words: Numbers


def taken_apart(texts: Sequence[str], bits: int = BITS) -> tuple[Parts, Words]:
    """The distinct parts of each text, and its words. A text is cleaned: one line, single spaces."""
    line = " " + " \n ".join(texts) + " "
    code = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    row = np.cumsum(code == _END, dtype=np.uint64)
    letters = mixed((code.astype(np.uint64) + np.uint64(1)) * _A)
    words = _words(code, row, letters)
    found = np.concatenate([*_runs(code, row, letters, bits), *_worded(words, bits)])
    found.sort()
    found = found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found
    mask = np.uint64((1 << bits) - 1)
    return Parts((found >> np.uint64(bits)).astype(np.int64), (found & mask).astype(np.int64)), words


def mixed(numbers: Numbers) -> Numbers:
    """Every bit of a number spread over all of it (the middle of MurmurHash3's finaliser)."""
    numbers = (numbers ^ (numbers >> np.uint64(31))) * _B
    return numbers ^ (numbers >> np.uint64(29))


def _keys(row: Numbers, hashes: Numbers, kind: int, bits: int) -> Numbers:
    return (row << np.uint64(bits)) | (mixed(hashes + np.uint64(kind)) >> np.uint64(64 - bits))


def _runs(code: npt.NDArray[np.uint32], row: Numbers, letters: Numbers, bits: int) -> list[Numbers]:
    across = code == _END
    hashes, found = letters, []
    for length in range(1, LONGEST_RUN + 1):
        if length > 1:
            hashes = hashes[:-1] * _C + letters[length - 1 :]
            across = across[:-1] | (code[length - 1 :] == _END)
        found.append(_keys(row[: len(hashes)], hashes, length, bits)[~across])
    return found


def _worded(words: Words, bits: int) -> list[Numbers]:
    rows = words.rows.astype(np.uint64)
    pairs = words.words[:-1] * _B + words.words[1:] * _C
    together = rows[:-1] == rows[1:]
    return [_keys(rows, words.words, 77, bits), _keys(rows[:-1], pairs, 99, bits)[together]]


def _words(code: npt.NDArray[np.uint32], row: Numbers, letters: Numbers) -> Words:
    """A word's hash is the sum of its letters' hashes, each weighed by its place."""
    inside = (code != _SPACE) & (code != _END)
    starts = np.flatnonzero(inside & ~np.concatenate([[False], inside[:-1]]))
    ends = np.flatnonzero(inside & ~np.concatenate([inside[1:], [False]])) + 1
    began = np.zeros(len(code), dtype=np.int64)
    began[starts] = starts
    place = (np.arange(len(code)) - np.maximum.accumulate(began)) % len(_PLACES)
    sums = np.concatenate([[np.uint64(0)], np.cumsum(np.where(inside, letters * _PLACES[place], 0), dtype=np.uint64)])
    return Words(row[starts].astype(np.int64), (sums[ends] - sums[starts]) * _A)
