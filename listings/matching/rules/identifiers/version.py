"""A different version or series: "Versa 4", where the recall covers the "Versa 2", or a Versa without a number."""

import re
from collections.abc import Set
from itertools import pairwise

from listings.matching.circumstances import COLOURS
from listings.matching.lexicon import GRADES, STOP_WORDS
from listings.matching.listing import ListingReading
from listings.matching.model_years import years_of
from listings.matching.names import COUNTED, GENERATION, ROMAN
from listings.matching.pair import same_number
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = ("different_version",)

_NO_UNIT = r"(?! ?(?:w|watts?|ma?h|v|volts?|psi|lbs?|btu|pcs?|pieces?|rpm|ml|lumens?|series)\b)"
# "Model Year 2016 and 2017 …", "2010 … bicycles": years in front of a product's name
_MODEL_YEARS = re.compile(
    r"^\W*(?:model years? )?((?:19|20)\d\d(?:(?:[ ,/–-]|and|to|through)+(?:19|20)\d\d)*)\b" + _NO_UNIT,
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\w.,/-])((?:19[89]|20[0-4])\d)(?![\w/-]|[.,]\d)" + _NO_UNIT,
    re.IGNORECASE,
)
_GRADES = GRADES - {roman.lower() for roman in ROMAN}
OF_GRADES = 0.7  # share of a grade in place of a number: a seller's own word may stand there, too
SURE = 1.5  # another model year is another vehicle, whatever number it shares ("XP 1000"), and so are generations that
# the recall counts, and numbers that it says are not recalled
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
        if (here := _other(said, numbers.keys(), recall, word)) is not None:
            there = next(iter(numbers.values()))
            detail = f"The listing says {here.text}; the recall says {there.text}."
            share = SURE if word == GENERATION or word in recall.versions_left_out else 1.0
            return found("different_version", detail, there, here, share=share)
        if not is_same and (here := _grade_behind(listing, word, numbers.keys(), recall)) is not None:
            there = next(iter(numbers.values()))
            detail = f"The listing says {here.text}; the recall says {there.text}."
            return found("different_version", detail, there, here, share=OF_GRADES)
    if not stated or recall.every or is_same:
        return None
    named = recall.products[product_index].name_words
    for word in stated.keys() & named.keys() - versions.keys() - recall.brands.keys():
        here = _other(stated[word], {FIRST}, recall, word)
        if here is not None and word in recall.proper | recall.named_words:
            detail = f"The listing says {here.text}; the recall's {named[word].span.text} has no number."
            share = SURE if word in recall.versions_left_out else 1.0
            return found("different_version", detail, named[word].span, here, share=share)
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
        if after is None or after.text not in COUNTED or after.text in COLOURS:
            found_behind[number] = Span("title", one.start, other.end, title[one.start : other.end])
    return found_behind


def _grade_behind(listing: ListingReading, word: str, meant: Set[str], recall: RecallReading) -> Span | None:
    """A grade of lines right behind a word that has a number in the recalled product's name ("Glide Mini" for "Glide 3"),
    where the title has that number nowhere."""
    title, read = listing.text.title, listing.title_words
    if word not in listing.words or not meant.isdisjoint(each.text for each in read):
        return None
    for one, other in pairwise(read):
        if one.text == word and other.text in _GRADES - recall.all_words and title[one.end : other.start] in {" ", "-"}:
            return Span("title", one.start, other.end, title[one.start : other.end])
    return None


def _other(stated: dict[str, Span] | None, meant: Set[str], recall: RecallReading, word: str = "") -> Span | None:
    """The number of the title, where the recall has neither it nor mentions it, or says that `word` with it is not
    recalled."""
    if stated is None or not stated.keys().isdisjoint(meant):
        return None
    left_out = recall.versions_left_out.get(word, frozenset())
    if any(number in recall.all_words and number not in left_out for number in stated):
        return None
    return next(iter(stated.values()), None)


def _other_generation(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The number right behind the brand, where the recall counts the generations of the brand's product ("Gen. 3")."""
    versions = recall.products[product_index].versions
    spans = versions.get(GENERATION, {})
    for word in listing.versions.keys() & recall.brands.keys() if spans else ():
        if (here := _other(listing.versions[word], spans.keys(), recall)) is not None:
            there = next(iter(spans.values()))
            detail = f"The listing says {here.text}; the recall is about {there.text}."
            return found("different_version", detail, there, here)
    return None


def _other_year(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The model year in the title, where the product's name begins with others, or the recall says which it covers. A
    year that sellers add to anything ("2025 upgraded") counts only where the title begins with it."""
    stated = [match for match in _YEAR.finditer(listing.text.title) if not match.start() or match[1] not in STOP_WORDS]
    if not stated:
        return None
    name = recall.products[product_index].name
    named = _MODEL_YEARS.match(name)
    years = years_of(name) if named else recall.model_years  # "2017 Renegade snowmobiles and 2018 Summit snowmobiles"
    if not years or any(match[1] in years for match in stated):
        return None
    year = Span("title", stated[0].start(1), stated[0].end(1), stated[0][1])
    detail = f"The listing says {year.text}; the recall is about other model years."
    return found("different_version", detail, None, year, share=SURE)
