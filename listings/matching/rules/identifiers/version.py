"""A different version or series: "Versa 4", where the recall covers the "Versa 2", or a Versa without a number."""

from collections.abc import Set

from listings.matching.listing import ListingReading
from listings.matching.pair import same_number
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("different_version",)

FIRST = "1"  # "Versa 1" is what the Versa was called later


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Where a word of the name is followed by a number, and the title has that word with other numbers only; also
    where the recall never puts a number behind it."""
    stated = listing.versions
    if not stated:
        return None
    versions = recall.products[product_index].versions
    for word, numbers in versions.items():
        if (here := _other(stated.get(word), numbers.keys(), recall)) is not None:
            there = next(iter(numbers.values()))
            return found(
                "different_version", f"The listing says {here.text}; the recall says {there.text}.", there, here
            )
    if recall.every or same_number(recall, product_index, listing):
        return None
    named = recall.products[product_index].name_words
    for word in stated.keys() & named.keys() - versions.keys() - recall.brands.keys():
        if (here := _other(stated[word], {FIRST}, recall)) is not None and word in recall.proper | recall.named_words:
            detail = f"The listing says {here.text}; the recall's {named[word].span.text} has no number."
            return found("different_version", detail, named[word].span, here)
    return None


def _other(stated: dict[str, Span] | None, meant: Set[str], recall: RecallReading) -> Span | None:
    """The number of the title, where the recall has neither it nor mentions it."""
    if stated is None or not stated.keys().isdisjoint(meant):
        return None
    if any(number in recall.all_words for number in stated):
        return None
    return next(iter(stated.values()))
