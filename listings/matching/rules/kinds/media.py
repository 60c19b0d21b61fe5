"""A book, manual or film about the product is not the product."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence

SIGNALS = ("media",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    span = phrase_in(listing, "media", title_only=True)
    if (
        span is None
        or span.start >= listing.extras
        or span.text.split()[0].lower() in recall.products[product_index].name.lower()
    ):
        return None
    return found("media", f"“{span.text.strip()}”: about the product, not the product itself.", None, span)
