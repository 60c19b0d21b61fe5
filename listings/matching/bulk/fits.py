"""What the rest of a title says for or against many pairs: see `_fit` in `upper_bound.py`."""

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from listings.matching.bulk.bounds import ROUNDING, Bounds, knows
from listings.matching.bulk.candidates import Pairs
from listings.matching.bulk.chunk import Chunk
from listings.matching.bulk.columns import Flags, Floats, Ints
from listings.matching.bulk.near import Names
from listings.matching.bulk.pieces import JOINED, Pieces
from listings.matching.bulk.rows import spread
from listings.matching.bulk.tables import ROWS, Tables
from listings.matching.listing import title_maker
from listings.matching.normalise import JOINED_WITHIN, joined_word
from listings.matching.rules import MAX_WEIGHTS
from listings.matching.rules.base import WEIGHTS
from listings.matching.rules.names.title_fits import ENOUGH, FITS_FROM


class _Plain(NamedTuple):
    """The words of titles that are neither kinds nor the listing's own number: one row each, sorted by owner; their
    number, their place in the vocabulary, and what they count (`seen_as`)."""

    owner: Ints
    word: Ints
    place: Ints
    worth: Floats
    weight: Floats


class _Titles(NamedTuple):
    """What the words of each listing count together, and those that are plain."""

    total: Floats
    plain: _Plain


def still_hopeful(
    pairs: Pairs, found: Bounds, chunk: Chunk, tables: Tables, known: Pieces, names: Names, at_least: float
) -> Flags:
    """Which pairs may have log-odds of `at_least` once the words of the title that the recall does not know are looked
    at, too."""
    hopeful = found.best + MAX_WEIGHTS["title_fits"] >= at_least
    asked = np.flatnonzero(hopeful)
    listing, recall = pairs.listing[asked], pairs.recall[asked]
    total, plain = _titles_of(listing, chunk, known)
    begins = np.searchsorted(plain.owner, listing, "left")
    row, each = spread(begins, np.searchsorted(plain.owner, listing, "right") - begins)
    unknown = plain.place[each] < 0
    unknown[~unknown] = ~knows(tables, recall[row[~unknown]], plain.place[each[~unknown]])
    row, each = row[unknown], each[unknown]
    more = np.bincount(row, plain.worth[each], len(asked)).astype(np.float64)
    weighty = np.bincount(row, plain.weight[each], len(asked)).astype(np.float64)
    against = _against(tables, recall, found.whole[asked])
    best = found.best[asked] + _of_makers(pairs, found, asked, chunk, tables, known) + ROUNDING
    ends: Flags = best + _fits(total[listing], more, weighty, against) < at_least
    doubtful = ends & (best + MAX_WEIGHTS["title_fits"] >= at_least)
    mine = np.flatnonzero(doubtful[row])
    row, each = row[mine], each[mine]
    stated = _stated(listing[row], recall[row], plain.word[each], chunk, tables, known, names)
    row, each = row[stated], each[stated]
    more -= np.bincount(row, plain.worth[each], len(asked))
    weighty -= np.bincount(row, plain.weight[each], len(asked))
    ends[doubtful] = (best + _fits(total[listing], more, weighty, against))[doubtful] < at_least
    hopeful[asked[ends]] = False
    return hopeful


def _titles_of(listings: Ints, chunk: Chunk, known: Pieces) -> _Titles:
    """What `told_by` says of these listings."""
    asked = np.zeros(len(chunk.texts), dtype=bool)
    asked[listings] = True
    rows = np.flatnonzero(asked[chunk.said.owner])
    said = chunk.said
    owner, word = said.owner[rows], said.word[rows]
    told = known.words.told(word)
    total = np.bincount(owner, told.worth, len(asked)).astype(np.float64)
    plain = np.flatnonzero((told.worth > 0) & told.is_plain & (said.in_title & ~said.of_kind)[rows])
    texts, numbers = known.words.texts, [text.mpn.lower() for text in chunk.texts]
    own = [
        numbers[one] and texts[other] in numbers[one]
        for one, other in zip(owner[plain].tolist(), word[plain].tolist(), strict=True)
    ]
    plain = plain[~np.array(own, dtype=bool)]
    word = word[plain]
    return _Titles(
        total, _Plain(owner[plain], word, known.words.columns().place[word], told.worth[plain], told.weight[plain])
    )


def _stated(
    listing: Ints, recall: Ints, word: Ints, chunk: Chunk, tables: Tables, known: Pieces, names: Names
) -> Flags:
    """Of rows of a listing's word that a recall does not know: in which it states nothing else than the recall does. It
    is a name of the recall, misspelt or like one, or the recall knows it as one with the word beside it."""
    found = names.like(recall, word, known.words)
    for row in np.flatnonzero(_know_joined(listing, recall, chunk, tables) & ~found).tolist():
        parts = _parts(chunk.title(int(listing[row]), known), known)
        found[row] = known.words.texts[word[row]] in parts
    return found


def _know_joined(listing: Ints, recall: Ints, chunk: Chunk, tables: Tables) -> Flags:
    """Whether the recall knows two words of the listing as one."""
    joined = np.flatnonzero(chunk.role & JOINED)
    begins = np.searchsorted(chunk.owner[joined], listing, "left")
    pair, entry = spread(begins, np.searchsorted(chunk.owner[joined], listing, "right") - begins)
    found = np.zeros(len(listing), dtype=bool)
    found[pair[knows(tables, recall[pair], chunk.place[joined][entry])]] = True
    return found


def _parts(title: Sequence[str], known: Pieces) -> Set[str]:
    """The words at a title's beginning that recalls may know as one word with the next or with the one before."""
    found: set[str] = set()
    for one, other in pairwise(title[:JOINED_WITHIN]):
        if joined_word(one, other) in known.vocabulary:
            found |= {one, other}
    return found


def _of_makers(pairs: Pairs, found: Bounds, asked: Ints, chunk: Chunk, tables: Tables, known: Pieces) -> Floats:
    """What it takes more that a title begins with the name of a maker whom the recall does not know."""
    takes = np.zeros(len(asked))
    vocabulary = known.vocabulary
    unnamed = np.flatnonzero(found.unnamed[asked])
    listings, turn = np.unique(pairs.listing[asked[unnamed]], return_inverse=True)
    makers = [title_maker(chunk.title(listing, known)) for listing in listings.tolist()]
    for row in unnamed[np.array([bool(maker) for maker in makers], dtype=bool)[turn]].tolist():
        place = asked[row]
        maker = makers[np.searchsorted(listings, pairs.listing[place])]
        places = np.array([vocabulary.get(word, -1) for word in maker], dtype=np.int64)
        if (places < 0).any() or not knows(tables, np.full(len(places), pairs.recall[place]), places).all():
            takes[row] = min(0.0, WEIGHTS["different_maker"] - found.of_nobody[place])
    return takes


def _against(tables: Tables, recall: Ints, whole: Flags) -> Floats:
    """The least that a title takes which says something else."""
    says_more, adds = (tables.rows[recall, ROWS.index(name)] for name in ("says_more", "adds"))
    least: Floats = np.where(whole, np.maximum(says_more, adds), says_more)
    return least


def _fits(total: Floats, more: Floats, weighty: Floats, against: Floats) -> Floats:
    """What titles give whose words are worth `total`, of them `more` that the recall does not know."""
    share = 1 - more / np.where(total > 0, total, 1.0)
    gives = MAX_WEIGHTS["title_fits"] * (share - FITS_FROM) / (1 - FITS_FROM) * np.minimum(1.0, total - more)
    takes = against * np.minimum(1.0, weighty / ENOUGH)
    return np.where((total > 0) & (share >= FITS_FROM - ROUNDING), np.maximum(gives, takes), takes)
