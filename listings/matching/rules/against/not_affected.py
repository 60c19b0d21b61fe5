"""The seller says that this one is not affected by the recall."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence

SIGNALS = ("not_affected",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: ARG001  every rule is called alike
    span = phrase_in(listing, "not_affected")
    return span and found("not_affected", f"The listing says “{span.text.strip()}”.", None, span)
