"""How much of one product's name the listing covers, rare words counting most."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

EXPECTED = 0.45  # the share that says nothing either way
DESCRIPTION_SHARE = 0.4  # a word in the description tells less than one in the title
ENOUGH = 1.0  # squared rarities of a name that fully counts; "cargo bike" has less


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Coverage of the name, weighed by squared rarity; below what is expected it speaks against."""
    product = recall.products[product_index]
    total = covered = 0.0
    best: tuple[float, str] = (0.0, "")
    for word, (weight, _) in product.name_words.items():
        value = weight * weight
        total += value
        if word in listing.words:
            covered += value
            best = max(best, (weight, word))
        elif word in listing.more_words:
            covered += value * DESCRIPTION_SHARE
    if total == 0:
        return None
    coverage = covered / total
    told = min(1.0, total / ENOUGH)  # a name of common words tells little even when all of it is there
    share = (coverage - EXPECTED) * (told if coverage > EXPECTED else 1.0)
    says = f"{coverage:.0%} of the product's name stands in the listing."
    word = best[1]
    if not word:
        return found("name_words", says, None, None, share=share)
    return found("name_words", says, product.name_words[word][1], listing.words[word], share=share)
