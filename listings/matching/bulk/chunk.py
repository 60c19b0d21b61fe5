"""Some thousand listings as columns: which words, numbers and kinds that the recalls know each of them has."""

from collections.abc import Sequence
from operator import add
from typing import NamedTuple

import numpy as np

from listings.matching.bulk.columns import Flags, Ints
from listings.matching.bulk.pieces import (
    HAS_WORDS,
    IS_NUMBER,
    JOINED,
    LETTERS_FIRST,
    LETTERS_LAST,
    MAY_FOLLOW,
    MAY_LEAD,
    OF_BRAND,
    SAID,
    WORD,
    Pieces,
)
from listings.matching.bulk.rows import FIELDS, PLACE, Found, Rows, once, spread
from listings.matching.bulk.said import Said, said_in
from listings.matching.bulk.tables import SHIFT
from listings.matching.bulk.words import IS_FOR, IS_ODD, IS_TELLING
from listings.matching.gtins import codes_in
from listings.matching.identifiers import gtins_in, joinable, numbers_in
from listings.matching.listing import BRAND_READ, DESCRIPTION_READ, TITLE_READ, details_in, stated
from listings.matching.loose_numbers import may_be_in, may_be_of
from listings.matching.normalise import JOINED_WITHIN, canonical_model, decode
from listings.matching.pieces import HAS_DIGIT, IS_SINGLE, MAY_BE_ABSENT, MAY_CHANGE, SINGLES
from listings.matching.texts import ListingText

READ = (TITLE_READ, BRAND_READ, DESCRIPTION_READ)
GTIN_DIGITS = 12  # the fewest of a GTIN in a text


class Chunk(NamedTuple):
    """`owner`, `place` and `role` are one row for each word of a listing that the recalls know, sorted by owner, each once.

    Of each listing: whether it is left to the plain path (`is_odd`), its title may name what it is for (`has_for`) and
    has digits (`measures`), its description has some (`has_numbers`), it may have model numbers (`numbered`), its title
    names product types (`has_kinds`), it has a brand and one that `tells`; and all its pieces (`rows`).
    """

    owner: Ints
    place: Ints
    role: Ints
    is_odd: Flags
    has_for: Flags
    measures: Flags
    has_numbers: Flags
    numbered: Flags
    has_kinds: Flags
    has_brand: Flags
    tells: Flags
    said: Said
    rows: Rows
    texts: Sequence[ListingText]

    def with_words(self, owner: Ints, place: Ints, role: Ints) -> "Chunk":
        """The same listings with other words."""
        return self._replace(owner=owner, place=place, role=role)

    def title(self, listing: int, known: Pieces) -> list[str]:
        """The folded words of a title."""
        return [word for piece in self.rows.title(listing) for word in known.texts[piece]]


def read_chunk(texts: Sequence[ListingText], known: Pieces) -> Chunk:
    """What the recalls of the tables can ask of these listings."""
    rows, found = Rows(texts, known), Found()
    title, brand, description = (slice(part, None, FIELDS) for part in range(FIELDS))
    _add_joined(rows, known, found)
    _add_numbers(rows, known, found)
    _add_loose(texts, rows, known, found)
    _add_given(texts, rows.digits, known, found)
    said, has_kinds = said_in(rows, known, found)
    owner, place, role = _entries(rows, found)
    has_digits = rows.digits > 0
    return Chunk(
        owner,
        place,
        role,
        _odd(texts, rows),
        rows.has(IS_FOR)[title],
        has_digits[title],
        has_digits[description],
        has_digits[title] | np.array([text.mpn != "" for text in texts], dtype=bool),
        has_kinds,
        np.array(rows.counts[brand]) > 0,
        rows.has(IS_TELLING)[brand],
        said,
        rows,
        texts,
    )


def _odd(texts: Sequence[ListingText], rows: Rows) -> Flags:
    """Which listings are to be read otherwise than piece by piece: disguised ones, with details, saying what is absent."""
    found: Flags = np.logical_or.reduce(rows.has(IS_ODD).reshape(-1, FIELDS), axis=1)
    singles = rows.total(((rows.marks & IS_SINGLE) > 0).astype(np.uint16)) >= SINGLES
    for place in np.flatnonzero(rows.has(MAY_CHANGE) | singles).tolist():
        text = texts[place // FIELDS]
        written = (text.title, text.brand, text.description)[place % FIELDS][: READ[place % FIELDS]]
        if decode(written) != written:
            found[place // FIELDS] = True
    for place in np.flatnonzero(rows.has(MAY_BE_ABSENT)[::FIELDS] & ~found).tolist():
        title = texts[place].title[:TITLE_READ]
        found[place] = stated(title) != title
    for place, text in enumerate(texts):
        if (":" in text.description or "：" in text.description) and details_in(text.description[:DESCRIPTION_READ]):
            found[place] = True
    return found


def _add_joined(rows: Rows, known: Pieces, found: Found) -> None:
    """Two words of a title's beginning as one."""
    pieces, owner, marks = rows.in_titles((rows.marks & HAS_WORDS) > 0)
    turn = np.arange(len(owner)) - np.searchsorted(owner, owner)
    letters = ((marks[:-1] & LETTERS_LAST) > 0) & ((marks[1:] & LETTERS_FIRST) > 0)
    near = np.flatnonzero((owner[1:] == owner[:-1]) & (turn[1:] < JOINED_WITHIN) & letters)
    left, right = pieces[near].tolist(), pieces[near + 1].tolist()
    first, last, words = known.first, known.last, known.all_words
    both = map(add, map(last.__getitem__, left), map(first.__getitem__, right))
    for place in [place for place, word in enumerate(both) if word in words]:
        found.add(int(owner[near[place]]), known.joined(last[left[place]], first[right[place]]))


def _add_numbers(rows: Rows, known: Pieces, found: Found) -> None:
    """Model numbers that the title has in two or three pieces."""
    pieces, owner, marks = rows.in_titles()
    numbered = (marks & HAS_DIGIT) > 0
    if len(pieces) < 2:
        return
    may_join = ((marks[:-1] & MAY_LEAD) > 0) & ((marks[1:] & MAY_FOLLOW) > 0)
    near = np.flatnonzero((owner[1:] == owner[:-1]) & (numbered[1:] | numbered[:-1]) & may_join)
    left, right = pieces[near].tolist(), pieces[near + 1].tolist()
    lead, follow, vocabulary = known.lead, known.follow, known.vocabulary
    both = [*map(add, map(lead.__getitem__, left), map(follow.__getitem__, right))]
    for place, number in [(place, number) for place, number in enumerate(both) if number in vocabulary]:
        found.add(int(owner[near[place]]), known.number(number))
    chosen = np.flatnonzero(np.append(owner[2:] == owner[:-2], [False, False])[near])
    for place, after in zip(chosen.tolist(), pieces[near[chosen] + 2].tolist(), strict=True):
        if follow[after] and both[place] + follow[after] in vocabulary:
            found.add(int(owner[near[place]]), known.number(both[place] + follow[after]))


def _add_loose(texts: Sequence[ListingText], rows: Rows, known: Pieces, found: Found) -> None:
    """Model numbers that the title has in more pieces, of which one is a single letter or digit, or capitals are."""
    numbered = np.flatnonzero(rows.has(HAS_DIGIT)[::FIELDS]).tolist()
    for place, number in may_be_in([texts[place].title[:TITLE_READ] for place in numbered], known.vocabulary):
        found.add(numbered[place], known.number(number))
    _, owner, marks = rows.in_titles()
    single, digits = (marks & IS_SINGLE) > 0, (marks & HAS_DIGIT) > 0
    beside = (owner[1:] == owner[:-1]) & ((single[1:] & digits[:-1]) | (single[:-1] & digits[1:]))
    for place in np.flatnonzero(np.bincount(owner[1:][beside], minlength=len(texts))).tolist():
        for number in may_be_of(texts[place].title[:TITLE_READ], known.vocabulary):
            found.add(place, known.number(number))


def _add_given(texts: Sequence[ListingText], digits: Ints, known: Pieces, found: Found) -> None:
    """Identifiers out of their own fields, and GTINs out of texts."""
    vocabulary = known.vocabulary
    for place, text in enumerate(texts):
        if text.mpn:
            whole = canonical_model(text.mpn)
            if whole in vocabulary:
                found.add(place, known.number(whole))
            if not (text.mpn.isascii() and text.mpn.isalnum()):
                pieces = text.mpn[:BRAND_READ].split()
                is_one = len(pieces) == 1  # nothing to join: all that may be found is read sooner than what is found
                numbers = joinable(pieces[0], has_digits=True).numbers if is_one else numbers_in(text.mpn[:BRAND_READ])
                for number in numbers:
                    found.add(place, known.number(number))
        if (gtin := text.gtin) and not (
            len(gtin) in {12, 13, 14} and gtin.isascii() and gtin.isdigit() and gtin.zfill(14) not in vocabulary
        ):
            for code in codes_in(gtin):
                found.add(place, known.number(code.gtin))
    for place in np.flatnonzero(digits >= GTIN_DIGITS).tolist():
        part = place % FIELDS
        if part != 1:
            text = texts[place // FIELDS]
            for number in gtins_in((text.title, "", text.description)[part][: READ[part]], ""):
                found.add(place // FIELDS, known.number(number))


def _entries(rows: Rows, found: Found) -> tuple[Ints, Ints, Ints]:
    """(owner, place, role) of all that the listings have, each place of one once."""
    columns = rows.columns
    turn, at = spread(columns.starts[rows.pieces], np.diff(columns.starts)[rows.pieces])
    entry, field = columns.entries[at], rows.field[turn]
    part, role = field % FIELDS, entry >> SHIFT
    of_brand = np.where(role & WORD, role & ~IS_NUMBER | OF_BRAND, role & ~IS_NUMBER)
    role = np.where(part == 0, role, np.where(part == 1, of_brand, ((role & (WORD | JOINED)) > 0) * SAID))
    keep = role > 0
    owner = np.concatenate((field[keep] // FIELDS, np.array(found.owners, dtype=np.int64)))
    more = np.array(found.entries, dtype=np.int64)
    place = np.concatenate((entry[keep] & PLACE, more & PLACE))
    return once(owner, place, np.concatenate((role[keep], more >> SHIFT)))
