"""The quick read of a listing: its words and numbers without their places. Most listings need nothing more."""

from collections.abc import Iterable, Set
from itertools import chain, pairwise
from typing import NamedTuple

from listings.matching.gtins import codes_in
from listings.matching.identifiers import gtins_in, numbers_in
from listings.matching.key_words import Distinctive, told
from listings.matching.lexicon import (
    ORDINARY_ABROAD,
    PRODUCT_TYPES,
    abroad_tail,
    is_name,
    is_unknown,
    product_types_in,
    unsure_types_of,
)
from listings.matching.listing import (
    BRAND_READ,
    DESCRIPTION_READ,
    TITLE_READ,
    details_in,
    is_category,
    stated,
    title_maker,
)
from listings.matching.loose_numbers import loose_numbers
from listings.matching.memory import remembered
from listings.matching.names import STRONG_FROM, distinctiveness
from listings.matching.normalise import JOINED_WITHIN, canonical_model, joined_word
from listings.matching.pieces import (
    BEGINS_A_TYPE,
    HAS_DIGIT,
    IS_SINGLE,
    MAY_BE_ABSENT,
    NOTHING,
    read_decoded,
    read_field,
    read_pieces,
)
from listings.matching.texts import ListingText

ORDINARY = 0.35  # what an ordinary word that a recall does not know counts, against a name
FOR_WORDS = frozenset(
    word
    for said in ("for fit compatible work protect made designed para pour fur per voor", "для dla icin 适用 用于 対応")
    for word in said.split()
)
"""Folded words of which one is in every title that names what the product is for, unless it has an apostrophe."""


class Seen(NamedTuple):
    """A word as the upper bound sees it: what it counts among those of a title (its squared weight; 0 where it tells
    nothing), what it speaks against a recall that does not know it, whether it is neither a kind nor a number, and
    whether it may be a misspelled name."""

    worth: float
    weight: float
    is_plain: bool
    is_strange: bool


class Traits(NamedTuple):
    """What the upper bound asks of a listing, beside its words.

    `said` are the words and numbers that are anywhere in it, `maker` the known one that begins the title; `measures` is
    whether the title has digits, and so may state a size; `worth` what the words count together, `plain` what those
    count that are neither kinds nor numbers, `strange` the words that may be misspelt names, `kinds` the types that any
    word may name, in any language; `hidden` those that look-alike letters hide; `has_for` is whether the title may name
    what it is for, `has_numbers` whether the description has digits."""

    said: Set[str]
    maker: tuple[str, ...]
    measures: bool
    hidden: Set[str]
    has_for: bool
    has_numbers: bool
    worth: float
    plain: list[tuple[str, float, float]]
    strange: list[str]
    kinds: set[str]


class QuickRead:
    """`title` and `words` (those of title, brand and item details, and two of the title as one, `joined` → which) are
    folded texts; `distinctive` those of `words` that are evidence, `of_brand` those of the brand field,
    `more` those of a description that is no category; `numbers` canonical model numbers, `gtins` of 14 digits;
    `kinds_in_title` the product types and their places.
    """

    __slots__ = (
        "_is_cut",
        "_said",
        "_text",
        "_traits",
        "brand",
        "distinctive",
        "gtins",
        "joined",
        "kinds_in_title",
        "more",
        "numbers",
        "of_brand",
        "product_types",
        "title",
        "words",
    )

    def __init__(self, text: ListingText) -> None:
        title = read_pieces(text.title, TITLE_READ)
        brand = read_field(text.brand, BRAND_READ) if text.brand else NOTHING
        description = read_field(text.description, DESCRIPTION_READ) if text.description else NOTHING
        self._text, self._said = text, (title, brand, description)
        self._traits: Traits | None = None
        named, self._is_cut = title, False
        if title.marks & MAY_BE_ABSENT and (said := stated(title.decoded)) != title.decoded:
            named, self._is_cut = read_decoded(said), True
        self.title, self.brand, self.of_brand = named.texts, brand.texts, brand.told
        words = {*named.texts, *brand.texts}
        by_word = {each.word: each for each in chain(named.told, brand.told)}
        if ":" in description.decoded or "：" in description.decoded:
            details = [word.text for word in details_in(description.decoded)]
            words.update(details)
            by_word |= {each.word: each for each in filter(None, map(told, details))}
        self.distinctive = sorted(by_word.values())
        has_single = bool(title.marks & IS_SINGLE)
        self.numbers = numbers_of(text, title.decoded if title.marks & HAS_DIGIT else "", has_single=has_single)
        self.gtins = gtins_of(
            text,
            title.decoded if title.marks & HAS_DIGIT else "",
            description.decoded if description.marks & HAS_DIGIT else "",
        )
        self.kinds_in_title = product_types_in(named.texts) if named.marks & BEGINS_A_TYPE else []
        self.product_types = [product_type for product_type, _, _ in self.kinds_in_title]
        self.more: list[Distinctive] = []
        if description.texts and not is_category(text.category, description.decoded):
            self.more = sorted({each.word: each for each in description.told if each.word not in words}.values())
        self.joined = _joined(self.title[:JOINED_WITHIN], words)
        words.update(self.joined)
        self.words = words

    @property
    def traits(self) -> Traits:
        """Worked out when it is first asked for: most listings share no key with any recall."""
        if self._traits is None:
            self._traits = self._read_traits()
        return self._traits

    def _read_traits(self) -> Traits:
        title, brand, description = self._said
        named, decoded = self.title, title.decoded
        of_kinds = {word for _, first, last in self.kinds_in_title for word in named[first:last]}
        in_title, own_number = {*named}, self._text.mpn.lower()
        kinds: set[str] = set()
        for word in self.words:
            if of_word := kinds_of(word):
                kinds |= of_word
        words = self.words.difference(self.joined) if self.joined else self.words
        worth, plain = told_by(words, in_title, of_kinds, own_number)
        strange = [word for word in words if seen_as(word).is_strange]
        return Traits(
            self.words.union(description.texts, self.numbers),
            title_maker(named),
            bool(title.marks & HAS_DIGIT),
            title.hidden | brand.hidden,
            self._is_cut or "'" in decoded or "’" in decoded or not FOR_WORDS.isdisjoint(named),
            bool(description.marks & HAS_DIGIT),
            worth,
            plain,
            strange,
            kinds,
        )


def told_by(
    words: Iterable[str], in_title: Set[str], of_kinds: Set[str], own_number: str
) -> tuple[float, list[tuple[str, float, float]]]:
    """`worth` and `plain` of `Traits`: of the words of a listing, those of its title, those of them that name kinds, and
    its MPN in lower case."""
    plain, worth = [], 0.0
    for word in words:
        worth_of_word, weight, is_plain, _ = seen_as(word)
        if worth_of_word:
            worth += worth_of_word
            if is_plain and word in in_title and word not in of_kinds and word not in own_number:
                plain.append((word, worth_of_word, weight))
    return worth, plain


def numbers_of(text: ListingText, title: str, *, has_single: bool = True) -> list[str]:
    """Canonical model numbers out of a decoded title, if it has digits, and out of their own field; `has_single` is as in
    `loose_numbers`."""
    found = [*numbers_in(title), *loose_numbers(title, has_single=has_single)] if title else []
    if text.mpn:
        found += [canonical_model(text.mpn)] if len(text.mpn) <= 24 else []
        found += numbers_in(text.mpn[:BRAND_READ])
    return found


def gtins_of(text: ListingText, title: str, description: str) -> list[str]:
    """GTINs of 14 digits out of decoded texts, as far as they have digits, and out of their own field."""
    found = [*gtins_in(title, "title")] if title else []
    if description:
        found += gtins_in(description, "description")
    if text.gtin:
        found += [code.gtin for code in codes_in(text.gtin)]
    return found


def quick_read(text: ListingText) -> QuickRead:
    """What keys and the upper bound need; everything that it finds, `read_listing` finds too."""
    return QuickRead(text)


def _joined(beginning: list[str], words: Set[str]) -> dict[str, tuple[str, str]]:
    """Two words in a row, written as one, which are not among `words`, → the two."""
    return {
        both: (one, other)
        for one, other in pairwise(beginning)
        if (both := joined_word(one, other)) and both not in words
    }


@remembered
def kinds_of(word: str) -> frozenset[str]:
    """The product types that a word by itself may name."""
    kind = PRODUCT_TYPES.get(word)
    return unsure_types_of(word) | ({kind} if kind else frozenset())


@remembered
def seen_as(word: str) -> Seen:
    weight = distinctiveness(word) if word.isascii() else 0.0
    worth = weight * weight if weight >= STRONG_FROM else 0.0
    return Seen(
        worth,
        worth * (1.0 if is_name(word) else ORDINARY),
        word.isalpha() and word not in PRODUCT_TYPES and word not in ORDINARY_ABROAD and not abroad_tail(word),
        is_unknown(word),
    )
