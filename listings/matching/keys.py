"""Candidate keys: a recall and a listing are compared if, and only if, they share enough of these strings.

Both sides use one alphabet: `g:` GTIN-14, `m:` canonical model number, `w:` rare word, `p:` pair of less rare words.
Keys depend on one text and on the fixed word table only, so they can be stored with a listing (text[] under GIN).
"""

from listings.matching.lexicon import THINGS, in_recalls, rarity
from listings.matching.listing import ListingReading, rare_first
from listings.matching.recall import RecallReading

RARE_IN_RECALLS = 12
MOST_MODELS, MOST_RARE, MOST_PAIRED = 8, 6, 6


def listing_keys(listing: ListingReading) -> frozenset[str]:
    """At most 8 model keys, 6 rare words, 15 pairs, and the GTINs."""
    found = {f"g:{number}" for number in listing.gtins}
    found.update(f"m:{number}" for number in list(listing.models)[:MOST_MODELS] if len(number) >= 4)
    told = {word for word in listing.words if rarity(word) > 0}
    found.update(_word_keys(told))
    return frozenset(found)


def recall_keys(recall: RecallReading) -> frozenset[str]:
    """The keys of all its products; unbounded only in the number of products and models that the recall names."""
    found = {f"g:{number}" for number in recall.gtins}
    found.update(f"m:{number}" for number in recall.models if len(number) >= 4)
    for product in recall.products:
        found.update(f"g:{number}" for number in product.gtins)
        found.update(f"m:{number}" for number in product.models if len(number) >= 4)
        found.update(_word_keys(set(product.name_words) | set(recall.brands), most_paired=12, most_rare=12))
    return frozenset(found)


def _word_keys(told: set[str], *, most_paired: int = MOST_PAIRED, most_rare: int = MOST_RARE) -> set[str]:
    rare = [word for word in rare_first(told) if _is_rare(word)]
    found = {f"w:{word}" for word in rare[:most_rare]}
    paired = [word for word in rare_first(told) if not word.isdigit() and (len(word) > 2 or not word.isascii())][:most_paired]
    for place, left in enumerate(paired):
        for right in paired[place + 1 :]:
            if rarity(left) + rarity(right) > 0.9:
                found.add(f"p:{min(left, right)}+{max(left, right)}")
    return found


def _is_rare(word: str) -> bool:
    return in_recalls(word) <= RARE_IN_RECALLS and len(word) >= 4 and word not in THINGS and rarity(word) > 0.5
