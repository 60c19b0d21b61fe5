"""A model that the recall says is not included."""

from listings.matching.listing import ListingReading
from listings.matching.pair import names_a_model
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("excluded_model",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    if not recall.excluded:
        return None
    if names_a_model(recall, product_index, listing):
        return None
    for number, span in listing.models.items():
        if number in recall.excluded:
            return found(
                "excluded_model", f"The recall says that {span.text} is not included.", recall.excluded[number], span
            )
    return None
