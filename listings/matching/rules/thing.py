"""What kind of thing it is, in any language of the lexicon: the same, another, or not said."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    wanted = recall.products[product_index].things
    if not wanted:
        return None
    for thing, span in listing.things.items():
        if thing in wanted:
            return found("thing_same", f"Both are a {thing}.", None, span)
    if recall.is_component:
        return None
    if listing.things:
        thing, span = next(iter(listing.things.items()))
        return found("thing_other", f"The recall is about a {', '.join(sorted(wanted))}; the listing names a {thing}.", None, span)
    return found("thing_not_stated", f"The listing does not say that it is a {', '.join(sorted(wanted))}.", None, None)
