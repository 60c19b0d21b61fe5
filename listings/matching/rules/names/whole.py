"""Brand, kind and the whole of the product's own name together: more than each of them tells alone."""

from listings.matching.lexicon import THINGS
from listings.matching.listing import ListingReading
from listings.matching.pair import brand_word, coverage, names_line
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("name_whole",)

WHOLE = 0.9  # share of the name's line
ORDINARY = 0.5  # share where the name is of ordinary words only


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """In part where the name is of ordinary words, which others use, too."""
    word = brand_word(recall, listing)
    if word is None:
        return None
    parts = recall.products[product_index].parts
    covered = coverage(recall, product_index, listing)
    if covered is None or covered.share < WHOLE or not covered.shared:
        return None
    kind = any(thing in parts.things for thing in listing.things) or any(
        head in listing.own_words for head in parts.heads
    )
    if not kind and not any(THINGS.get(each) in parts.things for each in listing.words):
        return None
    share = (1.0 if names_line(recall, covered) else ORDINARY) * min(1.0, covered.worth)
    says = f"Brand, kind and the whole name are there: {', '.join((word, *covered.shared[:4]))}."
    return found("name_whole", says, recall.brands[word], listing.words[word], share=share)
