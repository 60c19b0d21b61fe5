"""The same GTIN on both sides: the same product, whatever the title says."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("gtin_equal",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    if not listing.gtins:
        return None
    product = recall.products[product_index]
    for number, span in listing.gtins.items():
        if (known := product.gtins.get(number) or recall.gtins.get(number)) is not None:
            return found("gtin_equal", f"Same GTIN {number}.", known, span)
    return None
