"""The highest possible scores of many pairs at once, from the words that the recalls know; see `upper_bound.py`.

Never below that bound: whatever this leaves out, comparing one pair after the other leaves out as well. It does not look
at the words that the recall does not know.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from listings.matching.bulk.candidates import Pairs
from listings.matching.bulk.chunk import Chunk
from listings.matching.bulk.columns import Flags, Floats, Ints
from listings.matching.bulk.pieces import IS_HIDDEN, IS_NEAR, IS_NUMBER, IS_TYPE, JOINED, OF_BRAND, SAID, WORD
from listings.matching.bulk.rows import PLACE, spread
from listings.matching.bulk.sorted_keys import found_in
from listings.matching.bulk.tables import (
    BRAND,
    DESCRIBED,
    GROUPED,
    HEAD,
    HOST,
    KIND,
    LINE,
    NAME_MODEL,
    NAMED,
    NAMING,
    NUMBER,
    OWN_KIND,
    RARE_BRAND,
    ROWS,
    SHIFT,
    Tables,
)
from listings.matching.rules import MAX_WEIGHTS
from listings.matching.rules.base import WEIGHTS
from listings.matching.rules.names.name_line import FROM as LINE_FROM
from listings.matching.rules.names.name_missing import COMPLETE
from listings.matching.rules.names.name_model import NONE_STATED
from listings.matching.rules.names.whole import WHOLE
from listings.matching.upper_bound import LINE as LINE_WEIGHT
from listings.matching.upper_bound import UNKNOWN, weight_of_number

ROUNDING = 1e-5  # of sums in another order, and of weights kept with seven digits
MAX_OF_NUMBER = weight_of_number("a" * 99)
GTIN_DIGITS = 12
OWN = WORD | JOINED
ANYWHERE = OWN | SAID | IS_NUMBER | IS_NEAR


class _Hits(NamedTuple):
    """What listing and recall of each pair share: the pair, what the word is in the listing, what in the recall."""

    pairs: int
    pair: Ints
    role: Ints
    mark: Ints
    value: Floats
    fact: Ints

    def any(self, role: int, mark: int) -> Flags:
        found = np.zeros(self.pairs, dtype=bool)
        found[self.pair[self.are(role, mark)]] = True
        return found

    def are(self, role: int, mark: int) -> Flags:
        return ((self.role & role) > 0) & ((self.mark & mark) > 0)

    def most(self, role: int, mark: int) -> Floats:
        found = np.zeros(self.pairs)
        chosen = self.are(role, mark)
        np.maximum.at(found, self.pair[chosen], self.value[chosen])
        return found


class Bounds(NamedTuple):
    """Of each pair: the bound without what the rest of the title says, whether the whole name may be there, and the bound
    in case that the listing has a number which the recall names (`with_number`; minus infinity where it certainly has
    none); whether nothing names or nearly names its brand, where the listing has no brand field, and what the bound has
    for that."""

    best: Floats
    whole: Flags
    with_number: Floats
    unnamed: Flags
    of_nobody: Floats


class _Lines(NamedTuple):
    """Of each pair: the most that name's lines give, the same without what takes something, whether one of them is there
    as a whole; whether a brand of several words is there in title or brand, and anywhere."""

    best: Floats
    told: Floats
    whole: Flags
    named_here: Flags
    named: Flags


def bounds(pairs: Pairs, chunk: Chunk, tables: Tables) -> Bounds:
    """Upper bounds of the log-odds of pairs, in their order."""
    hits = _hits(pairs, chunk, tables)
    row = {name: tables.rows[pairs.recall, column] for column, name in enumerate(ROWS)}
    listing = pairs.listing
    has_models, has_numbers = row["has_models"] > 0, chunk.has_numbers[listing]
    is_described = hits.any(OWN, DESCRIBED)
    may_be_named = is_described | (has_numbers & has_models)
    limits = np.where(may_be_named, 0.0, row["limits"])
    lines = _lines(hits, tables, row["hosts"] > 0, limits)
    has_line = hits.any(ANYWHERE, LINE)
    named_here = ~chunk.has_for[listing] & (hits.any(WORD, NAMING) | lines.named_here)
    named = hits.any(ANYWHERE, NAMING) | lines.named | named_here
    near_brand = hits.any(IS_NEAR, BRAND)
    misspelt = np.where(near_brand | (~named_here & hits.any(OWN, RARE_BRAND)), WEIGHTS["misspelled_brand"], 0.0)
    kind = hits.most(IS_TYPE, KIND)
    unsure = hits.any(OWN, OWN_KIND | HEAD) & (kind < UNKNOWN)
    kind = np.where(unsure, UNKNOWN, np.where((kind == 0) & chunk.has_kinds[listing], row["other_product_type"], kind))
    whole = named & ((row["plain"] > 0) | lines.whole)
    of_brand = np.maximum(misspelt, hits.most(ANYWHERE, BRAND))
    of_brand += np.where(kind > 0, row["name_plain"] + np.where(whole & has_line, MAX_WEIGHTS["whole"], 0.0), 0.0)
    of_brand += np.where(hits.any(IS_TYPE, HOST), MAX_WEIGHTS["component"], 0.0)
    of_nobody = _other_brand(hits, pairs, chunk, tables, has_models)
    none_near = (misspelt == 0) & ~hits.any(IS_NEAR, ~0)
    other = np.where(none_near, of_nobody, misspelt)
    best = row["base"] + kind + np.where(chunk.measures[listing], row["size"], 0.0)
    in_rows = is_described & named & (row["in_rows"] > 0)
    best += np.where(in_rows, WEIGHTS["described_line"], np.where(is_described, WEIGHTS["described"], 0.0))
    best += np.where(hits.any(IS_HIDDEN, NAMED), MAX_WEIGHTS["disguised"], 0.0)
    with_number = best + _of_numbers(hits, tables, (row["patterns"] > 0) & chunk.numbered[listing])
    of_another = np.where(none_near, np.where(chunk.has_brand[listing], of_nobody, 0.0), misspelt)
    with_number += np.where(row["has_brands"] > 0, of_another, 0.0) + lines.told + MAX_WEIGHTS["title_fits"] + ROUNDING
    with_number[named & (with_number > -np.inf)] = np.inf
    best += np.where(named, of_brand, np.where(row["has_brands"] > 0, other, 0.0))
    without_model = (row["name_models"] > 0) & ~hits.any(ANYWHERE, NAME_MODEL)
    of_models = np.where(without_model, WEIGHTS["model_of_name_missing"] * NONE_STATED, 0.0)
    best += np.where(has_numbers, np.where(has_models, WEIGHTS["model_in_description"], 0.0), of_models)
    best += np.maximum(limits + row["lacks"], lines.best)
    unnamed = ~named & (row["has_brands"] > 0) & none_near & ~chunk.has_brand[listing]
    return Bounds(best + ROUNDING, whole, with_number, unnamed, of_nobody)


def _hits(pairs: Pairs, chunk: Chunk, tables: Tables) -> _Hits:
    begins = np.searchsorted(chunk.owner, pairs.listing, "left")
    pair, entry = spread(begins, np.searchsorted(chunk.owner, pairs.listing, "right") - begins)
    asked = pairs.recall[pair] << SHIFT | chunk.place[entry]
    there, fact = found_in(tables.facts, tables.of_facts, asked)
    pair, entry = pair[there], entry[there]
    return _Hits(
        len(pairs.listing),
        pair,
        chunk.role[entry],
        tables.marks[fact].astype(np.int64),
        tables.values[fact].astype(np.float64),
        tables.facts[fact],
    )


def knows(tables: Tables, recall: Ints, place: Ints) -> Flags:
    """Which of these recalls know which of these words, row by row."""
    found = np.zeros(len(recall), dtype=bool)
    found[found_in(tables.known, tables.of_known, recall << SHIFT | place)[0]] = True
    return found


def _of_numbers(hits: _Hits, tables: Tables, may_be_covered: Flags) -> Floats:
    """The most that a number gives which may be the same; minus infinity where there is none."""
    most = np.where(may_be_covered, MAX_OF_NUMBER, -np.inf)
    same = np.flatnonzero(hits.are(IS_NUMBER, NUMBER))
    numbers = [tables.vocabulary[place] for place in (hits.fact[same] & PLACE).tolist()]
    gives = [np.inf if len(number) >= GTIN_DIGITS else weight_of_number(number) for number in numbers]
    np.maximum.at(most, hits.pair[same], np.array(gives, dtype=np.float64))
    return most


def has_number(tables: Tables, recall: int, places: Sequence[int]) -> bool:
    """Whether one of these words is a number of the recall."""
    _, fact = found_in(tables.facts, tables.of_facts, recall << SHIFT | np.array(places, dtype=np.int64))
    return bool(((tables.marks[fact] & NUMBER) > 0).any())


def _other_brand(hits: _Hits, pairs: Pairs, chunk: Chunk, tables: Tables, has_models: Flags) -> Floats:
    """What another brand takes, where the listing certainly has another one, or has neither brand nor name."""
    listing = pairs.listing
    of_brand = np.flatnonzero(((chunk.role & OF_BRAND) > 0) & tables.telling[chunk.place])
    begins = np.searchsorted(chunk.owner[of_brand], listing, "left")
    pair, entry = spread(begins, np.searchsorted(chunk.owner[of_brand], listing, "right") - begins)
    same = np.zeros(len(listing), dtype=bool)
    same[pair[knows(tables, pairs.recall[pair], chunk.place[of_brand][entry])]] = True
    different = np.where(chunk.tells[listing] & ~same, WEIGHTS["different_brand"], 0.0)
    unsure = (chunk.has_numbers[listing] & has_models) | hits.any(ANYWHERE, LINE)
    return np.where(chunk.has_brand[listing], different, np.where(unsure, 0.0, WEIGHTS["brand_not_named"]))


def _lines(hits: _Hits, tables: Tables, hosts: Flags, limits: Floats) -> _Lines:
    """What `_lines` of `upper_bound` gives, where something of a line is there; less than anything where nothing is."""
    groups = tables.groups
    grouped = np.flatnonzero(hits.are(ANYWHERE, GROUPED))
    begins = np.searchsorted(groups.facts, hits.fact[grouped], "left")
    row, member = spread(begins, np.searchsorted(groups.facts, hits.fact[grouped], "right") - begins)
    hit = grouped[row]
    both = hits.pair[hit] * len(groups.is_line) + groups.group[member]
    there, turn = np.unique(both, return_inverse=True)
    pair, group = there // max(1, len(groups.is_line)), there % max(1, len(groups.is_line))
    share = np.bincount(turn, groups.shares[member], len(there))
    here = np.bincount(turn, groups.shares[member] * ((hits.role[hit] & WORD) > 0), len(there))
    with_names = np.bincount(turn, groups.is_name[member], len(there)) > 0
    is_line, counted = groups.is_line[group], np.minimum(1.0, share)
    worth = groups.worth[group]
    told = np.maximum(0.0, counted - LINE_FROM) / (1 - LINE_FROM) * groups.distinctive[group]
    told *= np.where(with_names, LINE_WEIGHT, WEIGHTS["name_words"])
    missing = WEIGHTS["name_missing"] * (1 - share) * np.minimum(1.0, worth)
    all_in_all = told + np.where((share < COMPLETE) & ~hosts[pair], missing, 0.0)
    all_in_all += limits[pair] * (1 - np.minimum(1.0, share * worth) * counted)
    best = np.full(hits.pairs, -np.inf)
    np.maximum.at(best, pair[is_line], all_in_all[is_line])
    most = np.zeros(hits.pairs)
    np.maximum.at(most, pair[is_line], told[is_line])
    whole, named_here, named = (np.zeros(hits.pairs, dtype=bool) for _ in range(3))
    whole[pair[is_line & (share >= WHOLE - ROUNDING)]] = True
    named_here[pair[~is_line & (here >= 1 - ROUNDING)]] = True
    named[pair[~is_line & (share >= 1 - ROUNDING)]] = True
    return _Lines(best, most, whole, named_here, named)
