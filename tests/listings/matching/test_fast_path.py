"""What makes matching fast changes nothing: the same matches as comparing every pair by every rule."""

from collections.abc import Collection, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from listings.matching import (
    ListingText,
    Match,
    RecallIndex,
    RecallReading,
    cache,
    listing_keys,
    quick_read,
    read_listing,
    read_recall,
    recall_keys,
)
from listings.matching.bulk.filter import BulkFilter
from listings.matching.bulk.tables import tables_of
from listings.matching.files import UnreadableRecord, listing_lines, parse_listing
from listings.matching.identifiers import models_in, numbers_in
from listings.matching.key_words import distinctive_in
from listings.matching.lexicon import product_types_in
from listings.matching.listing import DESCRIPTION_READ
from listings.matching.normalise import words_of
from listings.matching.pieces import read_field, read_pieces
from listings.matching.rules import RULES
from listings.matching.score import ASK_FROM, FLAG_FROM, HOPELESS, NO_FLAG, best_product, compare
from listings.recall_files import read_recalls
from tests.listings.matching.test_command import SAMPLE

READINGS = [
    read_recall(row) for row in read_recalls(SAMPLE / "sample_recalls.json") if not isinstance(row, UnreadableRecord)
]
INDEX = RecallIndex(READINGS)
KEYS = {reading.number: recall_keys(reading) for reading in READINGS}
LISTINGS = [parse_listing(line)[0] for file in sorted(SAMPLE.glob("*.jsonl")) for _, line in listing_lines(file)]
WORDS = sorted({word for text in LISTINGS for word in f"{text.title} {text.brand}".split()})


def plainly(text: ListingText, readings: list[RecallReading]) -> dict[str, Match]:
    """Every recall compared in full, without keys, without a bound, without giving up."""
    listing = read_listing(text)
    found = (compare(reading, listing) for reading in readings)
    return {match.recall_number: match for match in found if match is not None and match.score >= ASK_FROM}


def quickly(text: ListingText, index: RecallIndex, among: Collection[int] | None = None) -> dict[str, Match]:
    return {match.recall_number: match for match in index.judged(text, among=among) if match.score >= ASK_FROM}


def variants() -> Iterator[ListingText]:
    """The listings as they are, without brand, under the brand of the next, and with half of the title."""
    for text, after in zip(LISTINGS, LISTINGS[1:] + LISTINGS[:1], strict=True):
        yield text
        yield ListingText(text.id, text.title, mpn=text.mpn)
        yield ListingText(text.id, text.title, brand=after.brand, description=after.title)
        yield ListingText(text.id, text.title[: len(text.title) // 2], brand=text.brand, gtin=text.gtin)


def test_the_listings_that_are_shipped_have_the_same_matches_either_way() -> None:
    kept, _, tables = cache.unpack(cache.pack(INDEX, (), tables_of(INDEX.profiles, INDEX.postings)))
    asked, among = 0, BulkFilter(tables).hopeful([*variants()])
    for text, places in zip(variants(), among, strict=True):
        expected = {number: match for number, match in plainly(text, READINGS).items() if shares_a_key(number, text)}
        assert quickly(text, INDEX) == quickly(text, kept) == quickly(text, kept, places) == expected, text
        asked += len(expected)
    assert asked > 60


def test_where_only_flags_are_wanted_they_are_the_same() -> None:
    flagged, among = 0, BulkFilter(tables_of(INDEX.profiles, INDEX.postings)).hopeful([*variants()], NO_FLAG)
    for text, places in zip(variants(), among, strict=True):
        expected = [match for match in INDEX.match(text) if match.score >= FLAG_FROM]
        for known in (None, places):
            found = INDEX.match(text, among=known, at_least=NO_FLAG)
            assert [match for match in found if match.band == "flag"] == expected, text
        flagged += len(expected)
    assert flagged > 30


def shares_a_key(number: str, text: ListingText) -> bool:
    return bool(KEYS[number] & listing_keys(quick_read(text)))


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.sampled_from(["", *WORDS]))
def test_titles_of_any_words_have_the_same_matches_either_way(title: list[str], brand: str) -> None:
    text = ListingText("1", " ".join(title), brand=brand)
    expected = {number: match for number, match in plainly(text, READINGS).items() if shares_a_key(number, text)}
    assert quickly(text, INDEX) == expected


def test_evidence_is_in_the_order_of_the_rules_and_adds_up() -> None:
    orders = {signal: place for place, rule in enumerate(RULES) for signal in rule.signals}
    for text in LISTINGS:
        for match in INDEX.judged(text):
            places = [orders[item.signal] for item in match.evidence if item.signal in orders]
            assert places == sorted(places)
            reading = READINGS[INDEX.numbers.index(match.recall_number)]
            assert compare(reading, read_listing(text), at_least=HOPELESS) == compare(reading, read_listing(text))
            assert match.product_index == best_product(reading, read_listing(text))


@settings(max_examples=300)
@given(st.text(alphabet="aB3 -.7é(x", max_size=30))
def test_numbers_are_the_same_with_and_without_their_places(title: str) -> None:
    assert set(numbers_in(title)) == set(models_in(title, "title", joined=True, digits_alone=True))


@given(st.text(alphabet="aBа3 -.é&;<b>\u200b", max_size=70), st.integers(0, 80))
def test_a_field_that_comes_again_is_read_like_one_met_for_the_first_time(field: str, most: int) -> None:
    expected = read_pieces(field, most)
    assert read_field(field, most) == expected
    assert read_field(field, most) == expected


def words_one_by_one(text: ListingText) -> None:
    """What is kept with each piece of a text is what asking for each of its words gives."""
    shown = quick_read(text)
    assert shown.distinctive == distinctive_in(shown.words - shown.joined.keys())
    assert shown.of_brand == [each for word in shown.brand for each in distinctive_in([word])]
    assert shown.kinds_in_title == product_types_in(shown.title)
    described = {*words_of(text.description[:DESCRIPTION_READ])} - (shown.words - shown.joined.keys())
    assert shown.more in ([], distinctive_in(described))


def test_what_pieces_bring_is_what_their_words_bring() -> None:
    for text in variants():
        words_one_by_one(text)


@settings(max_examples=150)
@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=4))
def test_texts_of_any_characters_bring_what_their_words_bring(
    title: str, brand: str, said: str, words: list[str]
) -> None:
    known = " ".join(words)
    words_one_by_one(
        ListingText("1", f"{title} {known}, charger not included", f"{known} {brand}", f"Brand: {known} {said}")
    )
