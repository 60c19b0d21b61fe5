"""Words of the product's own name that the listing lacks: probably another product of the same brand."""

from listings.matching.lexicon import PRODUCT_TYPES, is_name, rarity
from listings.matching.listing import ListingReading
from listings.matching.names import has_digit
from listings.matching.pair import brand_word, coverage, is_host, is_own_name, names_line, same_number, title_statement
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("name_missing", "different_product_line")

COMPLETE = 0.95
LINE_FROM = 0.6  # rarity of a word that names a line


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


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Grows with the share that is missing; nothing where a number is the same, or the listing is what the recalled
    part was sold in."""
    covered = coverage(recall, product_index, listing)
    if covered is None or covered.share >= COMPLETE or not covered.missing:
        return None
    if is_host(recall, listing) or same_number(recall, product_index, listing):
        return None
    words = recall.products[product_index].name_words
    if (other := _other_line(recall, product_index, listing)) is not None:
        missing = next(word for word in covered.missing if is_own_name(recall, word))
        detail = f"The listing says {other.text} where the product name says {words[missing].span.text}: a different product line."
        return found("different_product_line", detail, words[missing].span, other)
    word = max(covered.missing, key=lambda word: (words[word].weight, word))
    detail = f"The listing does not mention {', '.join(covered.missing[:5])}, which is part of the product name."
    share = (1 - covered.share) * min(1.0, covered.worth)
    return found("name_missing", detail, words[word].span, None, share=share)
