"""From evidence to a score, a band and a match."""

import math
from collections.abc import Sequence

from listings.matching.contested import SIGNAL, undecided
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules import MAX_WEIGHTS, RULES
from listings.matching.rules.base import CALIBRATION, WEIGHTS
from listings.matching.texts import Evidence, Match

FLAG_FROM, ASK_FROM = 0.4, 0.2
HOPELESS = math.log(ASK_FROM / (1 - ASK_FROM))  # log-odds below which a pair is not worth asking about
SCORE_DIGITS = 4
SUREST = 0.01  # nearer to 0 and 1 too few were judged to promise more
NO_FLAG = math.log((FLAG_FROM - 10**-SCORE_DIGITS) / (1 - FLAG_FROM + 10**-SCORE_DIGITS))
"""Log-odds below which a pair is certainly not flagged, however its score is rounded."""

_DEAR = (
    "name_line",
    "whole",
    "product_type",
    "brand",
    "limits",
    "name_model",
    "other_model",
    "name_missing",
    "title_fits",
)
"""Rules that cost more than others: asked behind the cheap ones that speak for a match, as most pairs are hopeless by
then, and before those that can only lower what is left."""


def _turn(place: int) -> tuple[int, int]:
    name = RULES[place].name
    if name in _DEAR:
        return 1, _DEAR.index(name)
    return (0 if MAX_WEIGHTS[name] > 0 else 2), place


_TURNS = sorted(range(len(RULES)), key=_turn)
_MAX_LATER = [sum(MAX_WEIGHTS[RULES[place].name] for place in _TURNS[turn + 1 :]) for turn in range(len(_TURNS))]
_CHECKS = [(place, RULES[place].check, later) for place, later in zip(_TURNS, _MAX_LATER, strict=True)]
_ROUNDING = 1e-9  # sums in another order differ by less
_MERE_WORD = frozenset({"not_affected", "replacement_for_recalled"})
"""What a seller alone says, and whoever sells the recalled product would say as well."""
_NAMES_IT = frozenset({"same_brand", "misspelled_brand", "same_model", "same_model_and_brand", "same_gtin"})
_ASKED = math.log(FLAG_FROM / (1 - FLAG_FROM)) - 0.01  # log-odds of a match that would be flagged and is asked about


def compare(
    recall: RecallReading,
    listing: ListingReading,
    without: frozenset[str] = frozenset(),
    *,
    beside: Sequence[Evidence] = (),
    at_least: float = -math.inf,
) -> Match | None:
    """Compare `listing` with the best-fitting product of `recall`; None without evidence for a match, or as soon as it
    is certain that the log-odds stay below `at_least`.

    The score is the probability that belongs to the sum of all weights and the prior; flag from 0.4, ask from 0.2. Of what
    share of such matches is right, `share_right` tells.
    What would be flagged but for the seller's mere word that it is not affected, or is sold instead, is asked about.
    Signals in `without` are left out, as if their rules had found nothing; `beside` is evidence of elsewhere. Depends on
    these two texts and on both alone, so it is the same whichever way the pair was found.
    """
    index = best_product(recall, listing)
    given = sum(item.weight for item in beside)
    total = WEIGHTS["prior"] + given
    given_up = at_least - _ROUNDING
    found: list[tuple[int, Evidence]] = []
    for place, check, later in _CHECKS:
        item = check(recall, index, listing)
        if item is not None and item.signal not in without:
            found.append((place, item))
            if item.signal not in _MERE_WORD:
                total += item.weight
        if total + later < given_up:
            return None
    evidence = [*beside, *(item for _, item in sorted(found, key=_place))]
    if any(item.signal in _MERE_WORD for item in evidence):
        evidence = _doubted(evidence)
    total = WEIGHTS["prior"]
    for item in evidence:
        total += item.weight  # in the order of the rules, so that the score is the same to the last digit
    if total < at_least:
        return None
    if not any(item.weight > 0 for item in evidence):
        return None
    if SIGNAL not in without and (doubt := undecided(recall, listing, total, FLAG_FROM)) is not None:
        evidence.append(doubt)
        total += doubt.weight
    score = round(1 / (1 + math.exp(-total)), SCORE_DIGITS)
    band = "flag" if score >= FLAG_FROM else "ask" if score >= ASK_FROM else "no"
    return Match(recall.number, listing.id, index, score, band, tuple(evidence))


def share_right(score: float) -> float:
    """The share that is right of the matches with this score, from 0 to 1, as fitted to labelled pairs (benchmarks/judged.py).

    The score weighs evidence, by weights that were fitted to sets in which right pairs are many; this is what to expect of
    a catalogue. It rises with the score, so no order changes.
    """
    sure = min(max(score, SUREST), 1 - SUREST)
    return 1 / (1 + (1 - sure) / sure * math.exp(-CALIBRATION))


def _doubted(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence with no more weight on the seller's mere word than makes a question of what would be flagged."""
    words = [item for item in evidence if item.signal in _MERE_WORD and _is_of_itself(item, evidence)]
    word = sum(item.weight for item in words)
    total = WEIGHTS["prior"] + sum(item.weight for item in evidence) - word
    if not word or total <= _ASKED:
        return list(evidence)
    share = (_ASKED - total) / word
    return [
        Evidence(item.signal, round(item.weight * share, 4), *item[2:]) if item in words else item for item in evidence
    ]


def _is_of_itself(word: Evidence, evidence: Sequence[Evidence]) -> bool:
    """Whether a seller's word is about the product that the title names ahead of it; what "replaces the recalled
    Hearthline" is another maker's, where it does not say Hearthline first."""
    if word.signal != "replacement_for_recalled" or word.listing_span is None or word.listing_span.field != "title":
        return True
    named = (item.listing_span for item in evidence if item.weight > 0 and item.signal in _NAMES_IT)
    return any(span is not None and (span.field != "title" or span.start < word.listing_span.start) for span in named)


def _place(found: tuple[int, Evidence]) -> int:
    return found[0]


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
