"""Which recalls may share a candidate key with which listings of a chunk: no other pair can match (see `keys.py`)."""

from typing import NamedTuple

import numpy as np

from listings.matching.bulk.chunk import Chunk
from listings.matching.bulk.columns import Ints
from listings.matching.bulk.pieces import IS_TYPE, WORD
from listings.matching.bulk.rows import spread
from listings.matching.bulk.sorted_keys import found_in
from listings.matching.bulk.tables import SHIFT, Postings, Tables
from listings.matching.keys import PAIRED


class Pairs(NamedTuple):
    """One row for each pair, sorted: the listing's place in its chunk, and the recall's."""

    listing: Ints
    recall: Ints


def candidates(chunk: Chunk, tables: Tables) -> Pairs:
    """All pairs that share a key, and some that do not: how many words a listing's keys are made of is not looked at."""
    found = [sharing(chunk.owner, chunk.place, tables.single)]
    is_word = (chunk.role & WORD) > 0
    found += _with_two_words(chunk.owner, chunk.place, is_word & (chunk.place < tables.pairable), tables.pairs)
    found.append(_with_kinds(chunk, is_word & tables.beside[chunk.place], tables.with_kind))
    both = np.unique(np.concatenate([listing << SHIFT | recall for listing, recall in found]))
    return Pairs(both >> SHIFT, both & ((1 << SHIFT) - 1))


def sharing(row: Ints, key: Ints, postings: Postings) -> tuple[Ints, Ints]:
    """All that the keys of these rows are filed under: the row, and the place."""
    there, begins = found_in(postings.keys, postings.sieve, key)
    found, place = spread(begins, postings.counts[begins])
    return row[there][found], postings.places[place]


def _with_two_words(owner: Ints, place: Ints, chosen: np.ndarray, postings: Postings) -> list[tuple[Ints, Ints]]:
    """Pairs of a listing's strongest words: places are in their order."""
    owner, place = owner[chosen], place[chosen]
    turn = np.arange(len(owner)) - np.searchsorted(owner, owner)
    owner, place = owner[turn < PAIRED], place[turn < PAIRED]
    found = []
    for apart in range(1, PAIRED):
        one = np.flatnonzero(owner[apart:] == owner[:-apart])
        found.append(sharing(owner[one], place[one] << SHIFT | place[one + apart], postings))
    return found


def _with_kinds(chunk: Chunk, beside: np.ndarray, postings: Postings) -> tuple[Ints, Ints]:
    kinds = np.flatnonzero(chunk.role & IS_TYPE)
    owner, place = chunk.owner[beside], chunk.place[beside]
    begins = np.searchsorted(owner, chunk.owner[kinds], "left")
    row, word = spread(begins, np.searchsorted(owner, chunk.owner[kinds], "right") - begins)
    kind = kinds[row]
    return sharing(chunk.owner[kind], chunk.place[kind] << SHIFT | place[word], postings)
