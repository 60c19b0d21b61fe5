"""The recall's name is brand and kind alone ("Maclaren strollers"), and the listing is of that brand and kind."""

from listings.matching.lexicon import is_name
from listings.matching.listing import ListingReading
from listings.matching.pair import brand_word, coverage, other_maker, unsure_kind
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("name_plain",)

WHOLE = 0.95  # share of a name of ordinary words
UNSURE = 0.35  # share where the recall does not say that all models are affected


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """In full where the recall says that all models are affected, in part where it names none."""
    product = recall.products[product_index]
    if brand_word(recall, listing) is None or other_maker(recall, listing):
        return None
    if product.parts.own_lines:
        covered = coverage(recall, product_index, listing)
        if not recall.every or covered is None or covered.share < WHOLE or any(map(is_name, covered.shared)):
            return None  # "all Weber gas grills": gas is no line
    product_type = next(
        (product_type for product_type in listing.product_types if product_type in product.parts.product_types), None
    )
    head = next((word for word in sorted(product.parts.heads) if word in listing.words), None)
    unsure = unsure_kind(product.parts, listing) if product_type is None and head is None else None
    if product_type is None and head is None and unsure is None:
        return None
    if (recall.models or product.models) and not recall.every:
        return None  # the numbers say which models they are
    share = share_of(recall, product_index)
    span = listing.product_types[product_type] if product_type else unsure[1] if unsure else listing.words[head or ""]
    return found(
        "name_plain", f"The recall covers {product.name[:80]} without naming certain models.", None, span, share=share
    )


def share_of(recall: RecallReading, product_index: int) -> float:
    """All of it where all are affected; else much for a maker of few products whose recall has no limits."""
    if recall.every:
        return 1.0
    return UNSURE + (1 - UNSURE) * (1 - recall.breadth) * (1 - recall.limits(product_index)[0])
