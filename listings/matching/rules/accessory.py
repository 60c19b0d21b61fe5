"""An accessory or spare part for the product is not the product."""

from listings.matching.lexicon import ACCESSORY_WORDS
from listings.matching.listing import ListingReading
from listings.matching.normalise import words
from listings.matching.pair import accessory_word, is_host
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence, Span

SIGNALS = ("accessory",)

ONE_WORD = 0.6
DESCRIBED = 0.7


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """A phrase ("replacement strap for") in full, one word ("sleeve", "toner") in part; nothing where the recall itself
    is about such a thing."""
    parts = recall.products[product_index].parts
    if is_host(recall, listing):
        return None
    named = next((span for thing, span in listing.things.items() if thing in parts.things), None)
    if named is not None and accessory_word(listing, named) is None and not phrase_in(listing, "accessory_description"):
        return None
    span, share = phrase_in(listing, "accessory", title_only=True), 1.0
    if span is None:
        span, share = phrase_in(listing, "accessory_description"), DESCRIBED
    if span is None:
        span, share = _one_word(listing, named), ONE_WORD
    if span is None or any(word.text in parts.words for word in words(span.text)[:1]):
        return None
    return found(
        "accessory", f"“{span.text.strip()}”: it goes with the product, it is not the product.", None, span, share=share
    )


def _one_word(listing: ListingReading, named: Span | None) -> Span | None:
    """An accessory's word in the title before what comes along with it; near the thing, where the title names that."""
    if named is not None:
        return accessory_word(listing, named)
    for word in listing.title_words:
        if word.text in ACCESSORY_WORDS and word.start < listing.extras:
            return Span("title", word.start, word.end, listing.text.title[word.start : word.end])
    return None
