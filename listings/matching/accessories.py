"""Whether a title is that of an accessory: words such as "sleeve", where they say what the listing is."""

import re
from itertools import pairwise

from listings.matching.lexicon import ACCESSORY_WORDS, PART_WORDS
from listings.matching.listing import ListingReading
from listings.matching.normalise import Word
from listings.matching.texts import Span

_COUNTS = re.compile(r"\s*(?:of|/|x)\s*\d|\s*\(?\d+ ?(?:-| )?(?:pack|pk|ct|count)", re.IGNORECASE)
_PACKS = frozenset({"bag", "pouch", "case", "tube"})
_WEIGHS = re.compile(r"\d ?(?:lbs?|pounds?|oz|ounces?|kg|g|grams?)\.?[ -]+$", re.IGNORECASE)
_ONE_MORE = re.compile(
    r"\b(?:extra|additional|add[- ]on|spare) (?!large|long|wide|small|strong|heavy|deep|tall|thick)", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\b(?:[2-9]|[1-9]\d|two|three|four|five|six|eight|ten|twelve|zwei|drei|vier|deux|trois|quatre|dos|tres|cuatro)[ -]$",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"(?:surface|flush|wall|ceiling|rack|post|top|flange|under.?cabinet|deck|side|rear|front|panel|door|semi|undermount|in)"
    r"[ -]+$",
    re.IGNORECASE,
)


def counts_or_describes(listing: ListingReading, word: Word) -> bool:
    """Whether an accessory's word says how many there are ("Case of 6"), in what they are packed ("1 lb bag") or how it
    is put up ("Surface Mount Cabinet"), or it is what the product has several of ("two wheel hoverboard", "poussette 3
    roues")."""
    title = listing.text.title
    if counted := _COUNTED.search(title[: word.start]):
        is_behind = any(kind.end <= counted.start() for kind in listing.product_types.values())
        if is_behind or title[word.end - 1 : word.end] != "s":
            return True
    if _COUNTS.match(title, word.end) or (word.text in _PACKS and _WEIGHS.search(title[: word.start])):
        return True
    return (
        word.text == "mount" and _HOW.search(title[: word.start]) is not None and title[word.end : word.end + 2] != ""
    )


def part_behind(listing: ListingReading, product_type: Span) -> Span | None:
    """The part's word right behind `product_type`, which makes the title that of a part: "stroller bag"."""
    title = listing.title_words
    for word, after in pairwise(title):
        if word.end != product_type.end or after.start != word.end + 1 or after.start >= listing.extras:
            continue
        if after.text in PART_WORDS and not counts_or_describes(listing, after):
            return Span("title", after.start, after.end, listing.text.title[after.start : after.end])
    return None


def is_part(listing: ListingReading) -> bool:
    """Whether the title's first phrase ends with a part's word ("silicone skin for …"), or names one more of something
    ("extra camera")."""
    phrase = listing.head_phrase
    return bool(phrase and phrase[-1].text in PART_WORDS) or _ONE_MORE.search(listing.text.title) is not None


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
