"""The recall lists its models, and the listing states none."""

from listings.matching.listing import ListingReading
from listings.matching.pair import is_host, names_a_model
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("model_not_stated",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Nothing where the recall says that all models are affected, or the listing is what a recalled part was sold in."""
    product = recall.products[product_index]
    stated = recall.models | product.models
    if not stated or recall.every or listing.models or is_host(recall, listing):
        return None
    if names_a_model(recall, product_index, listing):
        return None
    shown = next(iter(stated.values()))
    detail = f"The recall lists its models ({shown.text[:40]} …). The listing states none."
    return found("model_not_stated", detail, shown, None)
