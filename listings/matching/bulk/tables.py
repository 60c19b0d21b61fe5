"""What bulk matching asks of all recalls, as columns of numbers: which recall has which word, and what that is worth.

Every word, number, kind and skeleton that any recall knows has a place in one vocabulary; a fact is a recall and such a
place, as one whole number, so that thousands of listings are looked up at once.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listings.matching.bulk.columns import Flags, Floats, Ints
from listings.matching.bulk.letters import beginnings_of
from listings.matching.bulk.sorted_keys import Sieve, sieve_of
from listings.matching.key_words import told
from listings.matching.keys import DISTINCTIVE_KEY_FROM
from listings.matching.lexicon import PRODUCT_TYPES, rarity
from listings.matching.profile import Profile

SHIFT = 30  # bits of a place in the vocabulary, which 9,360 recalls fill with some 160,000 words
(
    NAMING,
    BRAND,
    RARE_BRAND,
    LINE,
    HEAD,
    DESCRIBED,
    NAME_MODEL,
    NAMED,
    NUMBER,
    KIND,
    OWN_KIND,
    HOST,
    GROUPED,
) = (1 << bit for bit in range(13))
"""What a fact is: see `Profile`. Facts of kinds are about pseudo-words (`of_kind`)."""


class Groups(NamedTuple):
    """Words that count together: the lines of products' names, and brands of several words.

    Members are sorted by fact (`facts`: recall and word, one row for each group that the word is in), with what each is
    of its `group` (`shares`) and whether it is a name. Of a group: whether it `is_line`, and what a line is worth.
    """

    facts: Ints
    group: Ints
    shares: Floats
    is_name: Flags
    is_line: Flags
    distinctive: Floats
    worth: Floats


class Postings(NamedTuple):
    """Sorted keys, one row for each place (of a recall, or in the vocabulary) that is filed under the key; `counts` says
    in the first row of a key how many, `sieve` rules out most keys that are none of these."""

    keys: Ints
    places: Ints
    counts: Ints
    sieve: Sieve

    @classmethod
    def of_columns(cls, keys: Ints, places: Ints, counts: Ints) -> "Postings":
        return cls(keys, places, counts, sieve_of(keys))


class Named(NamedTuple):
    """The `places` in the vocabulary of a recall's names, from `starts[recall]` to `starts[recall + 1]`."""

    starts: Ints
    places: Ints


class Tables(NamedTuple):
    """`facts` are sorted; `marks` say what each is, `values` what a brand's word or a kind gives. `known` are those of all
    words that a recall knows, sorted, too. `rows` has one row for each recall, columns as in `ROWS`. `named` are each
    recall's words of names and brands that others may be like; names of which a misspelling counts are in `beginnings`
    under the recall and the codes of their first letter and of the next two (`beginnings_of`). `patterns` are the
    beginnings and endings of numbers, for each recall that has some.

    The vocabulary begins with `pairable` words that may be in pairs, in the order in which keys take them; `beside` says
    of each place whether it may be a word beside a kind, `telling` whether it tells one brand from another. `of_facts` and
    `of_known` rule out most of what is asked of these.
    """

    vocabulary: Sequence[str]
    pairable: int
    beside: Flags
    telling: Flags
    facts: Ints
    marks: NDArray[np.uint16]
    values: NDArray[np.float32]
    known: Ints
    groups: Groups
    single: Postings
    pairs: Postings
    with_kind: Postings
    beginnings: Postings
    named: Named
    rows: Floats
    patterns: Sequence[tuple[int, Sequence[str], Sequence[str]]]
    of_facts: Sieve
    of_known: Sieve


ROWS = (
    "base",
    "other_product_type",
    "name_plain",
    "limits",
    "lacks",
    "size",
    "says_more",
    "adds",
    "plain",
    "hosts",
    "has_models",
    "name_models",
    "in_rows",
    "has_brands",
    "patterns",
)
"""The columns of `Tables.rows`; the last seven are 0 or 1."""


def of_kind(product_type: str) -> str:
    """A product type in the vocabulary; no folded word has a colon."""
    return f"k:{product_type}"


def tables_of(profiles: Sequence[Profile], postings: Mapping[str, Sequence[int]]) -> Tables:
    """The tables of recalls in one order; `postings` are the places of those that have a candidate key."""
    words = _Vocabulary(postings)
    facts, marks, values, knows = array("q"), array("H"), array("f"), array("q")
    member_facts, member_groups, shares, are_names = array("q"), array("q"), array("d"), array("B")
    groups: list[tuple[bool, float, float]] = []
    named, named_starts, beginnings = array("q"), array("q", [0]), _Files()
    rows = []
    for place, recall in enumerate(profiles):
        known = _facts_of(recall, words)
        for number, of_group in enumerate(_groups_of(recall), len(groups)):
            groups.append(of_group[:3])
            for word, share in of_group[3].items():
                member = words[word]
                mark, value = known.get(member, (0, 0.0))
                known[member] = mark | GROUPED, value
                member_facts.append(place << SHIFT | member)
                member_groups.append(number)
                shares.append(share)
                are_names.append(word in of_group[4])
        for member, (mark, value) in sorted(known.items()):
            facts.append(place << SHIFT | member)
            marks.append(mark)
            values.append(value)
        rows.append(_row(recall))
        knows.extend(sorted(place << SHIFT | words[word] for word in recall.known))
        named.extend(words[word] for word in recall.named)
        named_starts.append(len(named))
        for name in sorted({name for names in recall.names.values() for name in names}):
            for beginning in beginnings_of(name):
                beginnings.add(place << SHIFT | beginning, [words[name]])
    order = np.argsort(np.array(member_facts, dtype=np.int64), kind="stable")
    single, pairs, with_kind = (_postings(postings, kinds, words) for kinds in ("wsmg", "p", "t"))
    vocabulary, all_facts, all_known = list(words), np.array(facts, dtype=np.int64), np.array(knows, dtype=np.int64)
    if len(vocabulary) >= 1 << SHIFT:
        raise ValueError(f"{len(vocabulary):,} words are more than bulk matching can number")
    return Tables(
        vocabulary,
        words.pairable,
        np.array([rarity(word) >= DISTINCTIVE_KEY_FROM for word in vocabulary], dtype=bool),
        np.array([is_telling(word) for word in vocabulary], dtype=bool),
        all_facts,
        np.array(marks, dtype=np.uint16),
        np.array(values, dtype=np.float32),
        all_known,
        Groups(
            np.array(member_facts, dtype=np.int64)[order],
            np.array(member_groups, dtype=np.int64)[order],
            np.array(shares, dtype=np.float64)[order],
            np.array(are_names, dtype=bool)[order],
            np.array([each[0] for each in groups], dtype=bool),
            np.array([each[1] for each in groups], dtype=np.float64),
            np.array([each[2] for each in groups], dtype=np.float64),
        ),
        single,
        pairs,
        with_kind,
        beginnings.sorted(),
        Named(np.array(named_starts, dtype=np.int64), np.array(named, dtype=np.int64)),
        np.array(rows, dtype=np.float64).reshape(len(rows), len(ROWS)),
        [
            (place, recall.beginnings, recall.endings)
            for place, recall in enumerate(profiles)
            if recall.beginnings or recall.endings
        ],
        sieve_of(all_facts),
        sieve_of(all_known),
    )


class _Vocabulary(dict[str, int]):
    """Word → its place, given when it is first asked for."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__()
        in_keys = {word for key in keys for word in (key[2:].split("+", 1) if key[0] == "p" else ())}
        in_keys |= {key[2:].split("+", 1)[1] for key in keys if key[0] == "t"}
        ranked = sorted((found.commonness, word) for word in in_keys if (found := told(word)) and found.pairs)
        for _, word in ranked:
            self[word]
        self.pairable = len(self)

    def __missing__(self, word: str) -> int:
        place = self[word] = len(self)
        return place

    def key(self, key: str) -> int:
        """A candidate key as one whole number."""
        said = key[2:]
        if key[0] == "w":
            return self[said]
        if key[0] == "p":
            return pair_of(*(self[word] for word in said.split("+", 1)))
        if key[0] == "t":
            product_type, word = said.split("+", 1)
            return self[of_kind(product_type)] << SHIFT | self[word]
        return self[key]


def is_telling(word: str) -> bool:
    """Whether a word of a brand field tells one brand from another."""
    return word not in PRODUCT_TYPES and rarity(word) > 0


def pair_of(one: int, other: int) -> int:
    return min(one, other) << SHIFT | max(one, other)


def _facts_of(recall: Profile, words: _Vocabulary) -> dict[int, tuple[int, float]]:
    """Place in the vocabulary → what the fact is, and what it gives."""
    found: dict[int, tuple[int, float]] = {}

    def add(said: Iterable[str], mark: int) -> None:
        for word in said:
            place = words[word]
            before, value = found.get(place, (0, 0.0))
            found[place] = before | mark, value

    add(recall.naming, NAMING)
    add(recall.rare_brands, RARE_BRAND)
    add(recall.line_words, LINE)
    add(recall.heads, HEAD)
    add(recall.described, DESCRIBED)
    add(recall.name_models, NAME_MODEL)
    add(recall.hidden, NAMED)
    add(recall.numbers, NUMBER)
    add(recall.brands, BRAND)
    add(map(of_kind, recall.kinds), KIND)
    add(map(of_kind, recall.unsure_kinds), OWN_KIND)
    add(map(of_kind, recall.hosts), HOST)
    for said, value in (*recall.brands.items(), *((of_kind(each), value) for each, value in recall.kinds.items())):
        found[words[said]] = found[words[said]][0], value
    return found


def _groups_of(recall: Profile) -> Iterable[tuple[bool, float, float, Mapping[str, float], frozenset[str]]]:
    """(is it a line, how strong, what it is worth, word → its share, those that are names)."""
    for line in recall.lines:
        yield True, line.distinctive, line.worth, line.shares, line.names
    for name in recall.brand_names:
        yield False, 0.0, 0.0, dict.fromkeys(name, 1 / len(name)), frozenset()


def _row(recall: Profile) -> tuple[float, ...]:
    return (
        recall.base,
        recall.other_product_type,
        recall.name_plain,
        recall.limits,
        recall.lacks,
        recall.size,
        recall.says_more,
        recall.adds,
        recall.plain,
        bool(recall.hosts),
        recall.has_models,
        bool(recall.name_models),
        bool(recall.described_pairs),
        bool(recall.brands),
        bool(recall.beginnings or recall.endings),
    )


def _postings(postings: Mapping[str, Sequence[int]], kinds: str, words: _Vocabulary) -> Postings:
    """The keys of these kinds (their first letters)."""
    found = _Files()
    for key, places in postings.items():
        if key[0] in kinds:
            found.add(words.key(key), places)
    return found.sorted()


class _Files:
    """Postings that are gathered in any order."""

    def __init__(self) -> None:
        self._keys, self._places = array("q"), array("q")

    def add(self, key: int, places: Sequence[int]) -> None:
        self._keys.extend([key] * len(places))
        self._places.extend(places)

    def sorted(self) -> Postings:
        keys = np.array(self._keys, dtype=np.int64)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        counts = np.searchsorted(keys, keys, "right") - np.searchsorted(keys, keys)
        return Postings.of_columns(keys, np.array(self._places, dtype=np.int64)[order], counts)
