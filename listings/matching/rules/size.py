"""A capacity that differs tells another version; how many are in the pack does not."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("size_conflict", "size_equal")

TOLERANCE = 0.06  # 8 fl oz and 240 ml are the same


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    if listing.dimensions and len(recall.dimensions) > 1 and not listing.dimensions.keys() & recall.dimensions.keys():
        here, there = next(iter(listing.dimensions.values())), next(iter(recall.dimensions.values()))
        return found("size_conflict", f"{here.text} here; the recall lists its sizes ({there.text} …).", there, here)
    stated = recall.products[product_index].sizes
    if not stated or not listing.sizes:
        return None
    for size in listing.sizes:
        same = [known for known in stated if known.dimension == size.dimension]
        if not same:
            continue
        for known in same:
            if abs(known.value - size.value) <= TOLERANCE * known.value:
                return found("size_equal", f"{size.span.text} on both sides.", known.span, size.span)
        return found(
            "size_conflict", f"{size.span.text} here, {same[0].span.text} in the recall.", same[0].span, size.span
        )
    return None
