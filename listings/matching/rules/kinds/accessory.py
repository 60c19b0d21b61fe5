"""An accessory or spare part for the product is not the product."""

import re

from listings.matching.accessories import accessory_word, counts_or_describes, part_behind
from listings.matching.lexicon import ACCESSORY_WORDS, KIT_WORDS, PART_WORDS, PRODUCT_TYPES
from listings.matching.listing import AS_IT_IS, ListingReading
from listings.matching.normalise import Word, canonical_model, words
from listings.matching.pair import is_host
from listings.matching.quick_read import kinds_of
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.rules.phrases import phrase_in
from listings.matching.texts import Evidence, Span

SIGNALS = ("accessory",)

_PHRASE_GOES_ON = re.compile(r"[,;()|/&+]")
ONE_WORD = 0.6
HEAD = 1.0  # a title that ends its first phrase with a part's word is that of a part, whatever model it is for
_BEHIND_DIGITS = re.compile(r"^\w*\d(?=[a-z]{4,}$)")  # "E332photoconductor"
KITS = frozenset({"kit", "set", "part"})
DESCRIBED = 0.7
LEADS = 1.6  # "For Zelprio PX450: battery" says first what it is for
_LEADS = re.compile(r"\W*(?:for|fits|compatible with|für|pour|para|per|voor|dla|для)\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:complete|whole|entire|full|komplett\w*|ganze[rs]?|complet|complète|entier|complet[oa]|enter[oa]|intero|intera|"
    r"volledige?|kompletn\w+|цел\w+)[ -]+(?P<what>[^\W\d_]+)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"unit|machine|appliance|device|item|board|gerät|appareil|aparato|apparaat|unità|urządzenie", re.IGNORECASE
)
BEHIND = 2  # words behind a number: "HD 7810 water tank"
BEFORE = 3  # words before a brand: more are the name of something


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: PLR0911  one for each answer
    """A phrase ("replacement strap for") in full, one word ("sleeve", "toner") in part; nothing where the recall itself
    is about such a product."""
    parts = recall.products[product_index].parts
    if is_host(recall, listing):
        return None
    if (span := _made_for(recall, product_index, listing)) is not None:
        detail = f"“{span.text.strip()}”: made for the product, not the product itself."
        return found("accessory", detail, None, span)
    if (span := part_head(recall, product_index, listing)) is not None:
        return found(
            "accessory", f"“{span.text}”: a part of the product, not the product itself.", None, span, share=HEAD
        )
    if _is_whole(recall, product_index, listing):
        return None
    span = _part_before_brand(recall, product_index, listing) or _part_behind_model(recall, product_index, listing)
    if span is not None:
        return found("accessory", f"“{span.text}”: a part for what the brand makes.", None, span, share=HEAD)
    named = next(
        (span for product_type, span in listing.product_types.items() if product_type in parts.product_types), None
    )
    if named is not None and (part := part_behind(listing, named)) is not None and not _is_named(recall, part):
        return found("accessory", f"“{part.text}”: a part or an accessory of the product.", None, part, share=HEAD)
    if named is not None and accessory_word(listing, named) is None and not phrase_in(listing, "accessory_description"):
        return None
    span, share = phrase_in(listing, "accessory", title_only=True), 1.0
    if span is None:
        span, share = phrase_in(listing, "accessory_description"), DESCRIBED
    if span is None:
        span, share = _one_word(recall, listing, named), LEADS if _is_led(recall, product_index, listing) else ONE_WORD
    if (
        span is None
        or any(word.text in parts.words for word in words(span.text)[:1])
        or _is_of_brand(recall, listing, span)
        or _is_described(recall, listing, span)
    ):
        return None
    return found(
        "accessory",
        f"“{span.text.strip()}”: an accessory for the product, not the product itself.",
        None,
        span,
        share=share,
    )


def _is_led(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether the title begins with "For" and right behind it the brand or model: what follows is made for that. Any other
    word may stand there as well ("For camping trips, …")."""
    if (match := _LEADS.match(listing.text.title)) is None:
        return False
    behind = next((word for word in listing.title_words if word.start >= match.end()), None)
    if behind is None:
        return False
    models = recall.products[product_index].models
    return behind.text in recall.brands or canonical_model(behind.text) in models


def _is_whole(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether the title says that it is the whole product, whatever else makes it look like a part: "Compatible with
    Zelprio Tavo, complete blender", or is offered for its parts."""
    kinds = recall.products[product_index].parts.product_types
    spans = [span for kind, span in listing.named_types if kind in kinds]
    if AS_IT_IS.search(listing.text.title):
        return bool(spans)
    return bool(spans) and any(
        _UNIT.fullmatch(match["what"]) or any(span.start <= match.start("what") < span.end for span in spans)
        for match in _WHOLE.finditer(listing.text.title)
    )


def _made_for(recall: RecallReading, product_index: int, listing: ListingReading) -> Span | None:
    """From "for" on, where the title names the recall's brand or model behind it only, and before it something else
    than the recalled kind."""
    if listing.goes_with >= len(listing.text.title):
        return None
    product = recall.products[product_index]
    parts = product.parts
    before = [word for word in listing.title_words if word.start < listing.goes_with]
    behind = [word for word in listing.title_words if word.start >= listing.goes_with]
    if not before or any(product_type in parts.parts for product_type in listing.product_types):
        return None
    own = {word.text for word in before}
    if not own.isdisjoint(parts.heads) or any(canonical_model(word) in product.models for word in own):
        return None
    by_brand = own.isdisjoint(recall.brands)
    named = any(
        (by_brand and word.text in recall.brands) or canonical_model(word.text) in product.models | recall.models
        for word in behind
    )
    end = behind[0].end if behind else listing.goes_with
    return Span("title", listing.goes_with, end, listing.text.title[listing.goes_with : end]) if named else None


def part_head(recall: RecallReading, product_index: int, listing: ListingReading) -> Span | None:
    """The word with which the title's first phrase ends, where it is a part's ("seat pad", "carburetor repair kit") and
    no word of the product's name or the recall's title."""
    phrase = listing.head_phrase
    if len(phrase) < 2:
        return None
    last, before = phrase[-1], phrase[-2]
    is_part = (
        last.text in PART_WORDS
        or (last.text in KITS and before.text in KIT_WORDS)
        or _BEHIND_DIGITS.sub("", last.text) in PART_WORDS
    )
    if (
        not is_part
        or counts_or_describes(listing, last)
        or last.text in recall.named_words
        or (last.text in KITS and before.text in recall.named_words)
    ):
        return None
    if f"{before.text}{last.text}" in recall.named_words:
        return None  # "hair clips" are hairclips
    if any(
        span.start <= last.start < span.end
        for product_type, span in listing.named_types
        if product_type in recall.products[product_index].parts.product_types
    ):
        return None  # "bed pad", "head protector", "bed frame with bed base": they name the kind
    if not {PRODUCT_TYPES.get(last.text)}.isdisjoint(recall.products[product_index].parts.parts):
        return None
    begin = before.start if last.text in KITS else last.start
    return Span("title", begin, last.end, listing.text.title[begin : last.end])


def _part_before_brand(recall: RecallReading, product_index: int, listing: ListingReading) -> Span | None:
    """The part's word that stands right before the brand's name at the title's beginning ("Drive belt Arctic Cat …"),
    where neither names the recalled product."""
    begins = [word.text in recall.brands for word in listing.title_words[: BEFORE + 1]]
    place = begins.index(True) if True in begins else 0
    if not place:
        return None
    part = listing.title_words[place - 1]
    is_kit = part.text in KITS and place > 1 and listing.title_words[place - 2].text in KIT_WORDS
    if (
        not (part.text in PART_WORDS or is_kit)
        or listing.maker
        or part.text in recall.named_words
        or not kinds_of(part.text).isdisjoint(recall.products[product_index].parts.parts)
        or counts_or_describes(listing, part)
    ):
        return None
    return Span("title", part.start, part.end, listing.text.title[part.start : part.end])


def _part_behind_model(recall: RecallReading, product_index: int, listing: ListingReading) -> Span | None:
    """The part's word behind a recalled number ("F800 windshield, tinted"), where the title names no recalled kind."""
    product = recall.products[product_index]
    if not listing.product_types.keys().isdisjoint(product.parts.parts):
        return None
    ends = [
        span.end
        for number, span in listing.models.items()
        if span.field == "title" and (number in product.models or number in recall.models)
    ]
    for end in ends:
        behind = [word for word in listing.title_words if end <= word.start < listing.extras][:BEHIND]
        for word in behind:
            if word.text in product.parts.heads or _PHRASE_GOES_ON.search(listing.text.title, end, word.start):
                break
            if (
                word.text in PART_WORDS
                and word.text not in recall.named_words
                and not counts_or_describes(listing, word)
            ):
                return Span("title", word.start, word.end, listing.text.title[word.start : word.end])
    return None


def _is_of_brand(recall: RecallReading, listing: ListingReading, span: Span) -> bool:
    """Whether the word is part of the maker's name, as in "Zelprio Accessories": right behind the brand's, also in the
    recall's title."""
    if span.field != "title" or not _is_named(recall, span):
        return False
    before = [word for word in listing.title_words if word.end < span.start][-1:]
    return any(word.text in recall.brands and word.end + 1 == span.start for word in before)


def _is_described(recall: RecallReading, listing: ListingReading, span: Span) -> bool:
    """Whether it is half of a name of two words that the recall's description has, too: "Sure Fit"."""
    return span.field == "title" and any(
        pair in recall.described_pairs and place.start <= span.start < place.end
        for pair, place in listing.title_pairs.items()
    )


def _is_named(recall: RecallReading, part: Span) -> bool:
    return any(word.text in recall.named_words for word in words(part.text))


def _one_word(recall: RecallReading, listing: ListingReading, named: Span | None) -> Span | None:
    """An accessory's word in the title before what comes along with it; near the product, where the title names that."""
    if named is not None:
        span = accessory_word(listing, named)
        return None if span is None or _is_of_name(recall, listing, span) else span
    for word in listing.title_words:
        if (
            word.text in ACCESSORY_WORDS
            and word.start < listing.extras
            and not counts_or_describes(listing, word)
            and not _is_of_name(recall, listing, word)
        ):
            return Span("title", word.start, word.end, listing.text.title[word.start : word.end])
    return None


def _is_of_name(recall: RecallReading, listing: ListingReading, word: Word | Span) -> bool:
    """Whether the word is half of a name that was written apart ("Zel Mount" for Zelmount)."""
    return any(
        both in recall.named_words and (span := listing.words[both]).start <= word.start < span.end
        for both in listing.joined
    )
