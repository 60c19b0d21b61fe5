"""An accessory or spare part for the product is not the product."""

from listings.matching.lexicon import ACCESSORY_WORDS
from listings.matching.listing import ListingReading
from listings.matching.normalise import words
from listings.matching.pair import is_host
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
    if parts.things & listing.things.keys() and not phrase_in(listing, "accessory_description"):
        named = next(span for thing, span in listing.things.items() if thing in parts.things)
        if (
            named.start < listing.goes_with
            and not parts.things.isdisjoint(listing.things)
            and _comes_first(named, listing)
        ):
            return None
    span, share = phrase_in(listing, "accessory", title_only=True), 1.0
    if span is None:
        span, share = phrase_in(listing, "accessory_description"), DESCRIBED
    if span is None:
        span, share = _one_word(listing), ONE_WORD
    if span is None or any(word.text in parts.words for word in words(span.text)[:1]):
        return None
    return found(
        "accessory", f"“{span.text.strip()}”: it goes with the product, it is not the product.", None, span, share=share
    )


def _one_word(listing: ListingReading) -> Span | None:
    """An accessory's word in the title, before what comes along with it, or in the category."""
    for word in listing.title_words:
        if word.text in ACCESSORY_WORDS and word.start < listing.extras:
            return Span("title", word.start, word.end, listing.text.title[word.start : word.end])
    return None


def _comes_first(named: Span, listing: ListingReading) -> bool:
    return not any(word.text in ACCESSORY_WORDS and word.start < named.start for word in listing.title_words)
