"""The brand: equal, misspelt, another one, or not stated."""

from rapidfuzz.distance import DamerauLevenshtein

from listings.matching.lexicon import THINGS, rarity
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """A brand's word in the listing speaks for, the more the rarer; another stated brand speaks against."""
    if not recall.brands:
        return None
    shared = [word for word in recall.brands if word in listing.words]
    if shared:
        word = max(shared, key=rarity)
        share = min(1.0, 0.4 + 0.75 * rarity(word))
        return found("brand_equal", f"Same brand {listing.words[word].text}.", recall.brands[word], listing.words[word], share=share)
    for word in recall.brands:
        if len(word) < 5:
            continue
        for other, span in listing.words.items():
            if abs(len(other) - len(word)) > 2 or len(other) < 5 or other[0] != word[0] and other[1:3] != word[1:3]:
                continue
            allowed = 1 if len(word) < 8 else 2
            if DamerauLevenshtein.distance(word, other, score_cutoff=allowed) <= allowed and rarity(other) > 0.75:
                return found("brand_misspelt", f"{span.text} is close to the brand {recall.brands[word].text[:40]}.", recall.brands[word], span)
    name = recall.products[product_index].name_words
    if listing.brand_words and not any(word in name or word in recall.all_words for word in listing.brand_words):
        first = next(iter(recall.brands.values()))
        telling = [word for word in listing.brand_words if word not in THINGS]
        if telling:
            return found("brand_other", f"The listing's brand is {listing.text.brand[:60]}.", first, listing.words[telling[0]])
    return found("brand_not_stated", "The listing does not name the recall's brand.", next(iter(recall.brands.values())), None)
