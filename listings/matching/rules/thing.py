"""What kind of thing it is, in any language of the lexicon: the same, another, or not said."""

from listings.matching.lexicon import BROAD_THINGS
from listings.matching.listing import ListingReading
from listings.matching.pair import is_host
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("thing_same", "thing_other", "thing_not_stated")

BROAD = 0.65
PART_OF_NAME = 0.4  # a crib, where the recall is about crib mattresses
UNKNOWN_KIND = 0.8  # the last word of the name, where the lexicon does not know it


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The kinds a listing is for ("battery for laptop") do not count as what it is."""
    parts = recall.products[product_index].parts
    for thing, span in listing.things.items():
        if thing in parts.things:
            return found(
                "thing_same", f"Both are a {thing}.", None, span, share=BROAD if thing in BROAD_THINGS else 1.0
            )
    for head in sorted(parts.heads):
        if head in listing.words and listing.words[head].start < listing.goes_with:
            return found("thing_same", f"Both are a {head}.", None, listing.words[head], share=UNKNOWN_KIND)
    if not parts.things or is_host(recall, listing):
        return None
    wanted = ", ".join(sorted(parts.things))
    for thing, span in listing.things.items():
        if thing in parts.parts:
            return found(
                "thing_other", f"The recall is about a {wanted}, not the {thing}.", None, span, share=PART_OF_NAME
            )
    if listing.things:
        thing, span = next(iter(listing.things.items()))
        return found("thing_other", f"The recall is about a {wanted}; the listing names a {thing}.", None, span)
    return found("thing_not_stated", f"The listing does not say that it is a {wanted}.", None, None)
