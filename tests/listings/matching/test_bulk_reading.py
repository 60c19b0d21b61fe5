"""What is read of thousands of pieces, words and names at once is what is read of each by itself."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from listings.matching.bulk import filter as filter_module
from listings.matching.bulk.filter import BulkFilter
from listings.matching.bulk.letters import beginnings_of, letters_of, may_be_within
from listings.matching.bulk.plain import absent_in, plain_among, several_among
from listings.matching.bulk.sorted_keys import found_in, sieve_of
from listings.matching.bulk.tables import tables_of
from listings.matching.identifiers import joinable
from listings.matching.loose_numbers import loose_numbers, may_be_in, may_be_of
from listings.matching.normalise import read_piece, skeleton, skeletons, stem, stems
from listings.matching.pieces import HAS_DIGIT, IS_SINGLE, MAY_BE_ABSENT, MAY_CHANGE, marks_of, marks_of_signs
from tests.listings.matching.test_fast_path import INDEX, LISTINGS

PIECES = st.lists(
    st.text(alphabet="aBsol0137-/'&<@*$.,(_®éсмдЖё", min_size=1, max_size=9).map(
        lambda text: "".join(text.split()) or "a"
    ),
    max_size=12,
)
OF_PIECES = IS_SINGLE | HAS_DIGIT | MAY_CHANGE
WORDS = st.lists(st.text(alphabet="abcdeоп", min_size=1, max_size=11), max_size=12)


@settings(max_examples=200, deadline=None)
@given(PIECES)
@example(
    [
        "(not",
        "Without,",
        "not,",
        "дрель",
        "дрель.",
        "хонда",
        "c00ler",
        "c@t",
        "без",
        "сор",
        "h3ll0",
        "12-34",
        "O'Neil",
        "'tis",
        "&",
        "5s",
    ]
)
def test_a_piece_read_with_others_is_read_as_by_itself(pieces: list[str]) -> None:
    plain = plain_among(pieces)
    for place, word, number, marks, digits, begins, ends in zip(*plain, strict=True):
        piece = pieces[place]
        parts = joinable(piece, has_digits=bool(marks_of(piece) & HAS_DIGIT))
        assert read_piece(piece) == ((word,), frozenset())
        assert marks & OF_PIECES == marks_of_signs(piece)
        assert digits == sum(map(str.isdigit, piece))
        assert parts == ((number,) if digits else (), number if ends else "", number if begins else "")


@settings(max_examples=300, deadline=None)
@given(PIECES)
@example(
    [
        "XM-GTX6040,",
        "1/4-20",
        "(34385/86/87)",
        "cell-phone",
        "a.b",
        "a.b.",
        "h-e-a-r-t",
        "c00-ler",
        "16.25",
        "m/f",
        "a--b",
    ]
)
def test_a_piece_of_several_runs_read_with_others_is_read_as_by_itself(pieces: list[str]) -> None:
    several = several_among(pieces, range(len(pieces)))
    for place, words, number, numbers, marks, digits, begins, ends in zip(*several, strict=True):
        piece = pieces[place]
        parts = joinable(piece, has_digits=bool(marks_of(piece) & HAS_DIGIT))
        assert read_piece(piece) == (words, frozenset())
        assert marks & OF_PIECES == marks_of_signs(piece)
        assert digits == sum(map(str.isdigit, piece))
        assert parts == ((number, *numbers) if digits else (), number if ends else "", number if begins else "")


def test_pieces_of_several_runs_are_read_with_others() -> None:
    pieces = ["XM-GTX6040,", "heater", "(1/4-20)", "O'Neil-2", "h-e-a-r-t-h", "т-45"]
    assert several_among(pieces, [0, 2, 3, 4, 5]).places == [0, 2]
    assert several_among(pieces, []).words == []


NUMBERS = st.lists(st.integers(0, 2**62) | st.integers(0, 40), max_size=60)


@given(NUMBERS, NUMBERS)
def test_what_is_looked_up_behind_a_sieve_is_what_is_there(numbers: list[int], asked: list[int]) -> None:
    keys = np.sort(np.array(numbers, dtype=np.int64))
    rows, places = found_in(keys, sieve_of(keys), np.array(asked, dtype=np.int64))
    assert rows.tolist() == [row for row, number in enumerate(asked) if number in numbers]
    assert places.tolist() == [sorted(numbers).index(asked[row]) for row in rows]


@given(PIECES)
@example(["İİİ", "(not", "(not)", "Without,", "İbez", "w/o", "isn't"])
def test_pieces_that_say_what_is_absent_are_found_among_others(pieces: list[str]) -> None:
    assert absent_in(pieces) == {place for place, piece in enumerate(pieces) if marks_of(piece) & MAY_BE_ABSENT}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="AbHLl0159 -.,()\n", max_size=24), max_size=4))
@example(["Norvik bike DR-Z 110 K 5 blue", "Television 50 A 62", "Blower BR 500\nE 232", "a O 1 5l b"])
def test_every_loose_number_that_is_known_is_found_among_many_titles(titles: list[str]) -> None:
    vocabulary = frozenset(number for title in titles for number in loose_numbers(title))
    of_capitals = {*may_be_in(titles, vocabulary)}
    for place, title in enumerate(titles):
        found = {number for at, number in of_capitals if at == place} | {*may_be_of(title, vocabulary)}
        assert loose_numbers(title).keys() <= found


def test_nearly_all_pieces_of_listings_are_read_with_others() -> None:
    pieces = [*{piece for text in LISTINGS for piece in text.title.split()}]
    assert len(plain_among(pieces).places) > 0.8 * len(pieces)
    assert plain_among([]).places == []


@given(WORDS)
def test_skeletons_and_singulars_of_many_words_are_those_of_each(words: list[str]) -> None:
    assert skeletons(words) == [skeleton(word) for word in words]
    assert stems(words) == [stem(word) for word in words]


@given(WORDS.filter(bool), st.text(alphabet="abcdeоп@", min_size=1, max_size=11))
def test_letters_never_rule_out_what_a_comparison_would_find(words: list[str], other: str) -> None:
    letters, of_other = letters_of(words), letters_of([other]).masks[0]
    distances = np.array([DamerauLevenshtein.distance(word, other) for word in words])
    assert may_be_within(distances, letters.masks, np.full(len(words), of_other)).all()
    assert letters.lengths.tolist() == [len(word) for word in words]
    for word, first, second in zip(words, letters.first.tolist(), letters.second.tolist(), strict=True):
        assert len(word) < 3 or (first, second) == beginnings_of(word)


@given(WORDS, WORDS)
def test_letters_of_further_words_are_added(words: list[str], more: list[str]) -> None:
    words, more = ([f"{word}aa" for word in given] for given in (words, more))
    together, apart = letters_of([*words, *more]), letters_of(words).more(more)
    assert all(np.array_equal(one, other) for one, other in zip(together, apart, strict=True))


def test_few_pairs_at_once_or_many_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tables_of(INDEX.profiles, INDEX.postings)
    expected = BulkFilter(tables).hopeful(LISTINGS)
    monkeypatch.setattr(filter_module, "AT_ONCE", 30)
    assert BulkFilter(tables).hopeful(LISTINGS) == expected
    assert any(expected)
