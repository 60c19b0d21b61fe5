"""A recalled part inside the product: a laptop sold with the recalled battery."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    if not recall.is_component:
        return None
    product = recall.products[product_index]
    stated = recall.models | product.models
    if not any(number in stated for number in listing.models) or any(thing in product.things for thing in listing.things):
        return None
    return found("component_inside", "The recalled part was sold inside or with this product: check that it still is.", None, None)
