"""From evidence to a score, a band and a match."""

import math

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules import FOR_AND_AGAINST, ONLY_AGAINST
from listings.matching.rules.base import WEIGHTS
from listings.matching.texts import Match

FLAG_FROM, ASK_FROM = 0.4, 0.25
HOPELESS = -1.5  # log-odds below which no further rule, all of them against, can matter


def compare(recall: RecallReading, listing: ListingReading) -> Match | None:
    """How `listing` stands to the best-fitting product of `recall`; None where nothing speaks for it.

    The score is the probability that belongs to the sum of all weights and the prior; flag from 0.4, ask from 0.25.
    Depends on these two texts alone, so it is the same whichever way the pair was found.
    """
    index = _best_product(recall, listing)
    evidence = [item for rule in FOR_AND_AGAINST if (item := rule(recall, index, listing)) is not None]
    total = WEIGHTS["prior"] + sum(item.weight for item in evidence)
    if total < HOPELESS:
        return None
    evidence += [item for rule in ONLY_AGAINST if (item := rule(recall, index, listing)) is not None]
    total = WEIGHTS["prior"] + sum(item.weight for item in evidence)
    score = round(1 / (1 + math.exp(-total)), 4)
    band = "flag" if score >= FLAG_FROM else "ask" if score >= ASK_FROM else "no"
    return Match(recall.number, listing.id, index, score, band, tuple(evidence))


def _best_product(recall: RecallReading, listing: ListingReading) -> int:
    """The product whose identifiers or name words the listing shares most; the first one of equals."""
    if len(recall.products) == 1:
        return 0
    best, best_value = 0, -1.0
    for product in recall.products:
        value = 10.0 * any(number in product.gtins for number in listing.gtins) + 5.0 * any(number in product.models for number in listing.models)
        total = covered = 0.0
        for word, (weight, _) in product.name_words.items():
            total += weight
            covered += weight if word in listing.words else 0.0
        value += covered * (covered / total if total else 0.0)
        if value > best_value:
            best, best_value = product.index, value
    return best
