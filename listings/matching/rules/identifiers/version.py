"""A different version or series: "Versa 4", where the recall covers the "Versa 2", or a Versa without a number."""

import re
from collections.abc import Set

from listings.matching.lexicon import STOP_WORDS, VOID_NOUNS
from listings.matching.listing import ListingReading
from listings.matching.names import GENERATIONS, ROMAN
from listings.matching.pair import same_number
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.sizes import UNIT_WORDS
from listings.matching.texts import Evidence, Span

SIGNALS = ("different_version",)

_NO_UNIT = r"(?! ?(?:w|watts?|ma?h|v|volts?|psi|lbs?|btu|pcs?|pieces?|rpm|ml|lumens?|series)\b)"
# "Model Year 2016 and 2017 …", "2010 … bicycles": years in front of a product's name
_MODEL_YEARS = re.compile(
    r"^\W*(?:model years? )?((?:19|20)\d\d(?:(?:[ ,/–-]|and|to|through)+(?:19|20)\d\d)*)\b" + _NO_UNIT,
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{4}) ?(?:-|–|to|through) ?(\d{4})")
_YEAR = re.compile(
    r"(?<![\w.,/-])((?:19[89]|20[0-4])\d)(?![\w/-]|[.,]\d)" + _NO_UNIT,
    re.IGNORECASE,
)
LONGEST = 40  # years of a range
_COUNTED = (
    STOP_WORDS
    | UNIT_WORDS
    | VOID_NOUNS  # "Versa 3 pack"
    | frozenset(
        one + end
        for one in (
            "blade", "burner", "compartment", "cup", "door", "drawer", "function", "gear", "layer", "level", "light", "mode",
            "motor", "outlet", "panel", "person", "player", "pocket", "port", "position", "quart", "row", "seat", "setting",
            "shelf", "slice", "slot", "socket", "speed", "stage", "step", "tier", "wheel", "zone",
        )
        for end in ("", "s")
    )
)  # fmt: skip
FIRST = "1"  # "Versa 1" is what the Versa was called later


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """Where a word of the name is followed by a number, and the title has that word with other numbers only; also
    where the recall never puts a number behind it."""
    if other := _other_year(recall, product_index, listing) or _other_generation(recall, product_index, listing):
        return other
    stated, is_same = listing.versions, same_number(recall, product_index, listing)
    versions = recall.products[product_index].versions
    for word, numbers in versions.items():
        said = stated.get(word) or (None if is_same else _right_behind(listing, word, numbers.keys()))
        if (here := _other(said, numbers.keys(), recall)) is not None:
            there = next(iter(numbers.values()))
            return found(
                "different_version", f"The listing says {here.text}; the recall says {there.text}.", there, here
            )
    if not stated or recall.every or is_same:
        return None
    named = recall.products[product_index].name_words
    for word in stated.keys() & named.keys() - versions.keys() - recall.brands.keys():
        if (here := _other(stated[word], {FIRST}, recall)) is not None and word in recall.proper | recall.named_words:
            detail = f"The listing says {here.text}; the recall's {named[word].span.text} has no number."
            return found("different_version", detail, named[word].span, here)
    return None


def _right_behind(listing: ListingReading, word: str, meant: Set[str]) -> dict[str, Span] | None:
    """The numbers right behind a word that has one in the recalled product's name ("Warmo 2 heated blanket"): elsewhere
    they may count what follows; here only packs and the like are counted. None where one of them is meant."""
    if word not in listing.words:
        return None
    title, read = listing.text.title, listing.title_words
    found_behind: dict[str, Span] = {}
    for one, other, after in zip(read, read[1:], [*read[2:], None], strict=False):
        written = title[other.start : other.end]
        number = ROMAN.get(written.replace("l", "I"), written)  # "Warmo lll", to look like III
        if (
            one.text != word
            or not number.isdigit()
            or len(number) > 2
            or title[one.end : other.start] not in {" ", "-"}
        ):
            continue
        if number in meant:
            return None
        if after is None or after.text not in _COUNTED:
            found_behind[number] = Span("title", one.start, other.end, title[one.start : other.end])
    return found_behind


def _other(stated: dict[str, Span] | None, meant: Set[str], recall: RecallReading) -> Span | None:
    """The number of the title, where the recall has neither it nor mentions it."""
    if stated is None or not stated.keys().isdisjoint(meant):
        return None
    if any(number in recall.all_words for number in stated):
        return None
    return next(iter(stated.values()), None)


def _other_generation(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The number right behind the brand, where the recall counts the generations of the brand's product ("Gen. 3")."""
    versions = recall.products[product_index].versions
    spans = {number: span for word in versions.keys() & GENERATIONS for number, span in versions[word].items()}
    for word in listing.versions.keys() & recall.brands.keys() if spans else ():
        if (here := _other(listing.versions[word], spans.keys(), recall)) is not None:
            there = next(iter(spans.values()))
            detail = f"The listing says {here.text}; the recall is about {there.text}."
            return found("different_version", detail, there, here)
    return None


def _other_year(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The model year in the title, where the product's name begins with others. A year that sellers add to anything
    ("2025 upgraded") counts only where the title begins with it."""
    stated = [match for match in _YEAR.finditer(listing.text.title) if not match.start() or match[1] not in STOP_WORDS]
    meant = _MODEL_YEARS.match(recall.products[product_index].name) if stated else None
    if meant is None:
        return None
    years = set(re.findall(r"\d{4}", meant[1]))
    for first, last in _RANGE.findall(meant[1]):
        years |= {str(year) for year in range(int(first), min(int(last), int(first) + LONGEST))}
    if any(match[1] in years for match in stated):
        return None
    year = Span("title", stated[0].start(1), stated[0].end(1), stated[0][1])
    detail = f"The listing says {year.text}; the recall is about other model years."
    return found("different_version", detail, None, year)
