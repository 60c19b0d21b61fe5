"""The same model number, however it is spaced or spelt (O for 0, I for 1)."""

from listings.matching.identifiers import is_measure
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Equal model numbers; a short or all-digit one counts less unless the brand is there too, one that only the description names least."""
    stated = recall.models | recall.products[product_index].models
    branded = any(word in listing.words for word in recall.brands)
    best: Evidence | None = None
    for number, span in listing.models.items():
        if number not in stated or is_measure(number):
            continue
        sure = (len(number) >= 5 and not number.isdigit()) or len(number) >= 6 or (branded and len(number) >= 4)
        signal = "model_equal" if sure else "model_equal_short"
        written = "" if span.text == stated[number].text else f", written {span.text}"
        evidence = found(signal, f"Same model number {stated[number].text[:60]}{written}.", stated[number], span)
        if best is None or evidence.weight > best.weight:
            best = evidence
    if best is not None:
        return best
    for number, span in listing.more_models.items():
        if number in stated and len(number) >= 5:
            return found("model_in_description", f"The description names the model {span.text}.", stated[number], span)
    return None
