"""Brand, product type and the whole product name together: stronger evidence than each of them alone."""

from listings.matching.lexicon import PRODUCT_TYPES
from listings.matching.listing import ListingReading
from listings.matching.pair import brand_word, coverage, names_line, unsure_kind
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
    kind = any(product_type in parts.product_types for product_type in listing.product_types) or any(
        head in listing.own_words for head in parts.heads
    )
    if (
        not kind
        and not any(PRODUCT_TYPES.get(each) in parts.product_types for each in listing.words)
        and unsure_kind(parts, listing) is None
    ):
        return None
    share = (1.0 if names_line(recall, covered) else ORDINARY) * min(1.0, covered.worth)
    detail = f"Brand, product type and whole name match: {', '.join((word, *covered.shared[:4]))}."
    return found("name_whole", detail, recall.brands[word], listing.words[word], share=share)
