"""A different model: the recall lists its models, and the listing states another one."""

from collections.abc import Iterable, Iterator

from listings.matching.identifiers import is_measure
from listings.matching.listing import ListingReading
from listings.matching.names import has_digit
from listings.matching.normalise import canonical_model, plain
from listings.matching.pair import built_alike, contradicted, is_host, names_a_model
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("other_model", "model_variant")

OF_ITS_OWN_SHAPE = 0.5  # a model number that is built quite differently may be another numbering of the same product,
# unless it is stated as the MPN
VARIANT = 3  # marks behind a recalled number that make another one of it
LOOSE = 5  # letters and digits of a number in pieces
EVERY = 0.25  # where the recall says that all models are affected


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: PLR0911  one for each answer
    """In full where both numbers are built alike (HL-200R, HL-300R)."""
    product = recall.products[product_index]
    if not listing.models or not (recall.models or product.models) or is_host(recall, listing):
        return None
    mpn = contradicted(recall, product_index, listing)
    if mpn is None and names_a_model(recall, product_index, listing):
        return None
    stated = recall.models | product.models
    if any(
        number.startswith(tuple(recall.beginnings)) or number.endswith(tuple(recall.endings))
        for number in listing.models
    ):
        return None
    best: tuple[float, Span, Span] | None = None
    for number, span in _numbers(recall, listing, stated) if mpn is None else [(mpn, listing.models[mpn])]:
        if mpn is None and any(_begins(known, number) for known in stated):
            if _is_variant(number, stated):
                near = next(where for known, where in stated.items() if _begins(known, number))
                detail = f"The listing says {span.text}, which is similar to {near.text[:40]}, but not the same."
                return found("model_variant", detail, near, span, share=EVERY if recall.every else 1.0)
            return None
        alike = next((where for known, where in stated.items() if built_alike(known, number)), None)
        share = 1.0 if alike or (span.field == "mpn" and not number.isdigit()) else OF_ITS_OWN_SHAPE
        if best is None or share > best[0]:
            best = (share, alike or next(iter(stated.values())), span)
    if best is None:
        return None
    share, known, span = best
    detail = f"The listing says {span.text}; the recall lists {known.text[:40]}."
    return found("other_model", detail, known, span, share=share * (EVERY if recall.every else 1.0))


def _numbers(recall: RecallReading, listing: ListingReading, stated: Iterable[str]) -> Iterator[tuple[str, Span]]:
    """The listing's numbers that name a model of their own: neither sizes nor words of the recall; in pieces ("HF 80 00")
    only where they are built like a recalled one."""
    own = canonical_model(listing.text.mpn)
    hidden = {(span.field, span.start) for span in listing.disguised.values()}
    for number, span in listing.models.items():
        is_stated = span.field == "mpn" or number == own
        if plain(span.text.lower()) in recall.brands:
            continue  # "4moms"
        if (span.field, span.start) in hidden:
            continue  # "Z3lpr1o"
        is_name = is_stated or not (is_measure(number) or number.isdigit())
        if not is_name or number in recall.all_words or len(number) < 3:
            continue
        if " " not in span.text or (
            len(number) >= LOOSE and not number[0].isdigit() and any(built_alike(known, number) for known in stated)
        ):
            yield number, span


def _begins(known: str, number: str) -> bool:
    return min(len(known), len(number)) >= 4 and (number.startswith(known) or known.startswith(number))


def _is_variant(number: str, stated: Iterable[str]) -> bool:
    """Whether the number is a recalled one with a mark or two more ("KX100T"), and the recall does not say that what
    begins so is recalled. What lacks marks of it may be the same said shortly."""
    return any(
        number.startswith(known) and has_digit(known) and 0 < len(number) - len(known) <= VARIANT for known in stated
    )
