"""The recall covers only some of a maker's products of this type, and the listing states none of the facts that limit
it: brand and product type alone make a question, not a flag."""

from listings.matching.identifiers import is_standard
from listings.matching.listing import ListingReading
from listings.matching.pair import brand_word, coverage, is_host, is_own_name, names_a_model, same_number
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("limits_not_stated",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Grows with how much limits the recall (its models, names in its description, else how much it describes), and
    shrinks with what the listing has of the product's own name; nothing where the recall says that all are affected."""
    if recall.every or is_host(recall, listing) or same_number(recall, product_index, listing):
        return None
    if names_a_model(recall, product_index, listing):
        return None
    limited, by = recall.limits(product_index)
    share = limited * (1 - _named(recall, product_index, listing)) * _breadth(recall, listing)
    if share <= 0 or _describes(recall, listing):
        return None
    detail = f"The recall is limited to {by}, which the listing does not mention. Ask the seller."
    return found("limits_not_stated", detail, None, None, share=share)


def _breadth(recall: RecallReading, listing: ListingReading) -> float:
    """The brand of a maker of many products is weak evidence; for a hardly known maker, brand and product type are
    strong."""
    return 1.0 if brand_word(recall, listing) is None else max(MIN_SHARE, recall.breadth)


def _named(recall: RecallReading, product_index: int, listing: ListingReading) -> float:
    """How much of a name of its own the listing has, from 0 to 1: names count in full, ordinary words in part."""
    covered = coverage(recall, product_index, listing)
    if covered is None:
        return 0.0
    words = recall.products[product_index].name_words
    distinctive = sum(
        words[word].weight ** 2 * (1.0 if is_own_name(recall, word) else ORDINARY) for word in covered.shared
    )
    return min(1.0, distinctive) * covered.share


def _describes(recall: RecallReading, listing: ListingReading) -> bool:
    """Whether it has a name of the recall's description; a printed brand is one beside the firm's name only."""
    if not recall.described_pairs.keys().isdisjoint(listing.title_pairs):
        return True
    named = {word for word in listing.words if word in recall.described and word not in listing.joined}
    named = {word for word in named if not is_standard(word)}  # bulbs of all makers are "A19"
    return bool(named) and named != {brand_word(recall, listing)}


MIN_SHARE = 0.15  # share for a maker of whom nothing else is known
ORDINARY = 0.5  # an ordinary word of a name limits less: "digital clamp meter" is what others make, too
