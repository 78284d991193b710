"""What single words say, in their language: learnt from a larger model, and written by hand.

The table has one row for each word of each language that it knows: what the word says for "negative" and for
"positive" (in STEPs), how it was marked by hand (-2 to 2), and whether it turns the next words round ("not"). A word
is found by its hash and its language's salt; it cannot be read back.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.comments.ngrams import Rows, Words, mixed

Floats = npt.NDArray[np.float64]
STEP = 1 / 30  # of a word's number: a byte reaches to 4.2
REACH = 3  # words after a "not" that it turns round
FEATURES = (
    "said",
    "said after a not",
    "strongest",
    "ill by hand",
    "ill after a not",
    "well by hand",
    "well after a not",
)


@dataclass(frozen=True)
class WordTable:
    """`keys` ascending; `values` has a row a key: negative, positive, hand, turns."""

    keys: npt.NDArray[np.uint32]
    values: npt.NDArray[np.int8]

    def features(self, words: Words, salts: Rows, texts: int) -> list[Floats]:
        """For each side one row a text and one column a feature, over the root of the number of its words."""
        found = self._values(words.words, salts[words.rows])
        root = np.sqrt(np.maximum(np.bincount(words.rows, minlength=texts), 1))
        turned = _turned(found[:, 3] > 0, words.rows)
        hand = [_apart(np.maximum(sign * found[:, 2], 0), turned, words.rows, texts) for sign in (-1, 1)]
        sides = []
        for side in (0, 1):
            said = _apart(found[:, side] * STEP, turned, words.rows, texts)
            strongest = np.zeros(texts)
            np.maximum.at(strongest, words.rows, found[:, side] * STEP)
            sides.append(
                np.stack([*(each / root for each in said), strongest, *(e / root for h in hand for e in h)], 1)
            )
        return sides

    def _values(self, words: npt.NDArray[np.uint64], salts: Rows) -> Floats:
        keys = key_of(words, salts)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[places] == keys
        return np.where(known[:, np.newaxis], self.values[places], 0).astype(np.float64)


def key_of(words: npt.NDArray[np.uint64], salts: Rows) -> npt.NDArray[np.uint32]:
    return (mixed(words ^ (salts.astype(np.uint64) << np.uint64(20))) >> np.uint64(32)).astype(np.uint32)


def _turned(turns: npt.NDArray[np.bool_], rows: Rows) -> npt.NDArray[np.bool_]:
    """Which words stand at most REACH words behind one that turns round, in the same text."""
    place = np.arange(len(rows))
    last = np.maximum.accumulate(np.where(turns, place, -REACH - 1)) if len(rows) else place
    near = (place - last <= REACH) & (place > last)
    return np.asarray(near & (rows[np.maximum(last, 0)] == rows))


def _apart(numbers: Floats, turned: npt.NDArray[np.bool_], rows: Rows, texts: int) -> list[Floats]:
    """The sums of the words that nothing turns round, and of those that something does."""
    return [np.bincount(rows, np.where(mask, numbers, 0), texts).astype(np.float64) for mask in (~turned, turned)]
