"""What of the letters of many words can be compared by arithmetic, before two of them are compared letter by letter."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listings.matching.bulk.columns import Flags, Ints

Masks = NDArray[np.uint64]
_CODE = (1 << 14) - 1  # of a letter in the code of a beginning; all that kinds of writing with few letters have
_SECOND = 1 << 28


class Letters(NamedTuple):
    """Of each word: which letters it has, as bits (several letters may share one); how many; and codes for its first
    letter and for the next two, of which a misspelling has one right."""

    masks: Masks
    lengths: Ints
    first: Ints
    second: Ints

    def more(self, words: Sequence[str]) -> "Letters":
        """The same with further words."""
        new = letters_of(words)
        return Letters(
            np.concatenate((self.masks, new.masks)),
            np.concatenate((self.lengths, new.lengths)),
            np.concatenate((self.first, new.first)),
            np.concatenate((self.second, new.second)),
        )


def letters_of(words: Sequence[str]) -> Letters:
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    written = "\0".join([*words, "\0\0"]).encode("utf-32-le", "surrogatepass")  # a \0 behind each word
    codes = np.frombuffer(written, dtype=np.uint32).astype(np.int64)
    starts = np.cumsum(lengths + 1) - lengths - 1
    bits = np.left_shift(np.uint64(1), (codes & 63).astype(np.uint64))
    masks = np.bitwise_or.reduceat(bits, np.append(starts, len(codes) - 2))[:-1]
    first = codes[starts] & _CODE
    following = codes[np.minimum(starts + 1, len(codes) - 1)], codes[np.minimum(starts + 2, len(codes) - 1)]
    second = (following[0] & _CODE) << 14 | (following[1] & _CODE) | _SECOND
    return Letters(masks, lengths, first, second)


def beginnings_of(word: str) -> tuple[int, int]:
    """The codes of one word of three letters and more, as `Letters` has them."""
    one, two, three = (ord(letter) & _CODE for letter in word[:3])
    return one, two << 14 | three | _SECOND


def may_be_within(changes: Ints, ones: Masks, others: Masks) -> Flags:
    """Whether words with these letters may become one another by so few changes, of which each adds a letter, takes
    one away, does both or swaps two."""
    found: Flags = np.bitwise_count(ones ^ others) <= 2 * changes
    return found
