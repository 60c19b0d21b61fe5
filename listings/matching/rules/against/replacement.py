"""Another product offered instead of the recalled one."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence

SIGNALS = ("replacement_for_recalled",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: ARG001  every rule is called alike
    span = phrase_in(listing, "replacement")
    return span and found("replacement_for_recalled", f"The listing says “{span.text.strip()}”.", None, span)
