"""What kind of thing it is, in any language of the lexicon: the same, another, or not said."""

from listings.matching.lexicon import BROAD_THINGS, THINGS, UNSURE_THINGS, WIDER
from listings.matching.listing import ListingReading
from listings.matching.names import Name
from listings.matching.pair import is_host
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("thing_same", "thing_other", "thing_not_stated")

BROAD = 0.65
RELATED = 0.4  # a toy, where the recall is about a rattle
PART_OF_NAME = 0.4  # a crib, where the recall is about crib mattresses
UNSURE = 0.8  # a word that names the kind in another language or sense: "chaise"
UNKNOWN_KIND = 0.8  # the last word of the name, where the lexicon does not know it


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The kinds a listing is for ("battery for laptop") do not count as what it is."""
    parts = recall.products[product_index].parts
    if (same := _same(parts, listing)) is not None:
        return same
    if is_host(recall, listing) or not (parts.things or parts.parts):
        return None
    if not parts.things:
        return _of_what_it_belongs_to(parts, listing)
    for thing, span in listing.things.items():
        if any(WIDER.get(thing) == wanted or WIDER.get(wanted) == thing for wanted in parts.things):
            return found("thing_same", f"A {thing} may be meant.", None, span, share=RELATED)
    return _other(parts, listing)


def _of_what_it_belongs_to(parts: Name, listing: ListingReading) -> Evidence | None:
    """A bicycle, where the recall is about bicycle chains, a kind that the lexicon does not know."""
    for thing, span in listing.things.items():
        if thing in parts.parts and parts.heads:
            says = f"The recall is about a {min(parts.heads)}, not the {thing}."
            return found("thing_other", says, None, span, share=PART_OF_NAME)
    return None


def _same(parts: Name, listing: ListingReading) -> Evidence | None:
    for thing, span in listing.things.items():
        if thing in parts.things:
            share = BROAD if thing in BROAD_THINGS else 1.0
            return found("thing_same", f"Both are a {thing}.", None, span, share=share)
    for word, span in listing.words.items():
        if (
            word in UNSURE_THINGS
            and span.start < listing.goes_with
            and not UNSURE_THINGS[word].isdisjoint(parts.things)
        ):
            return found("thing_same", f"“{span.text}” may be a {min(parts.things)}.", None, span, share=UNSURE)
    for word, span in listing.words.items():
        if span.field == "description" and THINGS.get(word) in parts.things:
            return found("thing_same", f"Its details say {span.text}.", None, span, share=UNSURE)
    for head in sorted(parts.heads):
        if head in listing.words and listing.words[head].start < listing.goes_with:
            return found("thing_same", f"Both are a {head}.", None, listing.words[head], share=UNKNOWN_KIND)
    return None


def _other(parts: Name, listing: ListingReading) -> Evidence:
    wanted = ", ".join(sorted(parts.things))
    for thing, span in listing.things.items():
        if thing in parts.parts:
            says = f"The recall is about a {wanted}, not the {thing}."
            return found("thing_other", says, None, span, share=PART_OF_NAME)
    for thing, span in listing.things.items():
        return found("thing_other", f"The recall is about a {wanted}; the listing names a {thing}.", None, span)
    return found("thing_not_stated", f"The listing does not say that it is a {wanted}.", None, None)
