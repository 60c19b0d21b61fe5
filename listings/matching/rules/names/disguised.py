"""Look-alike letters or invisible characters in a word that the recall names: the seller hides the product."""

from listings.matching.listing import ListingReading
from listings.matching.normalise import HIDDEN_FROM
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("disguised",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    named = recall.products[product_index].name_words
    for word, span in listing.disguised.items():
        if len(word) >= HIDDEN_FROM and (word in recall.brands or word in named):
            return found("disguised", f"“{span.text}” is “{word}” in look-alike characters.", None, span)
    return None
