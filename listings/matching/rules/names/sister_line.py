"""Another word stands where the product's name has its own: "Nesta Comfort high chair", where "Nesta Classic high chairs"
are recalled. Ordinary words tell such sisters apart, which no count of rare words sees."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from listings.matching.circumstances import COLOURS
from listings.matching.identifiers import is_measure
from listings.matching.lexicon import DOCUMENT_WORDS, GRADES, ORDINARY_ABROAD, PRODUCT_TYPES, STOP_WORDS, is_name
from listings.matching.listing import ListingReading
from listings.matching.normalise import Word, words
from listings.matching.pair import coverage, is_host, is_own_name, misspelling, named_model, near_a_name, same_number
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.sizes import UNIT_WORDS
from listings.matching.texts import Evidence, Span

SIGNALS = ("sister_line",)

GAPS = frozenset({" ", "-", "™ ", "® "})
DESCRIBING = ("able", "ing", "less", "ed", "ible", "proof")  # what any listing may say of itself
ADJECTIVE = (*DESCRIBING, "al", "en", "ic")  # "Portable" in "Tavo Portable Blenders", as a title is written
_STROKES = frozenset("il")
WHOLE = 0.95  # share of a name that is there
NAMES = 4_096  # names of products whose words are remembered
SHARED_TO = 6  # letters and digits of a number that lines may share
OF_NUMBER = 0.7  # what such a number takes: less than it gives beside the brand, so that it becomes a question
UNSURE = 0.6  # share of a word that is no grade of a line: a seller's own word may stand there, too
ALSO_DESCRIBE = frozenset(
    {"big", "king", "large", "light", "little", "long", "low", "narrow", "original", "queen", "short", "small", "tall", "twin", "wide"}
)  # fmt: skip


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """In full where the listing's word is a grade of lines ("Plus", "Mini"), in part for any other and for one that also
    describes ("Large", "Original"); nothing where a number is the same, the recall is about all models, or its name also has
    the line without its grade and is there as a whole."""
    if recall.every or is_host(recall, listing):
        return None
    if (of_another := _number_of_another(recall, product_index, listing)) is not None:
        return of_another
    if same_number(recall, product_index, listing):
        return None
    covered = coverage(recall, product_index, listing)
    if covered is None or not covered.shared:
        return None
    name, title = recall.products[product_index].name, listing.text.title
    said, whole = _words_of(name), covered.share >= WHOLE
    for one, other in pairwise(said):
        if name[one.end : other.start] not in GAPS:
            continue
        for anchor, meant, step in ((one, other, 1), (other, one, -1)):
            if not _is_line_word(recall, product_index, listing, name, meant):
                continue
            if whole and _is_named_without(said, name, anchor.text, meant.text):
                continue
            if not _is_anchor(recall, product_index, name, anchor):
                continue
            if (there := _in_its_place(recall, product_index, listing, anchor.text, step)) is None:
                continue
            if there.text in COLOURS and meant.text not in COLOURS:
                continue
            meant_span = Span("product", meant.start, meant.end, name[meant.start : meant.end])
            there_span = Span("title", there.start, there.end, title[there.start : there.end])
            detail = f"The listing says {there_span.text} where the product name says {meant_span.text}: a different product line."
            is_grade = there.text in GRADES and (there.text not in ALSO_DESCRIBE or meant.text in ALSO_DESCRIBE)
            return found("sister_line", detail, meant_span, there_span, share=1.0 if is_grade else UNSURE)
    return None


def _number_of_another(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """A short number that several lines of a maker have ("Kestrel XP 1000"), behind another line's name than wherever the
    recall writes it ("Falcon XP 1000")."""
    title = listing.text.title
    for number, span in listing.models.items():
        known = named_model(recall, product_index, number)
        if known is None or span.field != "title" or len(number) > SHARED_TO:
            continue
        before = [word for word in listing.title_words if word.end < span.start][-1:]
        if not before or title[before[0].end : span.start] != " " or not _names_a_line(recall, title, before[0]):
            continue
        lines = _lines_before(recall, known.text)
        if lines and lines.isdisjoint(listing.words):
            here = Span("title", before[0].start, span.end, title[before[0].start : span.end])
            detail = f"The listing says {here.text}; the recall has this number behind {', '.join(sorted(lines))} only."
            return found("sister_line", detail, known, here, share=OF_NUMBER)
    return None


def _names_a_line(recall: RecallReading, title: str, word: Word) -> bool:
    """Whether a word of the title is a name, and one that the recall does not know."""
    return (
        title[word.start].isupper()
        and word.text.isalpha()
        and word.text.isascii()
        and len(word.text) > 2
        and is_name(word.text)
        and word.text not in recall.all_words | PRODUCT_TYPES.keys() | ORDINARY_ABROAD | STOP_WORDS
    )


def _lines_before(recall: RecallReading, number: str) -> frozenset[str]:
    """The names behind which the recall writes a number; empty where it writes it behind anything else, too."""
    lines: set[str] = set()
    written = re.compile(rf"(?:(?P<before>[\w'’-]+) )?(?<!\w){re.escape(number)}(?!\w)", re.IGNORECASE)
    for said in (*(product.name for product in recall.products), recall.text.description):
        for match in written.finditer(said):
            before = words(match["before"] or "")
            if len(before) != 1 or not before[0].text.isalpha() or not match["before"][0].isupper():
                return frozenset()
            if before[0].text in recall.brands or before[0].text in STOP_WORDS or before[0].text in DOCUMENT_WORDS:
                return frozenset()
            lines.add(before[0].text)
    return frozenset(lines)


@lru_cache(maxsize=NAMES)
def _words_of(name: str) -> tuple[Word, ...]:
    return tuple(words(name))


def _is_named_without(said: Sequence[Word], name: str, anchor: str, meant: str) -> bool:
    """Whether the name also has the line without its grade: "Flair & Flair Elite"."""
    return (
        any(
            one.text == anchor and (other.text != meant or name[one.end : other.start] not in GAPS)
            for one, other in pairwise(said)
        )
        and sum(word.text == anchor for word in said) > 1
    )


def _is_line_word(recall: RecallReading, product_index: int, listing: ListingReading, name: str, word: Word) -> bool:
    """Whether a word of the product's name is of its line, written as a name, and the listing has it nowhere."""
    text = word.text
    if not text.isalpha() or not name[word.start].isupper() or not _may_tell(recall, product_index, text):
        return False
    if text in recall.ordinary and text not in recall.proper:
        return False
    if text.endswith(ADJECTIVE) and text not in GRADES and not is_name(text):
        return False
    if text in listing.words or text in listing.more_words:
        return False
    return misspelling(text, listing) is None


def _may_tell(recall: RecallReading, product_index: int, word: str) -> bool:
    """Whether a word of a name can tell a line: no brand, kind, colour, unit or the like."""
    parts = recall.products[product_index].parts
    return not (
        len(word) < 2
        or word in recall.brands
        or PRODUCT_TYPES.get(word) in parts.product_types
        or word in parts.heads
        or (word in COLOURS and word not in GRADES)
        or word in UNIT_WORDS
        or word in DOCUMENT_WORDS
    )


def _is_anchor(recall: RecallReading, product_index: int, name: str, word: Word) -> bool:
    return (
        word.text.isalnum()
        and name[word.start].isupper()
        and word.text not in STOP_WORDS
        and _may_tell(recall, product_index, word.text)
        and (word.text in recall.proper or is_own_name(recall, word.text))
    )


def _in_its_place(
    recall: RecallReading, product_index: int, listing: ListingReading, anchor: str, step: int
) -> Word | None:
    title, text = listing.title_words, listing.text.title
    for place, word in enumerate(title):
        if word.text != anchor or word.start >= listing.goes_with:
            continue
        if not 0 <= place + step < len(title):
            continue
        other = title[place + step]
        first, second = (word, other) if step > 0 else (other, word)
        if text[first.end : second.start] not in GAPS:
            continue
        if step < 0 and (place < 2 or title[place - 2].text not in recall.brands):
            continue
        behind = title[place + step + 1].text if step > 0 and place + step + 1 < len(title) else ""
        if other.text == "light" and behind in COLOURS:
            continue  # "light grey"
        if _is_another(recall, product_index, listing, other):
            return other
    return None


def _is_another(recall: RecallReading, product_index: int, listing: ListingReading, word: Word) -> bool:
    text = word.text
    if _STROKES.issuperset(text):
        return False  # a Roman number or one made to look like it, which the rule of versions reads
    if text in GRADES:
        return text not in recall.all_words
    return not (
        not text.isalpha()
        or not text.isascii()
        or len(text) < 3
        or text in recall.all_words
        or text in STOP_WORDS
        or text in COLOURS
        or text in UNIT_WORDS
        or text in PRODUCT_TYPES
        or text in ORDINARY_ABROAD
        or is_measure(text)
        or text.endswith(DESCRIBING)
        or near_a_name(text, recall, product_index)
        or any(span.start <= word.start < span.end for span in listing.product_types.values())
    )
