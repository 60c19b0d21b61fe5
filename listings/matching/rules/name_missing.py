"""Words of the product's own name that the listing lacks: probably another product of the same brand."""

from listings.matching.listing import ListingReading
from listings.matching.pair import coverage, is_host, same_number
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("name_missing",)

COMPLETE = 0.95


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Grows with the share that is missing; nothing where a number is the same, or the listing is what the recalled
    part was sold in."""
    covered = coverage(recall, product_index, listing)
    if covered is None or covered.share >= COMPLETE or not covered.missing:
        return None
    if is_host(recall, listing) or same_number(recall, product_index, listing):
        return None
    words = recall.products[product_index].name_words
    word = max(covered.missing, key=lambda word: (words[word].weight, word))
    says = f"The listing does not say {', '.join(covered.missing[:5])}, which is part of the product's name."
    share = (1 - covered.share) * min(1.0, covered.worth)
    return found("name_missing", says, words[word].span, None, share=share)
