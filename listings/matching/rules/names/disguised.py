"""Look-alike letters or invisible characters in a word that the recall names: the seller hides the product."""

import unicodedata

from listings.matching.lexicon import PART_WORDS
from listings.matching.listing import ListingReading
from listings.matching.normalise import HIDDEN_FROM
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("disguised",)

WORDS_AROUND = 2  # words that can only be of another script, which tell a title in it from a disguised one


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    named = recall.products[product_index].name_words
    for word, span in listing.disguised.items():
        if len(word) < HIDDEN_FROM or not (word in recall.brands or word in named):
            continue
        if not _is_of_its_text(span.text, listing) and not _is_its_part(recall, listing):
            return found("disguised", f"“{span.text}” is “{word}” in look-alike characters.", None, span)
    return None


def _is_its_part(recall: RecallReading, listing: ListingReading) -> bool:
    """Whether the title is that of a part, which hides nothing that is recalled."""
    last = listing.head_phrase[-1].text if listing.head_phrase else ""
    return last in PART_WORDS and last not in recall.named_words


def _is_of_its_text(written: str, listing: ListingReading) -> bool:
    """Whether a word has letters of one script only, which others of the title are in: "мемо" and "р100" in a Russian
    title hide nothing."""
    scripts = {_script(character) for character in written if character.isalpha()}
    if len(scripts) != 1 or "LATIN" in scripts:
        return False
    around = (word.text for word in listing.title_words if not word.disguised and not word.text.isascii())
    return sum(scripts == {_script(character) for character in text if character.isalpha()} for text in around) >= (
        WORDS_AROUND
    )


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
