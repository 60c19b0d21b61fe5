"""What folded words are to the recalls at hand: each is read once and has a number from then on."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listings.matching.bulk.columns import Flags, Floats, Ints
from listings.matching.bulk.letters import Letters, letters_of
from listings.matching.bulk.tables import is_telling, of_kind
from listings.matching.key_words import BONES_FROM, KEY_WORD, NAME_FROM, RARE_FROM, bones_of, short
from listings.matching.lexicon import (
    HEARD,
    PRODUCT_TYPES,
    PRODUCT_TYPES_OF_SEVERAL_WORDS,
    UNSURE_PRODUCT_TYPES,
    compound_tail,
    compound_type,
    is_unknown,
    unsure_types_of,
)
from listings.matching.normalise import skeletons
from listings.matching.quick_read import FOR_WORDS, Seen, seen_as

NAMES_A_KIND, IS_FOR, IS_STRANGE, IS_TELLING, IS_ODD = (16 << bit for bit in range(5))
BEGINS_A_KIND = 1 << 10
"""Marks of a word: it names a product type, says what a product is for, may be a misspelt name, tells one brand from
another, or begins the name of a product type that has several words; an odd one is left to the plain path."""
_FIRST_OF_KINDS = frozenset(name[0] for name in PRODUCT_TYPES_OF_SEVERAL_WORDS)
SHORT = 6  # characters: no word of as few has a digest in keys
NOWHERE = -1
NO_PLACES: tuple[int, ...] = ()
_MARKS_OF_LONG = IS_TELLING | IS_STRANGE
_MARKS_OF_UNHEARD = [IS_TELLING if length > 1 else 0 for length in range(RARE_FROM)]
"""What words are of which no count, no kind and no phrase is known, by their length."""


class Columns(NamedTuple):
    """Of each word: its marks; its place in the vocabulary and that of the product type that it names, or NOWHERE."""

    marks: NDArray[np.uint16]
    place: Ints
    kind: Ints


class Told(NamedTuple):
    """What `seen_as` says of words; of those that nobody asked for yet, `worth` is not a number."""

    worth: Floats
    weight: Floats
    is_plain: Flags


class Words(dict[str, int]):
    """Word → its number. Of each number: its places in the vocabulary (those of the word, of its skeleton and of the
    kinds that it may name), and its marks. Most words that come once are heard of nowhere, and then tell only by their
    letters what they may be."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._bones = {key[2:]: place for key, place in vocabulary.items() if key.startswith("s:")}
        self._heard = HEARD | FOR_WORDS
        self._unheard: dict[tuple[int, bool], Seen] = {}
        self.forget()

    def forget(self) -> None:
        self.clear()
        self.texts: list[str] = []
        self.places: list[tuple[int, ...]] = []
        self.marks = array("H")
        self._place, self._kind = array("q"), array("q")
        self._told = Told(np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool))
        self._letters = letters_of(())

    def learn(self, words: Iterable[str]) -> None:
        """Read many words at once, which costs less than one after the other."""
        new = [word for word in dict.fromkeys(words) if word not in self]
        begin, heard = len(self.texts), self._heard
        self.update(zip(new, range(begin, begin + len(new)), strict=True))
        self.texts += new
        places = [*map(self._vocabulary.get, new)]
        self._place.extend([NOWHERE if place is None else place for place in places])
        self._kind.extend([NOWHERE] * len(new))
        self.places += [NO_PLACES if place is None else (place,) for place in places]
        self.marks.extend([_MARKS_OF_UNHEARD[len(word)] if len(word) < RARE_FROM else _MARKS_OF_LONG for word in new])
        unheard = [word for word in new if word not in heard]
        if len(unheard) < len(new):
            for number in [number for number, word in enumerate(new, begin) if word in heard]:
                self._set(number, *self._read(self.texts[number]))
        self._mark_odd([word for word in unheard if len(word) > SHORT])
        self._add_names([word for word in unheard if _may_be_misspelt(word)])

    def __missing__(self, word: str) -> int:
        self.learn([word])
        return self[word]

    def columns(self) -> Columns:
        """Of all words so far."""
        return Columns(
            np.array(self.marks, dtype=np.uint16),
            np.array(self._place, dtype=np.int64),
            np.array(self._kind, dtype=np.int64),
        )

    def told(self, words: Ints) -> Told:
        """Of these words, by their numbers, in their order; what is asked of few words is worked out when it is."""
        if (more := len(self.texts) - len(self._told.worth)) > 0:
            worth, weight, is_plain = self._told
            self._told = Told(
                np.append(worth, np.full(more, np.nan)),
                np.append(weight, np.zeros(more)),
                np.append(is_plain, np.zeros(more, dtype=bool)),
            )
        worth, weight, is_plain = self._told
        for number in np.unique(words[np.isnan(worth[words])]).tolist():
            worth[number], weight[number], is_plain[number], _ = self._seen_as(self.texts[number])
        return Told(worth[words], weight[words], is_plain[words])

    def are(self, mark: int) -> Flags:
        """Which of all words so far have a mark."""
        marked: Flags = (np.array(self.marks, dtype=np.uint16) & mark) > 0
        return marked

    def letters(self) -> Letters:
        """Of all words so far."""
        if new := self.texts[len(self._letters.lengths) :]:
            self._letters = self._letters.more(new)
        return self._letters

    def _set(self, number: int, places: tuple[int, ...], marks: int, kind: str) -> None:
        self.places[number] = places
        self.marks[number] = marks | NAMES_A_KIND if kind else marks
        if kind:
            self._kind[number] = self._vocabulary.get(of_kind(kind), NOWHERE)

    def _mark_odd(self, words: Iterable[str]) -> None:
        for word in words:
            if (len(word) > KEY_WORD or not word.isascii()) and (odd := self._odd(word)):
                self.marks[self[word]] |= odd

    def _add_names(self, words: Sequence[str]) -> None:
        """Skeletons and kinds of new words that may be misspelt names, of which nothing else is known."""
        of_bones = self._bones
        for word, bones in zip(words, skeletons(words), strict=True):
            if len(bones) >= BONES_FROM and (place := of_bones.get(short(bones))) is not None:
                self.places[self[word]] += (place,)
        for word, tail in zip(words, map(compound_tail, words), strict=True):
            if tail:
                unsure = (self._vocabulary.get(of_kind(kind)) for kind in UNSURE_PRODUCT_TYPES.get(tail, ()))
                self.places[self[word]] += tuple(place for place in unsure if place is not None)
        for word, kind in zip(words, map(compound_type, words), strict=True):
            if kind:
                number = self[word]
                self._set(number, self.places[number], self.marks[number], kind)

    def _read(self, word: str) -> tuple[tuple[int, ...], int, str]:
        """Its places, its marks, and the product type that it names."""
        get = self._vocabulary.get
        kind, bones = PRODUCT_TYPES.get(word), bones_of(word)
        kinds = {*unsure_types_of(word), *((kind,) if kind else ())}
        found = (get(word), self._bones.get(bones), *(get(of_kind(each)) for each in sorted(kinds)))
        marks = BEGINS_A_KIND * (word in _FIRST_OF_KINDS) | IS_FOR * (word in FOR_WORDS)
        marks |= IS_STRANGE * is_unknown(word) | IS_TELLING * is_telling(word) | self._odd(word)
        return tuple(place for place in found if place is not None), marks, kind or compound_type(word)

    def _seen_as(self, word: str) -> Seen:
        """`seen_as`. Words that nothing is known of differ by their length and by whether their letters are ASCII, where
        they have letters alone."""
        if word in self._heard or not word.isalpha() or compound_tail(word):
            return seen_as(word)
        kind = min(len(word), RARE_FROM), word.isascii()
        if (seen := self._unheard.get(kind)) is None:
            seen = self._unheard[kind] = seen_as(word)
        return seen

    def _odd(self, word: str) -> int:
        """A digest stands for the word in keys, where its turn among others is not that of the word."""
        return IS_ODD if (key := short(word)) is not word and key in self._vocabulary else 0


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= NAME_FROM and word.isascii() and word.isalpha()
