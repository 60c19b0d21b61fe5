"""The words that distinguish this product from others of its brand and type: how many of them the listing has."""

from listings.matching.listing import ListingReading
from listings.matching.pair import coverage, names_line
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("name_line", "name_words")

FROM = 0.4  # coverage below which the words that are there say nothing
WHOLE, WHOLE_COUNTS = 0.95, 0.75  # a whole name of several words is strong evidence, however plain they are
ENOUGH, MAX_SHARE = 1.0, 1.5  # squared rarities from which a name counts in full, and what the longest counts


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Grows with coverage and with how distinctive the name is: "Sunny CS" more than "cargo"; a name of ordinary words
    only ("bagless upright") has a weight of its own."""
    covered = coverage(recall, product_index, listing)
    if covered is None or covered.share <= FROM or not covered.shared:
        return None
    words = recall.products[product_index].name_words
    word = max(covered.shared, key=lambda word: (words[word].weight, word))
    distinctive = min(MAX_SHARE, covered.worth / ENOUGH)
    if covered.share > WHOLE and len(covered.shared) > 1:
        distinctive = max(distinctive, WHOLE_COUNTS)
    share = (covered.share - FROM) / (1 - FROM) * distinctive
    detail = f"The listing has {covered.share:.0%} of the product name: {', '.join(covered.shared[:6])}."
    signal = "name_line" if names_line(recall, covered) else "name_words"
    return found(signal, detail, words[word].span, listing.place_of(word), share=share)
