"""The words of titles and brands, and the product types that titles name with them."""

from typing import NamedTuple

import numpy as np

from listings.matching.bulk.columns import Flags, Ints
from listings.matching.bulk.pieces import IS_TYPE, Pieces
from listings.matching.bulk.rows import FIELDS, Found, Rows, once, spread
from listings.matching.bulk.tables import SHIFT
from listings.matching.bulk.tables import of_kind as kind_word
from listings.matching.bulk.words import BEGINS_A_KIND, NAMES_A_KIND, NOWHERE
from listings.matching.lexicon import PRODUCT_TYPES_OF_SEVERAL_WORDS, product_types_in

_IN_TITLE, _OF_KIND = 1, 2
_BEGINNINGS_OF_KINDS = frozenset(name[:2] for name in PRODUCT_TYPES_OF_SEVERAL_WORDS)


class Said(NamedTuple):
    """One row for each word of a listing's title and brand, by its number, sorted by owner, each once: whether it is in
    the title, and whether it names a product type there."""

    owner: Ints
    word: Ints
    in_title: Flags
    of_kind: Flags


def said_in(rows: Rows, known: Pieces, found: Found) -> tuple[Said, Flags]:
    """The words of titles and brands, and which titles name product types; these are added."""
    columns, of_words = rows.columns, known.words.columns()
    own = np.flatnonzero(rows.field % FIELDS < 2)  # titles and brands
    pieces, field = rows.pieces[own], rows.field[own]
    turn, at = spread(columns.word_starts[pieces], np.diff(columns.word_starts)[pieces])
    field, word = field[turn], columns.words[at]
    owner, in_title = field // FIELDS, field % FIELDS == 0
    of_kind, by_words = Found(), _by_words(owner[in_title], word[in_title], known)
    for place in by_words:
        _add_types(place, rows, known, found, of_kind)
    owner, word, role = once(
        np.concatenate((owner, np.array(of_kind.owners, dtype=np.int64))),
        np.concatenate((word, np.array(of_kind.entries, dtype=np.int64))),
        np.concatenate((np.where(in_title, _IN_TITLE, 0), np.full(len(of_kind.owners), _OF_KIND))),
    )
    in_title, is_kind = (role & _IN_TITLE) > 0, (role & _OF_KIND) > 0
    looked_at = np.zeros(len(rows.counts) // FIELDS, dtype=bool)
    looked_at[by_words] = True
    names = np.flatnonzero(in_title & ((of_words.marks[word] & NAMES_A_KIND) > 0) & ~looked_at[owner])
    is_kind[names] = True
    kind = of_words.kind[word[names]]
    found.owners += owner[names[kind != NOWHERE]].tolist()
    found.entries += (IS_TYPE << SHIFT | kind[kind != NOWHERE]).tolist()
    has_kinds = np.zeros(len(rows.counts) // FIELDS, dtype=bool)
    has_kinds[owner[is_kind]] = True
    return Said(owner, word, in_title, is_kind), has_kinds


def _by_words(owner: Ints, word: Ints, known: Pieces) -> list[int]:
    """The listings in whose titles (words in their order) a product type may have a name of several words."""
    begins = np.flatnonzero((owner[1:] == owner[:-1]) & known.words.are(BEGINS_A_KIND)[word[:-1]])
    texts = known.words.texts
    pairs = zip(owner[begins].tolist(), word[begins].tolist(), word[begins + 1].tolist(), strict=True)
    return [*dict.fromkeys(place for place, one, two in pairs if (texts[one], texts[two]) in _BEGINNINGS_OF_KINDS)]


def _add_types(place: int, rows: Rows, known: Pieces, found: Found, of_kind: Found) -> None:
    """The product types that a title names, and the words that name them."""
    texts, words = known.texts, known.words
    title = [word for piece in rows.title(place) for word in texts[piece]]
    for product_type, first, last in product_types_in(title):
        of_kind.add(place, [words[word] for word in title[first:last]])
        if (kind := known.vocabulary.get(kind_word(product_type))) is not None:
            found.add(place, (IS_TYPE << SHIFT | kind,))
