"""How telling the shared words are: two rare ones say more than five common ones."""

from listings.matching.lexicon import rarity
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

FULL = 2.0  # squared rarities of the shared words at which the evidence is complete


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Squared rarities of the words of name and brand that the listing's title or brand has, up to FULL."""
    named = recall.products[product_index].name_words
    shared = {word: weight for word, (weight, _) in named.items() if word in listing.words}
    shared |= {word: rarity(word) for word in recall.brands if word in listing.words}
    told = sum(weight * weight for weight in shared.values())
    if told == 0:
        return None
    rarest = max(shared, key=lambda word: (shared[word], word))
    span = named[rarest][1] if rarest in named else recall.brands[rarest]
    says = f"Shared words: {', '.join(sorted(shared, key=lambda word: -shared[word])[:5])}."
    return found("rare_words", says, span, listing.words[rarest], share=min(1.0, told / FULL))
