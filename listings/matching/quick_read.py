"""The quick read of a listing: its words and numbers without their places. Most listings need nothing more."""

import hashlib
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from listings.matching.gtins import codes_in
from listings.matching.identifiers import gtins_in, numbers_in
from listings.matching.lexicon import PRODUCT_TYPES, UNSURE_PRODUCT_TYPES, counted, is_name, product_types_in, rarity
from listings.matching.listing import (
    BRAND_READ,
    DESCRIPTION_READ,
    TITLE_READ,
    details_in,
    is_category,
    stated,
    title_maker,
)
from listings.matching.memory import remembered
from listings.matching.names import STRONG_FROM, distinctiveness
from listings.matching.normalise import JOINED_WITHIN, canonical_model, decode, joined_word, skeleton, texts_of
from listings.matching.texts import ListingText

ORDINARY = 0.35  # what an ordinary word that a recall does not know counts, against a name
_DIGIT = re.compile(r"\d")
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

    distinctive: Distinctive | None
    worth: float
    weight: float
    is_plain: bool
    is_strange: bool


class QuickRead(NamedTuple):
    """`title` and `words` (those of title, brand and item details, and two of the title as one, `joined` → which) are
    folded texts; `told` the distinctive ones of `words`, `more` those of a description that is no category,
    `more_words` all that only the description says; `numbers` canonical model numbers, `gtins` of 14 digits; `maker`
    the known one that begins the title; `measures` whether the title has digits, and so may state a size; `worth` what
    the words count together, `plain` what those count that are neither kinds nor numbers, `strange` the words that may
    be misspelt names, `kinds` the types that any word may name, in any language; `hides` whether letters of other scripts are about, `has_numbers` whether the description has
    digits."""

    title: list[str]
    words: set[str]
    joined: dict[str, tuple[str, str]]
    brand: list[str]
    distinctive: list[Distinctive]
    more: list[Distinctive]
    more_words: set[str]
    maker: tuple[str, ...]
    measures: bool
    numbers: list[str]
    gtins: list[str]
    product_types: list[str]
    hides: bool
    has_numbers: bool
    worth: float
    plain: list[tuple[str, float, float]]
    strange: list[str]
    kinds: set[str]


def quick_read(text: ListingText) -> QuickRead:
    """What keys and the upper bound need; everything that it finds, `read_listing` finds too."""
    title, brand = decode(text.title, TITLE_READ), decode(text.brand, BRAND_READ) if text.brand else ""
    description = decode(text.description, DESCRIPTION_READ) if text.description else ""
    named = texts_of(stated(title))
    maker = texts_of(brand) if brand else []
    details: list[str] = []
    if ":" in description or "：" in description:
        details = [word.text for word in details_in(description)]
    words = {*named, *maker, *details}
    joined = {
        both: (one, other)
        for one, other in pairwise(named[:JOINED_WITHIN])
        if (both := joined_word(one, other)) and both not in words
    }
    more = {*texts_of(description)} - words if description else set()
    numbers = numbers_in(title)
    if text.mpn:
        numbers += [canonical_model(text.mpn)] if len(text.mpn) <= 24 else []
        numbers += numbers_in(text.mpn[:BRAND_READ])
    gtins = [*gtins_in(title, "title"), *gtins_in(description, "description")]
    if text.gtin:
        gtins += [code.gtin for code in codes_in(text.gtin)]
    kinds = product_types_in(named)
    of_kinds = {word for _, first, last in kinds for word in named[first:last]}
    in_title = {*named}
    distinctive, plain, strange, worth = [], [], [], 0.0
    for word in words:
        seen = seen_as(word)
        if seen.distinctive is not None:
            distinctive.append(seen.distinctive)
        if seen.worth:
            worth += seen.worth
            if seen.is_plain and word in in_title and word not in of_kinds:
                plain.append((word, seen.worth, seen.weight))
        if seen.is_strange:
            strange.append(word)
    distinctive.sort()
    words.update(joined)
    may_be: set[str] = set()
    for word in words:
        if of_word := _kinds_of(word):
            may_be |= of_word
    return QuickRead(
        named,
        words,
        joined,
        maker,
        distinctive,
        distinctive_in(more) if more and not is_category(text.category, description) else [],
        more,
        title_maker(named),
        _DIGIT.search(title) is not None,
        numbers,
        gtins,
        [product_type for product_type, _, _ in kinds],
        not (title.isascii() and brand.isascii()),
        any(map(str.isdigit, description)),
        worth,
        plain,
        strange,
        may_be,
    )


@remembered
def _kinds_of(word: str) -> frozenset[str]:
    """The product types that a word by itself may name."""
    kind = PRODUCT_TYPES.get(word)
    return UNSURE_PRODUCT_TYPES.get(word, frozenset()) | ({kind} if kind else frozenset())


def distinctive_in(words: Iterable[str]) -> list[Distinctive]:
    """The words that are evidence at all, the strongest first."""
    return sorted([distinctive for word in words if (distinctive := seen_as(word).distinctive) is not None])


@remembered
def seen_as(word: str) -> Seen:
    weight = distinctiveness(word) if word.isascii() else 0.0
    worth = weight * weight if weight >= STRONG_FROM else 0.0
    strange = len(word) >= 4 and word.isascii() and word.isalpha() and is_name(word) and word not in PRODUCT_TYPES
    return Seen(
        _told(word),
        worth,
        worth * (1.0 if is_name(word) else ORDINARY),
        word.isalpha() and word not in PRODUCT_TYPES,
        strange,
    )


def _told(word: str) -> Distinctive | None:
    if (distinct := rarity(word)) <= 0:
        return None
    is_rare = _is_rare(word)
    spelt = is_rare and len(word) >= 5 and word.isascii() and word.isalpha() and counted(word)[2] <= NAME_IN_LOWER_CASE
    bones = skeleton(word) if spelt else ""
    pairs = not word.isdigit() and (len(word) > 2 or not word.isascii())
    return Distinctive(-distinct, word, is_rare, short(bones) if len(bones) >= 5 else "", pairs, short(word))


def short(said: str) -> str:
    """A word or number as it appears in keys: itself, or a digest of it where it has more than `KEY_WORD` bytes."""
    if len(said) * 4 <= KEY_WORD or len(written := said.encode(errors="surrogatepass")) <= KEY_WORD:
        return said
    return f"#{hashlib.blake2b(written, digest_size=11).hexdigest()}"


def _is_rare(word: str) -> bool:
    if len(word) < 4 or word in PRODUCT_TYPES:
        return False
    recalls, listings, lower = counted(word)
    if lower <= NAME_IN_LOWER_CASE:
        return recalls <= RARE_IN_RECALLS and listings <= NAME_IN_LISTINGS
    return recalls <= RARE_IN_RECALLS and lower <= RARE_IN_RECALLS and listings <= RARE_IN_LISTINGS
