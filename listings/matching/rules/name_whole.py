"""(Nearly) the whole name of one product stands in the title: far more than the sum of its words."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

WHOLE = 0.75  # of the squared rarities of the name
ENOUGH = 1.6


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Counts in full for a name with much rarity in it, in part for a plainer one, and not at all below three quarters."""
    product = recall.products[product_index]
    total = sum(weight * weight for weight, _ in product.name_words.values())
    covered = sum(weight * weight for word, (weight, _) in product.name_words.items() if word in listing.words)
    if total == 0 or covered / total < WHOLE or len(product.name_words) < 2:
        return None
    share = min(1.0, total / ENOUGH) * (covered / total)
    return found("name_whole", f"The listing has the product's name: {product.name[:80]}.", None, None, share=share)
