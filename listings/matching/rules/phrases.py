"""Finding a phrase of the lexicon in a listing, and showing where."""

import re

from listings.matching.lexicon import phrase_pattern
from listings.matching.listing import ListingReading
from listings.matching.texts import Span

_PATTERNS: dict[str, re.Pattern[str]] = {}


def phrase_in(listing: ListingReading, name: str, *, title_only: bool = False) -> Span | None:
    """The first phrase of the list `name` that the listing says, in its title or else in its description."""
    pattern = _PATTERNS.get(name) or _PATTERNS.setdefault(name, phrase_pattern(name))
    texts = (
        {"title": listing.text.title}
        if title_only
        else {"title": listing.text.title, "description": listing.text.description}
    )
    for field, text in texts.items():
        if match := pattern.search(listing.lowered[field]):
            return Span(field, match.start(), match.end(), text[match.start() : match.end()])
    return None
