"""A different version or series: "Versa 4", where the recall covers the "Versa 2"."""

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("different_version",)


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Where a word of the name is followed by a number, and the title has that word with other numbers only."""
    versions = recall.products[product_index].versions
    if not versions or listing.versions.keys().isdisjoint(versions):
        return None
    for word, numbers in versions.items():
        if (stated := listing.versions.get(word)) is None or not stated.keys().isdisjoint(numbers):
            continue
        if any(number in recall.all_words for number in stated):
            continue
        here, there = next(iter(stated.values())), next(iter(numbers.values()))
        return found("different_version", f"The listing says {here.text}; the recall says {there.text}.", there, here)
    return None
