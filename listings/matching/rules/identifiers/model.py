"""The same model number, however it is spaced or spelt (O for 0, I for 1)."""

from listings.matching.listing import ListingReading
from listings.matching.pair import brand_word, contradicted, is_of_another, named_model
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("same_model", "same_model_and_brand", "same_short_model", "model_in_description")

LONG, LONG_DIGITS = 5, 6
MAX_SHARE = 1.7
LONGER, LONGEST = {5: 1.0, 6: 1.2, 7: 1.45}, MAX_SHARE  # shares of equal letters and digits by their number
WITH_BRAND, WITH_BRAND_DIGITS = 4, 4
ENDING_AFTER = 3  # letters and digits before an ending


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Equal numbers; a short or all-digit one counts less unless the brand is there too, and least where only the
    listing's description names it."""
    if contradicted(recall, product_index, listing) is not None:
        return None
    branded: bool | None = None
    best: Evidence | None = None
    for number, span in listing.models.items():
        stated = named_model(recall, product_index, number) or _covered(recall, number)
        known = stated or recall.stems.get(number)
        if known is None:
            continue
        if branded is None:
            branded = brand_word(recall, listing) is not None and not is_of_another(recall, listing)
        digits = number.isdigit()
        sure = len(number) >= (LONG_DIGITS if digits else LONG) or (
            branded and len(number) >= (WITH_BRAND_DIGITS if digits else WITH_BRAND)
        )
        if digits and len(number) < LONG_DIGITS and number.endswith("00"):
            sure = False  # "1500" counts watts, inches or hours as often as it names a model
        if stated is None:
            sure = False  # without its last letters, it may be a model of its own
        if not sure and _has_letter_for_digit(known.text, span.text):
            continue  # "L100" is not 1100
        written = "" if span.text == known.text else f", written {span.text}"
        share = LONGER.get(len(number), LONGEST) if sure and not digits and len(number) >= LONG else 1.0
        evidence = found(
            ("same_model_and_brand" if branded else "same_model") if sure else "same_short_model",
            f"Same model number {known.text[:60]}{written}.",
            known,
            span,
            share=share,
        )
        if best is None or evidence.weight > best.weight:
            best = evidence
    if best is not None:
        return best
    for number, span in listing.more_models.items():
        if len(number) >= LONG and (known := named_model(recall, product_index, number)) is not None:
            return found("model_in_description", f"The description mentions the model {span.text}.", known, span)
    return None


def _has_letter_for_digit(known: str, written: str) -> bool:
    """Whether one of two equal numbers has digits alone and the other a letter in place of one: in a short number that is
    rather another number than a slip of the pen."""
    one, other = ("".join(filter(str.isalnum, each)) for each in (known, written))
    return len(one) == len(other) and one.isdigit() != other.isdigit()


def _covered(recall: RecallReading, number: str) -> Span | None:
    """The beginning or the ending of recalled numbers that this one has."""
    for start, span in recall.beginnings.items():
        if number.startswith(start) and len(number) > len(start):
            return span
    for end, span in recall.endings.items():
        if number.endswith(end) and len(number) >= len(end) + ENDING_AFTER and not number.isdigit():
            return span
    return None
