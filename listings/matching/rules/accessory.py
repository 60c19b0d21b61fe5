"""An accessory or spare part for the product is not the product."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    span = phrase_in(listing, "accessory", title_only=True)
    share = 1.0
    if span is None:
        span = phrase_in(listing, "accessory_description")
        share = 0.7
    if span is None:
        return None
    word = span.text.split()[0].lower()
    if word in recall.products[product_index].name.lower():
        return None
    return found("accessory", f"“{span.text.strip()}”: it goes with the product, it is not the product.", None, span, share=share)
