"""Another model: the recall names its models, and the listing states one that is none of them."""

from listings.matching.identifiers import is_measure
from listings.matching.listing import ListingReading
from listings.matching.memo import remembered
from listings.matching.pair import is_host, names_a_model
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("other_model",)

OF_ITS_OWN_SHAPE = 0.5  # a model number that is built quite differently may be another numbering of the same thing
EVERY = 0.25  # where the recall says that all models are affected


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """In full where both numbers are built alike (HL-200R, HL-300R)."""
    product = recall.products[product_index]
    if not listing.models or not (recall.models or product.models) or is_host(recall, listing):
        return None
    if names_a_model(recall, product_index, listing):
        return None
    stated = recall.models | product.models
    if any(number.startswith(start) for number in listing.models for start in recall.beginnings):
        return None
    best: tuple[float, Span, Span] | None = None
    for number, span in listing.models.items():
        if (
            (is_measure(number) and span.field != "mpn")
            or number in recall.all_words
            or " " in span.text
            or len(number) < 3
        ):
            continue
        if number.isdigit() and span.field == "title":
            continue
        if len(number) >= 4 and any(known.startswith(number[:4]) and _begins(known, number) for known in stated):
            return None
        shape = _shape(number)
        alike = next(
            (where for known, where in stated.items() if len(known) == len(number) and _shape(known) == shape), None
        )
        share = 1.0 if alike else OF_ITS_OWN_SHAPE
        if best is None or share > best[0]:
            best = (share, alike or next(iter(stated.values())), span)
    if best is None:
        return None
    share, known, span = best
    says = f"The listing says {span.text}; the recall names {known.text[:40]}."
    return found("other_model", says, known, span, share=share * (EVERY if recall.every else 1.0))


def _begins(known: str, number: str) -> bool:
    return len(known) >= 4 and (number.startswith(known) or known.startswith(number))


@remembered
def _shape(number: str) -> str:
    """AB-12C as "ab99a": letters at the beginning as they are, digits as 9."""
    head = len(number) - len(number.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return number[:head] + "".join("9" if character.isdigit() else "a" for character in number[head:])
