"""Another model: the recall names its models, and the listing states one that is none of them."""

from listings.matching.identifiers import is_measure
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    product = recall.products[product_index]
    stated = recall.models | product.models
    if not stated or not listing.models or recall.is_component:
        return None
    if any(number in stated for number in listing.models) or any(number in stated for number in listing.more_models):
        return None
    for number, span in listing.models.items():
        if is_measure(number) or number in recall.all_words or " " in span.text or len(number) < 4:
            continue
        if any(number.startswith(known) or known.startswith(number) for known in stated if len(known) >= 4 and len(number) >= 4):
            return None
        if number.isdigit() and span.field == "title":
            continue
        shown = next(iter(stated.values()))
        return found("other_model", f"The listing says {span.text}; the recall names {shown.text[:40]}.", shown, span)
    return None
