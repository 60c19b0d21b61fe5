"""Words of the product's own name that the listing lacks: probably another product of the same brand."""

from collections.abc import Sequence

from listings.matching.identifiers import is_measure
from listings.matching.lexicon import KIND_MARKS, PRODUCT_TYPES, is_name, rarity
from listings.matching.listing import ListingReading
from listings.matching.names import has_digit
from listings.matching.normalise import Word, words
from listings.matching.pair import (
    brand_word,
    coverage,
    is_host,
    is_own_name,
    misspelling,
    names_line,
    near_a_name,
    same_number,
    title_statement,
)
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.sizes import UNIT_WORDS
from listings.matching.texts import Evidence, Span

SIGNALS = ("name_missing", "different_product_line")

COMPLETE = 0.95
LINE_FROM = 0.6  # rarity of a word that names a line
MARK = 3  # capitals that name a line ("QO")


def _other_line(recall: RecallReading, product_index: int, listing: ListingReading) -> Span | None:
    """A name in the title that the recall does not know, where the brand is the same and no name of the line is there."""
    covered = coverage(recall, product_index, listing)
    if covered is None or names_line(recall, covered) or not any(is_own_name(recall, word) for word in covered.missing):
        return None
    if brand_word(recall, listing) is None:
        return None
    said = title_statement(recall, product_index, listing)
    if said is None:
        return None
    return next((span for span in said.more if _is_line_name(span.text.lower()) and not has_digit(span.text)), None)


def _is_line_name(word: str) -> bool:
    return is_name(word) and rarity(word) >= LINE_FROM and word not in PRODUCT_TYPES and word.isalpha()


def _behind_the_brand(recall: RecallReading, product_index: int, listing: ListingReading) -> tuple[Span, Span] | None:
    """The lines that stand right behind the brand in the product's name and in the title, where they are two: "Square D
    QO load centers" and "Square D Homeline load center". What else the names share, ordinary words, does not matter."""
    name = recall.products[product_index].name
    meant, said = _next_to_brand(recall, words(name)), _next_to_brand(recall, listing.title_words)
    if meant is None or said is None or not _is_another_line(recall, product_index, said.text):
        return None
    written = name[meant.start : meant.end]
    is_mark = len(written) <= MARK and written.isalpha() and written.isupper() and meant.text not in KIND_MARKS
    if not is_mark and not _is_its_line(recall, product_index, listing, meant.text):
        return None
    if meant.text in listing.words or meant.text in listing.more_words or misspelling(meant.text, listing) is not None:
        return None
    return Span("product", meant.start, meant.end, written), listing.words[said.text]


def _is_another_line(recall: RecallReading, product_index: int, word: str) -> bool:
    """Whether a word of the title is a name that the recall does not know."""
    return (
        word.isascii()
        and word not in recall.all_words
        and _is_line_name(word)
        and not near_a_name(word, recall, product_index)
    )


def _is_its_line(recall: RecallReading, product_index: int, listing: ListingReading, word: str) -> bool:
    """Whether a word of the product's name is its line, and the listing has no other of its names ("RumbleSeat", of "Cruz
    strollers and RumbleSeat")."""
    if not (_is_line_name(word) and is_own_name(recall, word)):
        return False
    covered = coverage(recall, product_index, listing)
    return covered is None or word in covered.missing or not names_line(recall, covered)


def _next_to_brand(recall: RecallReading, read: Sequence[Word]) -> Word | None:
    """The word right behind the first run of the brand's words; single letters ("Square D") are of the brand, and sizes
    say nothing."""
    is_behind = False
    for word in read:
        if word.text in recall.brands:
            is_behind = True
        elif (
            is_behind
            and len(word.text) > 1
            and not (word.text.isdigit() or word.text in UNIT_WORDS or is_measure(word.text))
        ):
            return word
    return None


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Grows with the share that is missing; nothing where a number is the same, or the listing is what the recalled
    part was sold in."""
    if is_host(recall, listing) or same_number(recall, product_index, listing):
        return None
    if (lines := _behind_the_brand(recall, product_index, listing)) is not None:
        meant, said = lines
        detail = f"The listing says {said.text} where the product name says {meant.text}: a different product line."
        return found("different_product_line", detail, meant, said)
    covered = coverage(recall, product_index, listing)
    if covered is None or covered.share >= COMPLETE or not covered.missing:
        return None
    named = recall.products[product_index].name_words
    if (other := _other_line(recall, product_index, listing)) is not None:
        missing = next(word for word in covered.missing if is_own_name(recall, word))
        detail = f"The listing says {other.text} where the product name says {named[missing].span.text}: a different product line."
        return found("different_product_line", detail, named[missing].span, other)
    word = max(covered.missing, key=lambda word: (named[word].weight, word))
    detail = f"The listing does not mention {', '.join(covered.missing[:5])}, which is part of the product name."
    share = (1 - covered.share) * min(1.0, covered.worth)
    return found("name_missing", detail, named[word].span, None, share=share)
