"""Thousands of listings at once: nothing is left out that one listing after the other would be compared with."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listings.matching import ListingText, RecallIndex, RecallReading, quick_read, read_recall
from listings.matching.bulk import filter as filter_module
from listings.matching.bulk import pieces
from listings.matching.bulk.filter import BulkFilter
from listings.matching.bulk.tables import tables_of
from listings.matching.identifiers import joinable, numbers_in
from listings.matching.lexicon import compound_product_type
from tests.listings.matching.build import recall
from tests.listings.matching.test_fast_path import INDEX, LISTINGS, WORDS, variants
from tests.listings.matching.test_upper_bound import NOT_LEFT_OUT

FILTER = BulkFilter(tables_of(INDEX.profiles, INDEX.postings))


def filter_of(*readings: RecallReading) -> tuple[RecallIndex, BulkFilter]:
    index = RecallIndex(readings)
    return index, BulkFilter(tables_of(index.profiles, index.postings))


def left_out(index: RecallIndex, by: BulkFilter, texts: list[ListingText]) -> list[str]:
    """Titles of the listings of which a recall is missing that is to be compared."""
    return [
        text.title
        for text, among in zip(texts, by.hopeful(texts), strict=True)
        if among is not None and not set(index.hopeful(quick_read(text))) <= set(among)
    ]


def test_no_listing_that_is_shipped_is_left_out_and_most_others_are() -> None:
    texts = [*variants()]
    assert left_out(INDEX, FILTER, texts) == []
    ruled_out = [text for text, among in zip(texts, FILTER.hopeful(texts), strict=True) if among == ()]
    assert len(ruled_out) > len(texts) / 3
    assert not any(INDEX.judged(text) for text in ruled_out)


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), min_size=1, max_size=20))
def test_no_title_of_any_words_is_left_out(titles: list[list[str]]) -> None:
    assert left_out(INDEX, FILTER, [ListingText("1", " ".join(words)) for words in titles]) == []


@settings(max_examples=25)
@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=40), st.sampled_from(LISTINGS))
def test_no_text_of_any_characters_is_left_out(title: str, brand: str, description: str, text: ListingText) -> None:
    mixed = ListingText("1", f"{title} {text.title}", description, brand or text.brand, title[:14], brand)
    assert left_out(INDEX, FILTER, [mixed, text]) == []


@pytest.mark.parametrize("case", NOT_LEFT_OUT)
def test_what_the_bound_keeps_is_kept(case: str) -> None:
    recalled, text = NOT_LEFT_OUT[case]
    assert left_out(*filter_of(read_recall(recalled)), [text]) == []


HEATER = recall("Hearthline space heaters", number="1", brand="Hearthline", models=("HL-200R", "PPCXM06A"))
PUSHCHAIR = recall("Tekna folding pushchairs", number="3", brand="Tekna")
CARRIAGE = recall("Play Pen Maclaren strollers", number="2", brand="Maclaren", gtins=("00012345678905",))


@pytest.mark.parametrize(
    "text",
    [
        ListingText("1", "Hearthline heater HL 200 R"),
        ListingText("1", "Heater PPCXM 06 A"),
        ListingText("1", "Heater (PPCXM 06 A), white"),
        ListingText("1", "Heater, white", mpn="hl-2OOr"),
        ListingText("1", "Hearth Line space heater"),
        ListingText("1", "Heartline space heater"),
        ListingText("1", "Нearthline space heater"),
        ListingText("1", "Hearthline&#32;space heater"),
        ListingText("1", "Space heater, battery not included", brand="Hearthline"),
        ListingText("1", "Space heater", "Brand: Hearthline; Model: HL-200R"),
        ListingText("1", "Maclaren Kinderwagen"),
        ListingText("1", "playpen stroller by Maclaren"),
        ListingText("1", "Pushchair", gtin="012345678905"),
        ListingText("1", "Pushchair 0 12345 67890 5"),
        ListingText("1", "Pushchair", gtin='="012345678905"'),
        ListingText("1", "Pushchair T E K N A"),
        ListingText("1", "Pushchair T E K N A, white"),
        ListingText("1", "TeknaFoldingPushchair/white"),
        ListingText("1", "white-TeknaFoldingPushchair"),
    ],
    ids=lambda text: text.title,
)
def test_ways_of_writing_a_recalled_product_are_found_at_once(text: ListingText) -> None:
    index, by = filter_of(HEATER, CARRIAGE, PUSHCHAIR)
    assert index.judged(text)
    assert left_out(index, by, [text]) == []


def test_listings_without_a_word_are_ruled_out() -> None:
    texts = [ListingText("1", title) for title in ("", " ", "!!!", "—")]
    assert FILTER.hopeful(texts) == [()] * len(texts)
    assert FILTER.hopeful([]) == []
    _, by = filter_of()
    assert by.hopeful(LISTINGS[:3]) == [()] * 3


def test_forgetting_pieces_between_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MAX_PIECES", 50)
    by = BulkFilter(tables_of(INDEX.profiles, INDEX.postings))
    for start in range(0, len(LISTINGS), 20):
        assert by.hopeful(LISTINGS[start : start + 20]) == FILTER.hopeful(LISTINGS[start : start + 20])


def test_a_very_long_listing_costs_itself_alone() -> None:
    hostile = ListingText("1", "ab-" * 20_000, "9 " * 40_000, "x:" * 9_000, "1" * 50_000, "z/" * 9_000)
    assert left_out(INDEX, FILTER, [LISTINGS[0], hostile, LISTINGS[1]]) == []


@settings(max_examples=150)
@given(st.text(alphabet="HLhl2oO0iI-/._ ,()®×", max_size=14))
def test_every_number_of_a_title_can_be_joined_from_its_pieces(title: str) -> None:
    parts = [joinable(piece, has_digits=any(map(str.isdigit, piece))) for piece in title.split()]
    numbers = {number for part in parts for number in part.numbers}
    numbers |= {one.lead + two.follow for one, two in pairwise(parts)}
    triples = zip(parts, parts[1:], parts[2:], strict=False)
    numbers |= {one.lead + two.follow + three.follow for one, two, three in triples}
    assert set(numbers_in(title)) <= numbers


def test_a_listing_that_has_the_words_of_all_recalls_is_left_to_the_plain_path() -> None:
    stuffed = ListingText("1", " ".join(WORDS)[:700], " ".join(reversed(WORDS))[:1_500])
    by = BulkFilter(tables_of(INDEX.profiles, INDEX.postings))
    assert by.hopeful([stuffed, LISTINGS[0]])[0] is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filter_module, "MOST", 100)
        assert by.hopeful([stuffed, LISTINGS[0]])[0] is None


def test_a_compound_ends_in_a_kind_and_begins_with_a_word() -> None:
    assert compound_product_type("babycrib") == "crib"
    assert compound_product_type("describes") == ""
