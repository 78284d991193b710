"""The parts of a text that carry tone: runs of one to five characters, words, pairs of words; each a number.

Many texts at once, in numpy alone: a text is a row, a part a hash of 20 bits (two parts may share one). A part counts
once in a text, however often it stands there. No part can be turned back into letters.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
BITS = 20
LONGEST_RUN = 5
_SPACE, _END = 32, 10
_A, _B, _C = (np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x100000001B3))
_LETTERS = 64  # a word longer than that is told from its first letters' places, taken round
with np.errstate(over="ignore"):
    _PLACES = np.cumprod(np.full(_LETTERS, _C, dtype=np.uint64), dtype=np.uint64)


class Parts(NamedTuple):
    """Which part stands in which text: two arrays of one length, by row and then by part."""

    rows: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]


def parts_of(texts: Sequence[str], bits: int = BITS) -> Parts:
    """The distinct parts of each text. A text is one line without control characters."""
    line = " " + " \n ".join(texts) + " "
    code = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    row = np.cumsum(code == _END, dtype=np.uint64)
    letters = _mixed((code.astype(np.uint64) + np.uint64(1)) * _A)
    found = np.concatenate([*_runs(code, row, letters, bits), *_words(code, row, letters, bits)])
    found.sort()
    found = found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found
    mask = np.uint64((1 << bits) - 1)
    return Parts((found >> np.uint64(bits)).astype(np.int64), (found & mask).astype(np.int64))


def _mixed(numbers: Numbers) -> Numbers:
    """Every bit of a number spread over all of it (the middle of MurmurHash3's finaliser)."""
    numbers = (numbers ^ (numbers >> np.uint64(31))) * _B
    return numbers ^ (numbers >> np.uint64(29))


def _keys(row: Numbers, hashes: Numbers, kind: int, bits: int) -> Numbers:
    return (row << np.uint64(bits)) | (_mixed(hashes + np.uint64(kind)) >> np.uint64(64 - bits))


def _runs(code: npt.NDArray[np.uint32], row: Numbers, letters: Numbers, bits: int) -> list[Numbers]:
    across = code == _END
    hashes, found = letters, []
    for length in range(1, LONGEST_RUN + 1):
        if length > 1:
            hashes = hashes[:-1] * _C + letters[length - 1 :]
            across = across[:-1] | (code[length - 1 :] == _END)
        found.append(_keys(row[: len(hashes)], hashes, length, bits)[~across])
    return found


def _words(code: npt.NDArray[np.uint32], row: Numbers, letters: Numbers, bits: int) -> list[Numbers]:
    inside = (code != _SPACE) & (code != _END)
    starts = np.flatnonzero(inside & ~np.concatenate([[False], inside[:-1]]))
    ends = np.flatnonzero(inside & ~np.concatenate([inside[1:], [False]])) + 1
    if not len(starts):
        return []
    began = np.zeros(len(code), dtype=np.int64)
    began[starts] = starts
    place = (np.arange(len(code)) - np.maximum.accumulate(began)) % _LETTERS
    sums = np.concatenate([[np.uint64(0)], np.cumsum(np.where(inside, letters * _PLACES[place], 0), dtype=np.uint64)])
    words = (sums[ends] - sums[starts]) * _A
    rows = row[starts]
    pairs = words[:-1] * _B + words[1:] * _C
    together = rows[:-1] == rows[1:]
    return [_keys(rows, words, 77, bits), _keys(rows[:-1], pairs, 99, bits)[together]]
