"""The same GTIN on both sides: the same product, whatever the title says."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    if not listing.gtins:
        return None
    stated = recall.gtins | recall.products[product_index].gtins
    for number, span in listing.gtins.items():
        if number in stated:
            return found("gtin_equal", f"Same GTIN {number}.", stated[number], span)
    return None
