"""Words of listings that may be misspelt names of the very recalls that they may match, or are like one of them.

Of thousands of words and names, arithmetic on their letters leaves few that are compared letter by letter.
"""

from collections.abc import Callable, Sequence

import numpy as np

from listings.matching.bulk.candidates import Pairs, sharing
from listings.matching.bulk.chunk import Chunk
from listings.matching.bulk.columns import Flags, Ints
from listings.matching.bulk.letters import letters_of, may_be_within
from listings.matching.bulk.pieces import IS_NEAR
from listings.matching.bulk.rows import once, spread
from listings.matching.bulk.tables import SHIFT, Tables
from listings.matching.bulk.words import IS_STRANGE, Words
from listings.matching.upper_bound import LIKE_FROM, LONG_FROM, MORE, is_like_one, is_near


class Names:
    """The names of all recalls, and how they compare with words of listings."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._letters = letters_of(tables.vocabulary)

    def near(self, recall: Ints, word: Ints, words: Words) -> tuple[Ints, Ints]:
        """Of rows of a recall and a word that may be misspelt (by its number): the rows in which it may be a name of
        the recall, and the place of that name in the vocabulary."""
        mine, theirs = words.letters(), self._letters
        rows, names = [], []
        for of_beginning in (mine.first, mine.second):
            row, name = sharing(np.arange(len(word)), recall << SHIFT | of_beginning[word], self._tables.beginnings)
            length, of_name = mine.lengths[word[row]], theirs.lengths[name]
            longest = np.maximum(length, of_name)
            alike = may_be_within(np.where(longest < LONG_FROM, 1, 2), mine.masks[word[row]], theirs.masks[name])
            alike &= np.abs(length - of_name) <= MORE
            alike |= length - of_name > MORE  # it may begin with the name
            rows.append(row[alike])
            names.append(name[alike])
        return self._those(is_near, np.concatenate(rows), word, np.concatenate(names), words)

    def like(self, recall: Ints, word: Ints, words: Words) -> Flags:
        """In which rows of a recall and a word it is so like a name of the recall that it states nothing else."""
        mine, theirs, named = words.letters(), self._letters, self._tables.named
        row, at = spread(named.starts[recall], np.diff(named.starts)[recall])
        name, length = named.places[at], mine.lengths[word[row]]
        alike = (np.abs(length - theirs.lengths[name]) <= MORE) & (length >= LIKE_FROM)
        alike &= may_be_within(np.where(length < LONG_FROM, 1, 2), mine.masks[word[row]], theirs.masks[name])
        found = np.zeros(len(word), dtype=bool)
        found[self._those(_is_like, row[alike], word, name[alike], words)[0]] = True
        strange = np.flatnonzero(words.are(IS_STRANGE)[word] & ~found)
        found[strange[self.near(recall[strange], word[strange], words)[0]]] = True
        return found

    def _those(
        self, test: Callable[[str, str], bool], row: Ints, word: Ints, name: Ints, words: Words
    ) -> tuple[Ints, Ints]:
        """The rows, and their names, in which word and name pass the test, which is asked once for the same two."""
        both, turn = np.unique(word[row] << SHIFT | name, return_inverse=True)
        texts: Sequence[str] = words.texts
        vocabulary = self._tables.vocabulary
        passed = [
            test(texts[one], vocabulary[other])
            for one, other in zip((both >> SHIFT).tolist(), (both & ((1 << SHIFT) - 1)).tolist(), strict=True)
        ]
        chosen = np.array(passed, dtype=bool)[turn]
        return row[chosen], name[chosen]


def with_near(pairs: Pairs, chosen: Flags, chunk: Chunk, words: Words, names: Names) -> tuple[Chunk, Flags]:
    """The chunk with the names that its listings may have misspelt, and which of the chosen pairs have such a name."""
    said = chunk.said
    strange = np.flatnonzero(words.are(IS_STRANGE)[said.word])
    owner, word = said.owner[strange], said.word[strange]
    asked = np.flatnonzero(chosen)
    listing = pairs.listing[asked]
    begins = np.searchsorted(owner, listing, "left")
    turn, entry = spread(begins, np.searchsorted(owner, listing, "right") - begins)
    pair = asked[turn]
    row, name = names.near(pairs.recall[pair], word[entry], words)
    has_some = np.zeros(len(chosen), dtype=bool)
    if not len(row):
        return chunk, has_some
    has_some[pair[row]] = True
    return chunk.with_words(
        *once(
            np.concatenate((chunk.owner, pairs.listing[pair[row]])),
            np.concatenate((chunk.place, name)),
            np.concatenate((chunk.role, np.full(len(row), IS_NEAR))),
        )
    ), has_some


def _is_like(word: str, name: str) -> bool:
    return is_like_one(word, (name,))
