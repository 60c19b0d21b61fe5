"""How much of the title the recall also mentions: a title that mentions nothing else is of this product."""

from listings.matching.listing import ListingReading
from listings.matching.pair import (
    brand_word,
    coverage,
    is_host,
    other_maker,
    same_number,
    title_statement,
    unsure_kind,
)
from listings.matching.quick_read import ORDINARY
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("title_fits", "title_mentions_something_else", "title_adds_words")

FITS_FROM = 0.75  # share of the distinctive words of the title
WHOLE, WORTH = 0.95, 0.4  # share of the name's line, and squared rarities that it must have
ENOUGH = 2.5  # squared rarities of unknown words from which they count in full
UNREAD = 2  # words of another script that nobody could compare
PLAIN = 0.4  # where the recall is about all of a brand's, other names are names of its models
NAMED = 0.9  # share of the name's line from which words that nobody can read are taken for colours and the like


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Grows with the share that is known; words in a script that the recall does not use say nothing either way."""
    said = title_statement(recall, product_index, listing)
    if said is None or is_host(recall, listing):
        return None
    if said.share >= FITS_FROM:
        if _is_unread(recall, product_index, listing):
            return None
        detail = "The title matches the recall and hardly mentions anything else."
        share = (said.share - FITS_FROM) / (1 - FITS_FROM) * min(1.0, said.known_worth)
        if not _is_named(recall, product_index, listing):
            share *= listing.readable
        return found("title_fits", detail, None, said.known, share=share)
    if same_number(recall, product_index, listing):
        return None
    more = said.names + said.ordinary * ORDINARY
    share = min(1.0, more / ENOUGH) * (1.0 if recall.products[product_index].parts.own_lines else PLAIN)
    detail = (
        f"The title also mentions {', '.join(span.text for span in said.more[:4])}, which the recall does not mention."
    )
    whole = _has_whole_name(recall, product_index, listing)
    return found(
        "title_adds_words" if whole else "title_mentions_something_else", detail, None, said.more[0], share=share
    )


def _is_unread(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether most of the title is in a script that the recall does not use, and neither brand nor kind nor number is the
    recall's: then a word that happens to be the same ("Vita" on a juice) is no title that fits."""
    unread = sum(not word.text.isascii() for word in listing.title_words)
    if unread < UNREAD or 2 * unread <= len(listing.title_words):
        return False
    if brand_word(recall, listing) is not None or same_number(recall, product_index, listing):
        return False
    parts = recall.products[product_index].parts
    of_kind = not listing.product_types.keys().isdisjoint(parts.parts | parts.product_types)
    return not of_kind and unsure_kind(parts, listing) is None


def _is_named(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether the listing has the product's own name, or there is none; else words that nobody can read may be another
    one ("PLANTOYS 拍拍摇铃", where the recall is about a penguin)."""
    covered = coverage(recall, product_index, listing)
    return covered is None or covered.share >= NAMED or same_number(recall, product_index, listing)


def _has_whole_name(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether brand and all of the product's own name are there, so that more words are a colour or a pattern."""
    if brand_word(recall, listing) is None or other_maker(recall, listing):
        return False
    covered = coverage(recall, product_index, listing)
    if covered is None:
        return not listing.product_types.keys().isdisjoint(recall.products[product_index].parts.product_types)
    return covered.share >= WHOLE and covered.worth >= WORTH
