"""A different type: a gas range, where the recall covers electric ones; cordless, where it covers corded ones; blue,
where the recalled product is called pink."""

from listings.matching.circumstances import COLOURS
from listings.matching.lexicon import TYPES
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("different_type",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Where the product's name, or else the recall's title, has words of a group of which only one can be true, and the
    title has others of the group only."""
    if (colour := _other_colour(recall, product_index, listing)) is not None:
        return colour
    own = listing.types
    if not own:
        return None
    wanted = recall.types(product_index)
    for group in TYPES:
        said = [word for word in own if word in group]
        meant = [word for word in wanted if word in group]
        if said and meant and not set(said) & set(meant):
            span = listing.types[said[0]]
            detail = f"The listing says {', '.join(said)}; the recall covers {', '.join(meant)}."
            return found("different_type", detail, wanted[meant[0]], span)
    return None


def _other_colour(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Where the product's own name has a color, and the title has only others that the recall mentions nowhere."""
    meant = recall.colours(product_index)
    if not meant:
        return None
    said = [word.text for word in listing.title_words if word.text in COLOURS and word.text not in recall.brands]
    if not said or not recall.all_words.isdisjoint(said):
        return None
    here, there = listing.words[said[0]], next(iter(meant.values()))
    detail = f"The listing says {here.text}; the recall covers {there.text}."
    return found("different_type", detail, there, here)
