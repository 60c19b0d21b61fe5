"""Which of many listings may match any recall: the others need not be read word by word."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from listings.matching.bulk.bounds import bounds, has_number
from listings.matching.bulk.candidates import Pairs, candidates
from listings.matching.bulk.chunk import Chunk, read_chunk
from listings.matching.bulk.columns import Flags, Ints
from listings.matching.bulk.fits import still_hopeful
from listings.matching.bulk.near import Names, with_near
from listings.matching.bulk.pieces import Pieces
from listings.matching.bulk.tables import Tables
from listings.matching.listing import DESCRIPTION_READ, TITLE_READ
from listings.matching.quick_read import gtins_of, numbers_of
from listings.matching.score import HOPELESS
from listings.matching.texts import ListingText

MOST = 20_000  # words to look up for one listing: real ones have some 100 on average, and keys bound the plain path
AT_ONCE = 1_000_000  # words to look up at once, so that no listings can fill the memory
NO_RECALL: tuple[int, ...] = ()


class BulkFilter:
    """Rules listings out by the thousand. Remembers the pieces of text that it has met."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._pieces = Pieces(tables)
        self._names = Names(tables)
        self._patterns = {place: (tuple(begin), tuple(end)) for place, begin, end in tables.patterns}

    def hopeful(self, texts: Sequence[ListingText], at_least: float = HOPELESS) -> list[Collection[int] | None]:
        """Of each listing the places of the recalls with which it may have log-odds of `at_least`, None for any: no other
        can match it so, as long as no signal is switched off that `upper_bound` relies on."""
        self._pieces.make_room()
        chunk = read_chunk(texts, self._pieces)
        pairs = candidates(chunk, self._tables)
        count = len(texts)
        words = np.bincount(chunk.owner, minlength=count) + np.bincount(chunk.said.owner, minlength=count)
        crowded = np.bincount(pairs.listing, minlength=count) * words > MOST
        few = ~crowded[pairs.listing]
        found: list[Collection[int] | None] = [
            None if is_odd else NO_RECALL for is_odd in (chunk.is_odd | crowded).tolist()
        ]
        for some in _parts(Pairs(pairs.listing[few], pairs.recall[few]), words):
            hopeful = self._hopeful(some, chunk, at_least)
            nearer, are_near = with_near(some, ~hopeful, chunk, self._pieces.words, self._names)
            hopeful[are_near] = self._hopeful(Pairs(some.listing[are_near], some.recall[are_near]), nearer, at_least)
            for listing, recall in zip(some.listing[hopeful].tolist(), some.recall[hopeful].tolist(), strict=True):
                before = found[listing]
                if before is not None:
                    found[listing] = (*before, recall)
        return found

    def _hopeful(self, pairs: Pairs, chunk: Chunk, at_least: float) -> Flags:
        found = bounds(pairs, chunk, self._tables)
        hopeful = still_hopeful(pairs, found, chunk, self._tables, self._pieces, self._names, at_least)
        numbers: dict[int, _Numbers] = {}
        for place in np.flatnonzero((found.with_number >= at_least) & ~hopeful).tolist():
            listing, recall = int(pairs.listing[place]), int(pairs.recall[place])
            if listing not in numbers:
                numbers[listing] = self._numbers_of(chunk.texts[listing])
            hopeful[place] = self._shares_one(numbers[listing], recall)
        return hopeful

    def _numbers_of(self, text: ListingText) -> "_Numbers":
        title, description = text.title[:TITLE_READ], text.description[:DESCRIPTION_READ]
        numbers = numbers_of(text, title)
        get = self._pieces.vocabulary.get
        places = [get(number) for number in (*numbers, *gtins_of(text, title, description))]
        return _Numbers(numbers, [place for place in places if place is not None])

    def _shares_one(self, numbers: "_Numbers", recall: int) -> bool:
        """Whether one of a listing's own numbers is one of the recall's; `bounds` knows only that one may be."""
        if (pattern := self._patterns.get(recall)) is not None:
            beginnings, endings = pattern
            if any(number.startswith(beginnings) or number.endswith(endings) for number in numbers.models):
                return True
        return bool(numbers.places) and has_number(self._tables, recall, numbers.places)


class _Numbers(NamedTuple):
    """A listing's own model numbers, and the places in the vocabulary of these and of its GTINs."""

    models: Sequence[str]
    places: Sequence[int]


def _parts(pairs: Pairs, words: Ints) -> Iterator[Pairs]:
    """The pairs in parts of which none has much more than `AT_ONCE` words to look up; `words` are those of each listing."""
    total = np.cumsum(words[pairs.listing])
    begin = 0
    while begin < len(total):
        end = max(begin + 1, int(np.searchsorted(total, total[begin] + AT_ONCE)))
        yield Pairs(pairs.listing[begin:end], pairs.recall[begin:end])
        begin = end
