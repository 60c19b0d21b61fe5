"""Names that are in the recall's description, but not in the product's name: a style, a character, a series."""

from listings.matching.lexicon import rarity
from listings.matching.listing import ListingReading
from listings.matching.pair import brand_word
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("described", "described_line")

ENOUGH = 1.6  # squared rarities


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: ARG001  every rule is called alike
    """Rare names of the description, or a name of two words, in the listing's title or brand; such a name beside the
    brand is a product line that the recall lists ("the Prima Pappa")."""
    pair = next((pair for pair in recall.described_pairs if pair in listing.title_pairs), None)
    if pair is not None:
        detail = f"The recall's description mentions {recall.described_pairs[pair].text}."
        signal = "described_line" if brand_word(recall, listing) else "described"
        return found(signal, detail, recall.described_pairs[pair], listing.title_pairs[pair])
    if recall.described.keys().isdisjoint(listing.words):
        return None
    shared = [word for word in listing.words if word in recall.described]
    distinctive = sum(rarity(word) ** 2 for word in shared)
    word = max(shared, key=lambda word: (rarity(word), word))
    detail = f"The recall's description also mentions {', '.join(shared[:5])}."
    return found("described", detail, recall.described[word], listing.words[word], share=min(1.0, distinctive / ENOUGH))
