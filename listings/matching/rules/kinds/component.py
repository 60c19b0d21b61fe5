"""A recalled part inside the product: a laptop sold with the recalled battery, a pool with the recalled ladder."""

from listings.matching.listing import ListingReading
from listings.matching.pair import is_host
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("contains_component",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The listing is what the recall says its product was sold in or with."""
    if not is_host(recall, listing):
        return None
    host = recall.host
    product_type = next(
        product_type for product_type in listing.product_types if host and product_type in host.product_types
    )
    part = recall.products[product_index].name
    return found(
        "contains_component",
        f"The recalled part ({part[:60]}) was sold with this {product_type}.",
        None,
        listing.product_types[product_type],
    )
