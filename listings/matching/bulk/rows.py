"""The pieces of many listings in a row, and rows of words in general."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from listings.matching.bulk.columns import Flags, Ints
from listings.matching.bulk.pieces import Pieces
from listings.matching.bulk.tables import SHIFT
from listings.matching.listing import BRAND_READ, DESCRIPTION_READ, TITLE_READ
from listings.matching.texts import ListingText

FIELDS = 3  # of a listing: title, brand, description
PLACE = (1 << SHIFT) - 1
ROLES = 8  # bits of a role


class Rows:
    """Pieces of all fields in a row (by their rows of `Columns`), three fields to a listing, with what is asked of each field."""

    def __init__(self, texts: Sequence[ListingText], known: Pieces) -> None:
        row: list[int] = []
        counts: list[int] = []
        number = known.__getitem__
        for text in texts:
            for field in (text.title[:TITLE_READ], text.brand[:BRAND_READ], text.description[:DESCRIPTION_READ]):
                pieces = field.split()
                counts.append(len(pieces))
                row.extend(map(number, pieces))
        self.counts = counts
        self.columns = known.columns()
        self.pieces = self.columns.turns[np.array(row, dtype=np.int64)]
        self.field = np.repeat(np.arange(len(counts)), counts)
        self.begins = np.concatenate(([0], np.cumsum(counts)))
        self.marks = self.columns.marks[self.pieces]
        self.digits = self.total(self.columns.digits[self.pieces])

    def total(self, values: NDArray[np.uint16]) -> Ints:
        return np.bincount(self.field, values, len(self.counts)).astype(np.int64)

    def has(self, mark: int) -> Flags:
        found = np.zeros(len(self.counts), dtype=bool)
        found[self.field[(self.marks & mark) > 0]] = True
        return found

    def title(self, listing: int) -> list[int]:
        """The pieces of one title."""
        begin, end = self.begins[listing * FIELDS : listing * FIELDS + 2].tolist()
        pieces: list[int] = self.pieces[begin:end].tolist()
        return pieces

    def in_titles(self, chosen: Flags | None = None) -> tuple[Ints, Ints, NDArray[np.uint16]]:
        """The pieces of titles, or those chosen of them, with the listing and the marks of each."""
        found = self.field % FIELDS == 0
        if chosen is not None:
            found &= chosen
        return self.pieces[found], self.field[found] // FIELDS, self.marks[found]


class Found:
    """Entries beyond those of the pieces: what a listing has, and which listing."""

    def __init__(self) -> None:
        self.owners: list[int] = []
        self.entries: list[int] = []

    def add(self, owner: int, entries: Iterable[int]) -> None:
        for entry in entries:
            self.owners.append(owner)
            self.entries.append(entry)


def spread(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Ranges one after the other: the row that each place comes from, and the place."""
    row = np.repeat(np.arange(len(counts)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[row]


def once(owner: Ints, place: Ints, role: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows sorted by owner and place; of those that are about the same, the roles together."""
    rows = np.sort((owner << SHIFT | place) << ROLES | role)
    both = rows >> ROLES
    begins = np.flatnonzero(np.diff(both, prepend=-1))
    roles = np.bitwise_or.reduceat(rows & ((1 << ROLES) - 1), begins) if len(begins) else rows
    return both[begins] >> SHIFT, both[begins] & PLACE, roles
