"""A toy, a miniature or a model of the product is not the product."""

import re

from listings.matching.lexicon import TOY_KINDS
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence, Span

SIGNALS = ("toy",)

FIRST_SENTENCE = 300  # characters
_NOT = re.compile(
    r"\b(?:not|no|isn't|kein(?:e|em|en)?|nicht|pas|non|geen|nie|не|inte|ikke|ei|değil)(?: (?:an?|the|un[ae]?|ein(?:e|en)?|de|es|è|est|just|only)){0,2}\s*$"
)
APART = 3  # words between the kind and "toys"


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Nothing where the recalled product is a toy itself, or its own text has the word."""
    span = phrase_in(listing, "toy", title_only=True)
    if span is not None and _NOT.search(listing.lowered["title"], 0, span.start):
        span = None
    if span is None or span.start >= listing.extras:
        return None
    parts = recall.products[product_index].parts
    if _is_category(span, listing, parts.product_types):
        return None
    if not TOY_KINDS.isdisjoint(parts.parts) or _says(recall, span.text):
        return None
    return found("toy", f"“{span.text.strip()}”: a toy or model of the product, not the product itself.", None, span)


def _says(recall: RecallReading, phrase: str) -> bool:
    """Whether the recall says so of its own product, in its names or in the first sentence."""
    names = " ".join((recall.text.title, *(product.name for product in recall.products))).lower()
    first = recall.text.description[:FIRST_SENTENCE].partition(". ")[0].lower()
    return "toy" in names or " toy" in first or phrase.lower().removesuffix("s") in names


def _is_category(span: Span, listing: ListingReading, kinds: frozenset[str]) -> bool:
    """Whether "toys", in the plural, is a word to be found by ("scooter kids ride-on outdoor sports toys"): well behind
    the recalled kind, where nothing says that it is one."""
    if span.text.strip().lower() != "toys":
        return False
    ends = [named.end for kind, named in listing.product_types.items() if kind in kinds and named.end < span.start]
    between = [word for word in listing.title_words if ends and max(ends) < word.start < span.start]
    return len(between) >= APART
