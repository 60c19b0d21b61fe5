"""Looking thousands of numbers up among sorted ones, of which most asked for are none."""

from typing import NamedTuple

import numpy as np

from listings.matching.bulk.columns import Flags, Ints

ROOM = 8  # places of a sieve for each number: then one in eight that are not among them passes
_BITS, _ODD = 64, np.uint64(0x9E3779B97F4A7C15)  # of a number; 2**64 divided by the golden ratio, which scatters well


class Sieve(NamedTuple):
    """`holes` is true where one of the numbers falls through. A look at it costs a fraction of a binary search."""

    holes: Flags
    shift: np.uint64

    def passes(self, asked: Ints) -> Flags:
        """Whether each may be one of the numbers; certainly not where this is false."""
        found: Flags = self.holes[asked.view(np.uint64) * _ODD >> self.shift]
        return found


def sieve_of(numbers: Ints) -> Sieve:
    bits = max(1, (ROOM * len(numbers)).bit_length())
    empty = Sieve(np.zeros(1 << bits, dtype=bool), np.uint64(_BITS - bits))
    empty.holes[numbers.view(np.uint64) * _ODD >> empty.shift] = True
    return empty


def found_in(numbers: Ints, sieve: Sieve, asked: Ints) -> tuple[Ints, Ints]:
    """The rows of `asked` that are among sorted numbers, and the first place of each there."""
    rows = np.flatnonzero(sieve.passes(asked))
    places = np.searchsorted(numbers, asked[rows])
    places[places == len(numbers)] = 0
    same = np.flatnonzero(numbers[places] == asked[rows])
    return rows[same], places[same]
