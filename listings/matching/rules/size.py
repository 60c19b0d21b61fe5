"""A capacity that differs tells another version; how many are in the pack does not."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

TOLERANCE = 0.06  # 8 fl oz and 240 ml are the same


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    stated = recall.products[product_index].sizes
    if not stated or not listing.sizes:
        return None
    for size in listing.sizes:
        same = [known for known in stated if known.dimension == size.dimension]
        if not same:
            continue
        if any(abs(known.value - size.value) <= TOLERANCE * known.value for known in same):
            return None
        return found("size_conflict", f"{size.span.text} here, {same[0].span.text} in the recall.", same[0].span, size.span)
    return None
