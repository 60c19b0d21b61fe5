"""The product type, in any language of the lexicon: the same, different, or not stated."""

from listings.matching.lexicon import BROAD_PRODUCT_TYPES, PRODUCT_TYPES, WIDER
from listings.matching.listing import ListingReading
from listings.matching.names import Name
from listings.matching.pair import is_host, unsure_kind
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("same_product_type", "different_product_type", "product_type_not_stated")

BROAD = 0.65
RELATED = 0.4  # a toy, where the recall is about a rattle
PART_OF_NAME = 0.4  # a crib, where the recall is about crib mattresses
UNSURE = 0.8  # a word that names the kind in another language or sense: "chaise"
ACCESSORIES = frozenset({"charger", "power cord", "cable", "storage case"})
WHOLE = 10.0  # a stroller, where the recall is about an adapter for it, and neither was sold with the other
UNKNOWN_KIND = 0.8  # the last word of the name, where the lexicon does not know it


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """What a listing is for ("battery for laptop") does not count as its product type."""
    parts = recall.products[product_index].parts
    if (same := _same(parts, listing)) is not None:
        return same
    if is_host(recall, listing) or not (parts.product_types or parts.parts):
        return None
    if not parts.product_types:
        return _of_what_it_belongs_to(parts, listing)
    for product_type, span in listing.product_types.items():
        if any(
            WIDER.get(product_type) == wanted or WIDER.get(wanted) == product_type for wanted in parts.product_types
        ):
            return found("same_product_type", f"Related product type: {product_type}.", None, span, share=RELATED)
    return _other(parts, listing)


def _of_what_it_belongs_to(parts: Name, listing: ListingReading) -> Evidence | None:
    """A bicycle, where the recall is about bicycle chains, a product type that the lexicon does not know."""
    for product_type, span in listing.product_types.items():
        if product_type in parts.parts and parts.heads:
            detail = f"The recall covers {min(parts.heads)}; the listing is for {product_type}."
            return found("different_product_type", detail, None, span, share=PART_OF_NAME)
    return None


def _same(parts: Name, listing: ListingReading) -> Evidence | None:
    for product_type, span in listing.product_types.items():
        if product_type in parts.product_types:
            share = BROAD if product_type in BROAD_PRODUCT_TYPES else 1.0
            return found("same_product_type", f"Same product type: {product_type}.", None, span, share=share)
    if (unsure := unsure_kind(parts, listing)) is not None:
        kind, span = unsure
        return found("same_product_type", f"“{span.text}” may mean {kind}.", None, span, share=UNSURE)
    for word, span in listing.words.items():
        if span.field == "description" and PRODUCT_TYPES.get(word) in parts.product_types:
            return found("same_product_type", f"The item details mention {span.text}.", None, span, share=UNSURE)
    for head in sorted(parts.heads):
        if head in listing.words and listing.words[head].start < listing.goes_with:
            return found(
                "same_product_type", f"Same product type: {head}.", None, listing.words[head], share=UNKNOWN_KIND
            )
    return None


def _other(parts: Name, listing: ListingReading) -> Evidence:
    wanted = ", ".join(sorted(parts.product_types))
    for product_type, span in listing.product_types.items():
        if product_type in parts.parts:
            detail = f"The recall covers {wanted}; the listing is for {product_type}."
            return found("different_product_type", detail, None, span, share=PART_OF_NAME)
    for product_type, span in listing.product_types.items():
        return found(
            "different_product_type",
            f"Different product type: the recall covers {wanted}; the listing is for {product_type}.",
            None,
            span,
            share=WHOLE if parts.product_types <= ACCESSORIES else 1.0,
        )
    return found("product_type_not_stated", f"The listing does not state the product type ({wanted}).", None, None)
