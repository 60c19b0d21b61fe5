"""What the pieces of listings between blanks are to the recalls at hand: each is read once and has a number from then on."""

from array import array
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listings.matching.bulk.columns import Ints
from listings.matching.bulk.plain import Plain, Several, absent_in, plain_among, several_among
from listings.matching.bulk.tables import SHIFT, Tables
from listings.matching.bulk.words import IS_FOR, Words
from listings.matching.identifiers import joinable
from listings.matching.key_words import short
from listings.matching.lexicon import PRODUCT_TYPES, UNSURE_PRODUCT_TYPES
from listings.matching.normalise import joined_word, read_piece
from listings.matching.pieces import HAS_DIGIT, MAY_BE_ABSENT, marks_of_signs

MAX_PIECES = 300_000  # of them, and of their words, about 300 bytes each; when there are more, all are forgotten
HAS_WORDS = 1 << 9
LETTERS_FIRST, LETTERS_LAST, MAY_LEAD, MAY_FOLLOW = (1 << bit for bit in range(11, 15))
"""Marks of a piece, beside those of `listings.matching.pieces` and of `words`: it has words; its `first`, `last`, `lead` or
`follow` is not empty."""
WORD, SAID, IS_NUMBER, IS_TYPE, IS_HIDDEN, IS_NEAR, OF_BRAND, JOINED = (1 << bit for bit in range(8))
"""What a place of the vocabulary is in a listing: in title or brand, anywhere, a model number or GTIN, a product type
that the title names, hidden by look-alike letters, nearly there, in the brand field, one of
two words."""
OF_WORD = WORD << SHIFT
MAX_LEAD, MAX_FOLLOW = 7, 8  # characters of what may be joined to a model number


class Columns(NamedTuple):
    """`turns` says by a piece's number which row is about it: those that are read together are, before the others. In its
    row are its `marks` and how many `digits` it has; `entries` (what it is << SHIFT | place in the vocabulary) of a row are those from `starts[row]` to
    `starts[row + 1]`, and so are its `words` (by their numbers) by `word_starts`."""

    turns: Ints
    marks: NDArray[np.uint16]
    digits: NDArray[np.uint16]
    starts: Ints
    entries: Ints
    word_starts: Ints
    words: Ints


class Pieces(dict[str, int]):
    """Piece → its number. Of each row of `Columns`: its folded words (`texts`), the
    letters of its first and last word, which may be one word with what stands beside it, and as `lead` and `follow` the
    letters and digits that may be joined to a model number; "" where there are none."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self.vocabulary = {word: place for place, word in enumerate(tables.vocabulary)}
        self.words = Words(self.vocabulary)
        self.all_words = frozenset(self.vocabulary) | PRODUCT_TYPES.keys() | UNSURE_PRODUCT_TYPES.keys()
        self._forget()

    def _forget(self) -> None:
        self.clear()
        self._turns = array("q")
        self.words.forget()
        self._unread: list[str] = []
        self.texts: list[tuple[str, ...]] = []
        self.first: list[str] = []
        self.last: list[str] = []
        self.lead: list[str] = []
        self.follow: list[str] = []
        self._marks, self._digits = array("H"), array("H")
        self._starts, self._entries = array("q", [0]), array("q")
        self._word_starts, self._words = array("q", [0]), array("q")

    def make_room(self) -> None:
        """To be called between two chunks: a piece may have another number behind it."""
        if max(len(self), len(self.words)) > MAX_PIECES:
            self._forget()

    def columns(self) -> Columns:
        """Of all pieces so far, of which the new ones are read now."""
        if self._unread:
            self._read(self._unread)
            self._unread = []
        return Columns(
            np.array(self._turns, dtype=np.int64),
            np.array(self._marks, dtype=np.uint16),
            np.array(self._digits, dtype=np.uint16),
            np.array(self._starts, dtype=np.int64),
            np.array(self._entries, dtype=np.int64),
            np.array(self._word_starts, dtype=np.int64),
            np.array(self._words, dtype=np.int64),
        )

    def joined(self, one: str, other: str) -> list[int]:
        """The entries of two words as one; none where they may not be one, or no recall and no product type is called so."""
        both = joined_word(one, other)
        if not both or both not in self.all_words:
            return []
        return [JOINED << SHIFT | place for place in self.words.places[self.words[both]]]

    def number(self, number: str) -> tuple[int, ...]:
        """The entries of a canonical model number or a GTIN of 14 digits."""
        get = self.vocabulary.get
        if (place := get(number)) is None:
            return ()
        found = place, get(f"m:{short(number)}"), get(f"g:{number}")
        return tuple(IS_NUMBER << SHIFT | place for place in found if place is not None)

    def __missing__(self, piece: str) -> int:
        number = self[piece] = len(self)
        self._unread.append(piece)
        return number

    def _read(self, pieces: Sequence[str]) -> None:
        plain = plain_among(pieces)
        are_plain = frozenset(plain.places)
        several = several_among(pieces, [place for place in range(len(pieces)) if place not in are_plain])
        are_read = are_plain.union(several.places)
        places = [place for place in range(len(pieces)) if place not in are_read]
        others = [read_piece(pieces[place]) for place in places]
        of_others = (texts for texts, _ in others)
        self.words.learn(chain(plain.words, chain.from_iterable(several.words), chain.from_iterable(of_others)))
        turns = np.empty(len(pieces), dtype=np.int64)
        turns[[*plain.places, *several.places, *places]] = np.arange(len(self._turns), len(self._turns) + len(pieces))
        self._turns.frombytes(turns.tobytes())
        self._add_plain(plain)
        self._add_several(several)
        for place, (texts, hidden) in zip(places, others, strict=True):
            self._add(pieces[place], texts, hidden)
        for place in absent_in(pieces):
            self._marks[turns[place]] |= MAY_BE_ABSENT

    def _add_plain(self, plain: Plain) -> None:
        words = [*map(self.words.__getitem__, plain.words)]
        letters = [word if word.isalpha() and word.isascii() else "" for word in plain.words]
        self.texts += zip(plain.words)
        self.first += letters
        self.last += letters
        lead = _at_edges(plain.numbers, plain.ends, MAX_LEAD)
        follow = _at_edges(plain.numbers, plain.begins, MAX_FOLLOW)
        self.lead += lead
        self.follow += follow
        marks = self.words.marks
        self._marks.extend(
            [
                mark
                | marks[word]
                | (HAS_WORDS | LETTERS_FIRST | LETTERS_LAST if text else HAS_WORDS)
                | (MAY_LEAD if leads else 0)
                | (MAY_FOLLOW if follows else 0)
                for mark, word, text, leads, follows in zip(plain.marks, words, letters, lead, follow, strict=True)
            ]
        )
        self._digits.extend(plain.digits)
        self._word_starts.extend(range(len(self._words) + 1, len(self._words) + len(words) + 1))
        self._words.extend(words)
        places = [*map(self.words.places.__getitem__, words)]
        known = [[OF_WORD | place for place in each] if each else () for each in places]
        for place in [place for place, digits in enumerate(plain.digits) if digits]:
            known[place] = (*known[place], *self.number(plain.numbers[place]))
        self._starts.extend([*accumulate(map(len, known), initial=len(self._entries))][1:])
        self._entries.extend(chain.from_iterable(known))

    def _add_several(self, several: Several) -> None:
        words_of, all_words = self.words, self.all_words
        marks_of_words, places_of_words, number = words_of.marks, words_of.places, self.number
        leads = _at_edges(several.numbers, several.ends, MAX_LEAD)
        follows = _at_edges(several.numbers, several.begins, MAX_FOLLOW)
        of_pieces = zip(
            several.words, several.numbers, several.parts, several.marks, several.digits, leads, follows, strict=True
        )
        for texts, whole, parts, mark, digits, lead, follow in of_pieces:
            marks = mark | HAS_WORDS | (MAY_LEAD if lead else 0) | (MAY_FOLLOW if follow else 0)
            entries: list[int] = []
            known = [*map(words_of.__getitem__, texts)]
            for word in known:
                marks |= marks_of_words[word]
                if places := places_of_words[word]:
                    entries += [OF_WORD | place for place in places]
            for one, other in pairwise(texts):
                if one + other in all_words and one.isalpha() and other.isalpha():
                    entries += self.joined(one, other)
            if digits:
                entries += number(whole)
                for part in parts:
                    entries += number(part)
            first, last = _letters(texts[0]), _letters(texts[-1])
            marks |= (LETTERS_FIRST if first else 0) | (LETTERS_LAST if last else 0)
            self.first.append(first)
            self.last.append(last)
            self._marks.append(marks)
            self._words.extend(known)
            self._word_starts.append(len(self._words))
            self._entries.extend(entries)
            self._starts.append(len(self._entries))
        self.texts += several.words
        self.lead += leads
        self.follow += follows
        self._digits.extend(several.digits)

    def _add(self, piece: str, texts: tuple[str, ...], hidden: frozenset[str]) -> None:
        marks = marks_of_signs(piece) | HAS_WORDS * bool(texts)
        entries: list[int] = []
        for text in texts:
            known = self.words[text]
            entries += [OF_WORD | place for place in self.words.places[known]]
            marks |= self.words.marks[known]
            self._words.append(known)
        self._word_starts.append(len(self._words))
        for one, other in pairwise(texts):
            if one.isalpha() and other.isalpha():
                entries += self.joined(one, other)
        if hidden:
            entries += [IS_HIDDEN << SHIFT | self.vocabulary[text] for text in hidden if text in self.vocabulary]
        if "'" in piece or "’" in piece:
            marks |= IS_FOR
        parts = joinable(piece, has_digits=bool(marks & HAS_DIGIT))
        for said in parts.numbers:
            entries += self.number(said)
        self.texts.append(texts)
        for texts_of_all, said, mark in (
            (self.first, _letters(texts[0]) if texts else "", LETTERS_FIRST),
            (self.last, _letters(texts[-1]) if texts else "", LETTERS_LAST),
            (self.lead, parts.lead if len(parts.lead) <= MAX_LEAD else "", MAY_LEAD),
            (self.follow, parts.follow if len(parts.follow) <= MAX_FOLLOW else "", MAY_FOLLOW),
        ):
            texts_of_all.append(said)
            if said:
                marks |= mark
        self._marks.append(marks)
        self._digits.append(sum(map(str.isdigit, piece)) if marks & HAS_DIGIT else 0)
        self._entries.extend(entries)
        self._starts.append(len(self._entries))


def _letters(word: str) -> str:
    return word if word.isalpha() and word.isascii() else ""


def _at_edges(numbers: Sequence[str], bare: Sequence[bool], most: int) -> list[str]:
    """The numbers that others may go on with: those with nothing on that side, up to `most` characters; else empty."""
    return [number if is_bare and len(number) <= most else "" for number, is_bare in zip(numbers, bare, strict=True)]
