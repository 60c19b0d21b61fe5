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

from listings.matching.lexicon import THINGS, counted, rarity
from listings.matching.listing import ListingReading, rare_first
from listings.matching.recall import RecallReading

RARE_IN_RECALLS, RARE_IN_LISTINGS, NAME_IN_LISTINGS, NAME_IN_LOWER_CASE = 12, 40, 120, 2
MODELS, RARE, PAIRED, WITH_THING, SKELETONS, DESCRIBED = 6, 5, 5, 4, 3, 2
PAIR_FROM = 0.9  # rarity of both words together
TELLING_FROM = 0.35
_VOWELS = str.maketrans("", "", "aeiouyh")


def listing_keys(listing: ListingReading) -> frozenset[str]:
    """17 on average; at most 6 models, 5 rare words and 2 of the description, 10 pairs, 8 with kinds, 3 skeletons."""
    found = {f"g:{number}" for number in listing.gtins}
    found.update(f"m:{number}" for number in list(listing.models)[:MODELS] if _is_telling(number))
    told = rare_first({word for word in listing.words if rarity(word) > 0})
    found.update(_word_keys(told, rare=RARE, paired=PAIRED, skeletons=SKELETONS))
    branded = [word for word in listing.brand_words if word in listing.words and rarity(word) > 0]
    plain = [word for word in told if word.isalpha() and word not in branded]
    found.update(_thing_keys(list(listing.things)[:2], (branded[:2] + plain)[:WITH_THING]))
    if not listing.category:
        more = rare_first({word for word in listing.more_words if _is_rare(word)})[:DESCRIBED]
        found.update(f"w:{word}" for word in more)
    return frozenset(found)


def recall_keys(recall: RecallReading) -> frozenset[str]:
    """The keys of all its products; unbounded only in the number of products and models that the recall names."""
    found = {f"g:{number}" for number in recall.gtins}
    found.update(f"m:{number}" for number in recall.models if _is_telling(number))
    found.update(f"w:{word}" for word in recall.described if _is_rare(word) and counted(word)[1] <= RARE_IN_LISTINGS)
    things = {thing for product in recall.products for thing in product.parts.parts}
    if recall.host:
        things |= recall.host.things
    for product in recall.products:
        found.update(f"g:{number}" for number in product.gtins)
        found.update(f"m:{number}" for number in product.models if _is_telling(number))
        told = rare_first({word for word in product.name_words if rarity(word) > 0} | set(recall.brands))
        found.update(_word_keys(told, rare=12, paired=10, skeletons=6))
        found.update(_thing_keys(things, [word for word in told if word not in THINGS]))
    return frozenset(found)


def skeleton(word: str) -> str:
    """First letter and consonants without doubles: vowels dropped, doubled or swapped leave it as it is."""
    rest = word[1:].translate(_VOWELS)
    return (
        word[0] + "-" + "".join(letter for place, letter in enumerate(rest) if not place or letter != rest[place - 1])
    )


def _word_keys(told: list[str], *, rare: int, paired: int, skeletons: int) -> set[str]:
    rare_ones = [word for word in told if _is_rare(word)]
    found = {f"w:{word}" for word in rare_ones[:rare]}
    spelt = [
        word
        for word in rare_ones
        if len(word) >= 5 and word.isascii() and word.isalpha() and counted(word)[2] <= NAME_IN_LOWER_CASE
    ]
    found.update(f"s:{bones}" for word in spelt[:skeletons] if len(bones := skeleton(word)) >= 5)
    pairs = [word for word in told if not word.isdigit() and (len(word) > 2 or not word.isascii())][:paired]
    for place, left in enumerate(pairs):
        for right in pairs[place + 1 :]:
            if rarity(left) + rarity(right) > PAIR_FROM:
                found.add(f"p:{min(left, right)}+{max(left, right)}")
    return found


def _thing_keys(things: Iterable[str], told: list[str]) -> set[str]:
    return {
        f"t:{thing}+{word}"
        for thing in things
        for word in told
        if rarity(word) >= TELLING_FROM and THINGS.get(word) != thing
    }


def _is_telling(number: str) -> bool:
    return len(number) >= (5 if number.isdigit() else 4)


def _is_rare(word: str) -> bool:
    if len(word) < 4 or word in THINGS:
        return False
    recalls, listings, lower = counted(word)
    if lower <= NAME_IN_LOWER_CASE:
        return recalls <= RARE_IN_RECALLS and listings <= NAME_IN_LISTINGS
    return recalls <= RARE_IN_RECALLS and lower <= RARE_IN_RECALLS and listings <= RARE_IN_LISTINGS
