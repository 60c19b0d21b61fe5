"""A toy, a miniature or a model of the product is not the product."""

from listings.matching.lexicon import TOY_KINDS
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence

SIGNALS = ("toy",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Nothing where the recalled product is a toy itself, or its own text has the word."""
    span = phrase_in(listing, "toy", title_only=True)
    if span is None or span.start >= listing.extras:
        return None
    parts = recall.products[product_index].parts
    if not TOY_KINDS.isdisjoint(parts.parts) or _says(recall, span.text):
        return None
    return found("toy", f"“{span.text.strip()}”: a toy or model of the product, not the product itself.", None, span)


def _says(recall: RecallReading, phrase: str) -> bool:
    names = " ".join((recall.text.title, *(product.name for product in recall.products))).lower()
    return "toy" in names or phrase.lower().removesuffix("s") in names
