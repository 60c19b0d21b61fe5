"""Candidate keys: a recall and a listing are compared if, and only if, they share one of these strings.

Both sides use one alphabet:
    g:00012345678905    GTIN-14
    m:hl200r            canonical model number
    w:tatamia           word that is rare in recalls
    p:first+choice      two less rare words
    t:stroller+maclaren kind of thing, in whatever language, with one telling word
    s:v-tdns            skeleton of a rare word, the same for most misspellings
Keys depend on one text and on the fixed word table only, so they can be stored with a listing (text[] under GIN).
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from listings.matching.lexicon import THINGS, counted, rarity
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading

RARE_IN_RECALLS, RARE_IN_LISTINGS, NAME_IN_LISTINGS, NAME_IN_LOWER_CASE = 12, 40, 120, 2
MODELS, RARE, PAIRED, WITH_THING, SKELETONS, DESCRIBED = 6, 5, 5, 4, 3, 2
PAIR_FROM = 0.9  # rarity of both words together
TELLING_FROM = 0.35
_VOWELS = str.maketrans("", "", "aeiouyh")


class _Told(NamedTuple):
    """A word as keys see it; sorts by how much it tells, rarest first, equal ones in the order of the alphabet."""

    commonness: float
    word: str
    is_rare: bool
    bones: str
    pairs: bool


def listing_keys(listing: ListingReading) -> frozenset[str]:
    """16 on average; at most 6 models, 5 rare words and 2 of the description, 10 pairs, 8 with kinds, 3 skeletons."""
    found = {f"g:{number}" for number in listing.gtins}
    found.update(f"m:{number}" for number in islice(listing.models, MODELS) if _is_telling(number))
    told = _told_in(listing.words)
    _add_word_keys(found, told, rare=RARE, paired=PAIRED, skeletons=SKELETONS)
    if listing.things:
        branded = [word for word in listing.brand_words if rarity(word) > 0][:2]
        plain = [each.word for each in told if each.word.isalpha() and each.word not in branded]
        _add_thing_keys(found, list(listing.things)[:2], (branded + plain)[:WITH_THING])
    if not listing.category:
        more = [each for each in _told_in(listing.more_words) if each.is_rare]
        found.update(f"w:{each.word}" for each in more[:DESCRIBED])
    return frozenset(found)


def recall_keys(recall: RecallReading) -> frozenset[str]:
    """The keys of all its products; unbounded only in the number of products and models that the recall names."""
    found = {f"g:{number}" for number in recall.gtins}
    found.update(f"m:{number}" for number in recall.models if _is_telling(number))
    found.update(
        f"w:{each.word}"
        for each in _told_in(recall.described)
        if each.is_rare and counted(each.word)[1] <= RARE_IN_LISTINGS
    )
    things = {thing for product in recall.products for thing in product.parts.parts}
    if recall.host:
        things |= recall.host.things
    for product in recall.products:
        found.update(f"g:{number}" for number in product.gtins)
        found.update(f"m:{number}" for number in product.models if _is_telling(number))
        told = _told_in(product.name_words.keys() | recall.brands.keys())
        _add_word_keys(found, told, rare=12, paired=10, skeletons=6)
        _add_thing_keys(found, things, [each.word for each in told if each.word not in THINGS])
    return frozenset(found)


def skeleton(word: str) -> str:
    """First letter and consonants without doubles: vowels dropped, doubled or swapped leave it as it is."""
    rest = word[1:].translate(_VOWELS)
    once = (letter for place, letter in enumerate(rest) if not place or letter != rest[place - 1])
    return f"{word[0]}-{''.join(once)}"


def _told_in(words: Iterable[str]) -> list[_Told]:
    return sorted(told for told in map(_told, words) if told is not None)


@lru_cache(maxsize=300_000)
def _told(word: str) -> _Told | None:
    if (telling := rarity(word)) <= 0:
        return None
    is_rare = _is_rare(word)
    spelt = is_rare and len(word) >= 5 and word.isascii() and word.isalpha() and counted(word)[2] <= NAME_IN_LOWER_CASE
    bones = skeleton(word) if spelt else ""
    pairs = not word.isdigit() and (len(word) > 2 or not word.isascii())
    return _Told(-telling, word, is_rare, bones if len(bones) >= 5 else "", pairs)


def _add_word_keys(found: set[str], told: list[_Told], *, rare: int, paired: int, skeletons: int) -> None:
    found.update([f"w:{each.word}" for each in told if each.is_rare][:rare])
    found.update([f"s:{each.bones}" for each in told if each.bones][:skeletons])
    pairs = [each for each in told if each.pairs][:paired]
    for place, left in enumerate(pairs):
        for right in pairs[place + 1 :]:
            if left.commonness + right.commonness >= -PAIR_FROM:
                break  # those that follow tell even less
            one, other = sorted((left.word, right.word))
            found.add(f"p:{one}+{other}")


def _add_thing_keys(found: set[str], things: Iterable[str], told: list[str]) -> None:
    found.update(
        f"t:{thing}+{word}"
        for thing in things
        for word in told
        if rarity(word) >= TELLING_FROM and THINGS.get(word) != thing
    )


def _is_telling(number: str) -> bool:
    return len(number) >= (5 if number.isdigit() else 4)


def _is_rare(word: str) -> bool:
    if len(word) < 4 or word in THINGS:
        return False
    recalls, listings, lower = counted(word)
    if lower <= NAME_IN_LOWER_CASE:
        return recalls <= RARE_IN_RECALLS and listings <= NAME_IN_LISTINGS
    return recalls <= RARE_IN_RECALLS and lower <= RARE_IN_RECALLS and listings <= RARE_IN_LISTINGS
