"""Whether a title is that of an accessory: words such as "sleeve", where they say what the listing is."""

import re

from listings.matching.lexicon import ACCESSORY_WORDS
from listings.matching.listing import ListingReading
from listings.matching.normalise import Word
from listings.matching.texts import Span

_COUNTS = re.compile(r"\s*(?:of|/|x)\s*\d|\s*\(?\d+ ?(?:-| )?(?:pack|pk|ct|count)", re.IGNORECASE)
_HOW = re.compile(
    r"(?:surface|flush|wall|ceiling|rack|post|top|flange|under.?cabinet|deck|side|rear|front|panel|door|semi|undermount|in)"
    r"[ -]+$",
    re.IGNORECASE,
)


def counts_or_describes(listing: ListingReading, word: Word) -> bool:
    """Whether an accessory's word says how many there are ("Case of 6") or how it is put up ("Surface Mount Cabinet")."""
    title = listing.text.title
    if _COUNTS.match(title, word.end):
        return True
    return (
        word.text == "mount" and _HOW.search(title[: word.start]) is not None and title[word.end : word.end + 2] != ""
    )


def accessory_word(listing: ListingReading, product_type: Span) -> Span | None:
    """A word such as "sleeve" that makes the title that of an accessory for `product_type`: before it, or right behind
    it."""
    title = listing.title_words
    for place, word in enumerate(title):
        if (
            word.text not in ACCESSORY_WORDS
            or word.start >= listing.extras
            or product_type.start <= word.start < product_type.end
        ):
            continue
        if counts_or_describes(listing, word):
            continue
        behind = place > 0 and title[place - 1].end == product_type.end
        leads = place + 1 < len(title) and title[place + 1].start == product_type.start == word.end + 1
        if behind or (word.start < product_type.start and not leads):
            return Span("title", word.start, word.end, listing.text.title[word.start : word.end])
    return None
