"""The same GTIN on both sides: the same product, whatever the title says, unless the code cannot be trusted."""

from listings.matching.lexicon import PRODUCT_TYPES, rarity
from listings.matching.listing import ListingReading
from listings.matching.names import STRONG_FROM
from listings.matching.pair import brand_word
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("same_gtin", "doubtful_gtin")

MIN_TOLD = 3  # distinctive words of a title that say what it is of


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """In full for a code that is given to one product in the world; as a hint for one that others may carry (a shop's
    own number, eight digits, a placeholder), and where the listing states a different brand and product type: then the
    seller took another product's code, or the feed mixed them up."""
    if not listing.gtins:
        return None
    product = recall.products[product_index]
    hint: Evidence | None = None
    for number, span in listing.gtins.items():
        known = product.gtins.get(number) or recall.gtins.get(number)
        if known is None:
            continue
        doubt = (
            listing.doubted.get(number) or product.doubted.get(number) or _contradiction(recall, product_index, listing)
        )
        if not doubt:
            return found("same_gtin", f"Same GTIN {number}.", known, span)
        hint = hint or found("doubtful_gtin", f"Same code {number}, but not proof by itself: {doubt}.", known, span)
    return hint


def _contradiction(  # noqa: PLR0911  one for each answer
    recall: RecallReading, product_index: int, listing: ListingReading
) -> str:
    """Why a code is doubtful that two different products carry."""
    parts = recall.products[product_index].parts
    if not recall.brand_names or not listing.brand_words:
        return ""
    if brand_word(recall, listing) is not None or any(word in recall.all_words for word in listing.brand_words):
        return ""
    told = {word.text for word in listing.title_words if word.text.isascii() and rarity(word.text) >= STRONG_FROM}
    if len(told) >= MIN_TOLD and recall.all_words.isdisjoint(told):
        return "the listing has a different brand and mentions nothing that the recall mentions"
    if not parts.product_types or not listing.product_types:
        return ""
    if any(product_type in parts.parts for product_type in listing.product_types):
        return ""
    own: dict[str, Span] = listing.own_words
    if any(word in own for word in parts.words if word not in PRODUCT_TYPES):
        return ""
    return "the listing has a different brand and product type"
