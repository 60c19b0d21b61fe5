"""From evidence to a score, a band and a match."""

import math

from listings.matching.contested import SIGNAL, undecided
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules import MAX_WEIGHTS, RULES
from listings.matching.rules.base import WEIGHTS
from listings.matching.texts import Match

FLAG_FROM, ASK_FROM = 0.4, 0.2
HOPELESS = math.log(ASK_FROM / (1 - ASK_FROM))  # log-odds below which a pair is not worth asking about


_MAX_LATER = [sum(MAX_WEIGHTS[rule.name] for rule in RULES[place + 1 :]) for place in range(len(RULES))]


def compare(
    recall: RecallReading,
    listing: ListingReading,
    without: frozenset[str] = frozenset(),
    *,
    at_least: float = -math.inf,
) -> Match | None:
    """Compare `listing` with the best-fitting product of `recall`; None without evidence for a match, or as soon as it
    is certain that the log-odds stay below `at_least`.

    The score is the probability that belongs to the sum of all weights and the prior; flag from 0.4, ask from 0.2.
    Signals in `without` are left out, as if their rules had found nothing. Depends on these two texts and on `without`
    alone, so it is the same whichever way the pair was found.
    """
    index = best_product(recall, listing)
    total = WEIGHTS["prior"]
    evidence = []
    for rule, later in zip(RULES, _MAX_LATER, strict=True):
        item = rule.check(recall, index, listing)
        if item is not None and item.signal not in without:
            evidence.append(item)
            total += item.weight
        if total + later < at_least:
            return None
    if not any(item.weight > 0 for item in evidence):
        return None
    if SIGNAL not in without and (doubt := undecided(recall, listing, total, FLAG_FROM)) is not None:
        evidence.append(doubt)
        total += doubt.weight
    score = round(1 / (1 + math.exp(-total)), 4)
    band = "flag" if score >= FLAG_FROM else "ask" if score >= ASK_FROM else "no"
    return Match(recall.number, listing.id, index, score, band, tuple(evidence))


def best_product(recall: RecallReading, listing: ListingReading) -> int:
    """The product whose identifiers or name words the listing shares most; the first one of equals."""
    if len(recall.products) == 1:
        return 0
    best, best_value = 0, -1.0
    words, gtins, models = listing.words, listing.gtins, listing.models
    for product in recall.products:
        value = 10.0 * (not product.gtins.keys().isdisjoint(gtins)) + 5.0 * (
            not product.models.keys().isdisjoint(models)
        )
        total = covered = 0.0
        if not product.parts.words.keys().isdisjoint(words):
            for word, distinctive in product.parts.words.items():
                total += distinctive.weight
                covered += distinctive.weight if word in words else 0.0
            value += covered * (covered / total if total else 0.0)
        if value > best_value:
            best, best_value = product.index, value
    return best
