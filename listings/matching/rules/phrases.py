"""Finding a phrase of the lexicon in a listing, and showing where."""

import re

from listings.matching.lexicon import phrase_pattern
from listings.matching.listing import ListingReading
from listings.matching.texts import Span

_PATTERNS: dict[str, re.Pattern[str]] = {}


def phrase_in(listing: ListingReading, name: str, *, title_only: bool = False) -> Span | None:
    """The first phrase of the list `name` that the listing says, in its title or its description."""
    pattern = _PATTERNS.get(name) or _PATTERNS.setdefault(name, phrase_pattern(name))
    text = listing.text.title.lower() if title_only else listing.lowered
    match = pattern.search(text)
    if match is None:
        return None
    title_length = len(listing.text.title)
    field, offset = ("title", 0) if match.start() <= title_length else ("description", title_length + 1)
    return Span(field, match.start() - offset, match.end() - offset, match.group())
