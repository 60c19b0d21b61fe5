"""The product's name is, or contains, a model number ("EOS T4i"), and the listing has another or none."""

from listings.matching.identifiers import is_measure
from listings.matching.listing import ListingReading
from listings.matching.pair import is_host, names_a_model
from listings.matching.recall import ProductReading, RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("model_of_name_missing",)

NONE_STATED = 0.5
SHORTEST = 4  # letters and digits of a number that a title may have in two pieces: of "XP 4" nothing is read there


def named_in(product: ProductReading) -> dict[str, Span]:
    """The model numbers in the product's own name."""
    return {
        number: span
        for number, span in product.models.items()
        if span.field == "product" and not is_measure(number) and not (" " in span.text and len(number) < SHORTEST)
    }


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """In full where the listing states another number, in part where it states none."""
    product = recall.products[product_index]
    named = named_in(product)
    if not named or is_host(recall, listing):
        return None
    if names_a_model(recall, product_index, listing):
        return None
    if any(number in listing.words or number in listing.more_words for number in named):
        return None
    other = next(
        (span for number, span in listing.models.items() if not is_measure(number) and " " not in span.text), None
    )
    shown = next(iter(named.values()))
    detail = f"The product name has the model {shown.text}" + (
        f"; the listing says {other.text}." if other else ", which the listing does not mention."
    )
    return found("model_of_name_missing", detail, shown, other, share=1.0 if other else NONE_STATED)
