"""The quick read of a listing: its words and numbers without their places. Most listings need nothing more."""

import hashlib
from collections.abc import Iterable, Set
from itertools import pairwise
from typing import NamedTuple

from listings.matching.gtins import codes_in
from listings.matching.identifiers import gtins_in, numbers_in
from listings.matching.lexicon import (
    ORDINARY_ABROAD,
    PRODUCT_TYPES,
    abroad_tail,
    counted,
    is_name,
    is_unknown,
    product_types_in,
    rarity,
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
from listings.matching.normalise import JOINED_WITHIN, canonical_model, joined_word, skeleton, texts_of
from listings.matching.pieces import HAS_DIGIT, IS_SINGLE, MAY_BE_ABSENT, NOTHING, read_field, read_pieces
from listings.matching.texts import ListingText

ORDINARY = 0.35  # what an ordinary word that a recall does not know counts, against a name
FOR_WORDS = frozenset(
    word
    for said in ("for fit compatible work protect made designed para pour fur per voor", "для dla icin 适用 用于 対応")
    for word in said.split()
)
"""Folded words of which one is in every title that names what the product is for, unless it has an apostrophe."""
RARE_FROM, NAME_FROM, BONES_FROM = 4, 5, 5  # letters of a rare word, of a name that may be misspelt, of a skeleton
KEY_WORD = 24  # bytes; a digest has 23
RARE_IN_RECALLS, RARE_IN_LISTINGS, NAME_IN_LISTINGS, NAME_IN_LOWER_CASE = 12, 40, 120, 2


class Distinctive(NamedTuple):
    """A word as keys see it; sorts by rarity, rarest first, equal ones in the order of the alphabet.

    `bones` is its skeleton where it may be a misspelt name, `pairs` whether it counts together with another word, `key`
    how it appears in keys.
    """

    commonness: float
    word: str
    is_rare: bool
    bones: str
    pairs: bool
    key: str


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
    folded texts; `distinctive` those of `words` that are evidence, `more` those of a description that is no category;
    `numbers` canonical model numbers, `gtins` of 14 digits; `kinds_in_title` the product types and their places.
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
        self.title, self._is_cut = title.texts, False
        if title.marks & MAY_BE_ABSENT and (said := stated(title.decoded)) != title.decoded:
            self.title, self._is_cut = texts_of(said), True
        self.brand = brand.texts
        words = {*self.title, *brand.texts}
        if ":" in description.decoded or "：" in description.decoded:
            words.update([word.text for word in details_in(description.decoded)])
        self.distinctive = sorted(filter(None, map(told, words)))
        has_single = bool(title.marks & IS_SINGLE)
        self.numbers = numbers_of(text, title.decoded if title.marks & HAS_DIGIT else "", has_single=has_single)
        self.gtins = gtins_of(
            text,
            title.decoded if title.marks & HAS_DIGIT else "",
            description.decoded if description.marks & HAS_DIGIT else "",
        )
        self.kinds_in_title = product_types_in(self.title)
        self.product_types = [product_type for product_type, _, _ in self.kinds_in_title]
        self.more: list[Distinctive] = []
        if description.texts and not is_category(text.category, description.decoded):
            self.more = distinctive_in({*description.texts} - words)
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


def distinctive_in(words: Iterable[str]) -> list[Distinctive]:
    """The words that are evidence at all, the strongest first."""
    return sorted(filter(None, map(told, words)))


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


@remembered
def told(word: str) -> Distinctive | None:
    """A word as keys see it; None where it is no evidence."""
    if (distinct := rarity(word)) <= 0:
        return None
    pairs = not word.isdigit() and (len(word) > 2 or not word.isascii())
    return Distinctive(-distinct, word, _is_rare(word), bones_of(word), pairs, short(word))


def bones_of(word: str) -> str:
    """The skeleton of a word that may be a misspelt name, as it appears in keys; "" for other words."""
    if len(word) < NAME_FROM or not (word.isascii() and word.isalpha() and _is_rare(word)):
        return ""
    return skeleton_key(word) if counted(word)[2] <= NAME_IN_LOWER_CASE and rarity(word) > 0 else ""


def skeleton_key(word: str) -> str:
    """The skeleton of a word as it appears in keys; "" where it has too few letters."""
    bones = skeleton(word)
    return short(bones) if len(bones) >= BONES_FROM else ""


def short(said: str) -> str:
    """A word or number as it appears in keys: itself, or a digest of it where it has more than `KEY_WORD` bytes."""
    if len(said) * 4 <= KEY_WORD or len(written := said.encode(errors="surrogatepass")) <= KEY_WORD:
        return said
    return f"#{hashlib.blake2b(written, digest_size=11).hexdigest()}"


def _is_rare(word: str) -> bool:
    if len(word) < RARE_FROM or word in PRODUCT_TYPES:
        return False
    recalls, listings, lower = counted(word)
    if lower <= NAME_IN_LOWER_CASE:
        return recalls <= RARE_IN_RECALLS and listings <= NAME_IN_LISTINGS
    return recalls <= RARE_IN_RECALLS and lower <= RARE_IN_RECALLS and listings <= RARE_IN_LISTINGS
