"""Models that a recall lists both as recalled and as not recalled: a question for its writer and for the moderator."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from listings.matching.normalise import canonical_model
from listings.matching.texts import Corrections, Evidence, Span

if TYPE_CHECKING:
    from listings.matching.listing import ListingReading
    from listings.matching.recall import RecallReading

SIGNAL = "model_contested"
Models = dict[str, Span]


def contested_models(
    named: Mapping[str, Span], left_out: Mapping[str, Span], fields: Iterable[Mapping[str, Span]], said: Corrections
) -> tuple[dict[str, tuple[Span, Span]], Models]:
    """The models listed both ways, with both places; and the models that are clearly not recalled.

    What a person corrected is decided. A product's own field is what the regulator filled in, so its number is
    recalled, but the contradiction is still reported.
    """
    in_fields = {number: span for each in fields for number, span in each.items()}
    decided = {canonical_model(given) for given in said.excluded.add} - {
        canonical_model(given) for given in said.models.add
    }
    recalled = {**named, **in_fields}
    both = {
        number: (recalled[number], span)
        for number, span in left_out.items()
        if number in recalled and number not in decided
    }
    return both, {number: span for number, span in left_out.items() if number not in both}


def undecided(recall: "RecallReading", listing: "ListingReading", total: float, flag_from: float) -> Evidence | None:
    """Evidence that lowers a match to the band "ask", if the recall lists the listing's model both ways.

    `total` are the log-odds of everything else. None where they do not reach a flag, where the listing has a recalled
    model besides or one that a product's own field names, or the same GTIN.
    """
    most = math.log(flag_from / (1 - flag_from)) - 0.01
    if total <= most or not recall.contested:
        return None
    doubtful = [number for number in listing.models if number in recall.contested]
    sure = {number for product in recall.products for number in product.models}
    sure |= recall.models.keys() - recall.contested.keys()
    if not doubtful or not sure.isdisjoint(listing.models) or not recall.all_gtins().keys().isdisjoint(listing.gtins):
        return None
    where = recall.contested[doubtful[0]][1]
    detail = (
        f"The recall lists {where.text[:60]} both as recalled and as not recalled. Ask the regulator which is right."
    )
    return Evidence(SIGNAL, round(most - total, 4), where, listing.models[doubtful[0]], detail)
