"""Model numbers that sellers write without the letters at their end."""

import pytest

from listings.matching import ListingText, RecallIndex
from listings.matching.model_stems import model_stems
from listings.matching.texts import Span
from tests.listings.matching.build import found, listing, recall

SAWS = recall("Zelprio saws", brand="Zelprio", description="The recall involves model numbers ZW575SB and KR-200R.")


def stated(*numbers: str) -> dict[str, Span]:
    return {number: Span("recall description", 0, len(number), number.upper()) for number in numbers}


@pytest.mark.parametrize("number", ["ZW575", "ZW-575", "KR200"])
def test_a_number_without_its_last_letters_is_as_good_as_a_short_one(number: str) -> None:
    """It may be a model of its own, too."""
    evidence = found(SAWS, listing(f"Zelprio saw {number}"))
    assert 2 < evidence["same_short_model"].weight < 3
    assert not {"other_model", "limits_not_stated"} & evidence.keys()
    [match] = RecallIndex([SAWS]).judged(ListingText("L-1", f"Zelprio saw {number}"))
    assert match.band in {"flag", "ask"}


def test_the_whole_number_wins_over_its_stem() -> None:
    evidence = found(SAWS, listing("Zelprio saw ZW575 ZW575SB"))
    assert evidence["same_model_and_brand"].listing_span.text == "ZW575SB"


@pytest.mark.parametrize("number", ["ZW575XQ", "ZW576", "KR300", "ZV575"])
def test_other_letters_or_digits_make_another_number(number: str) -> None:
    assert not {"same_model_and_brand", "same_short_model"} & found(SAWS, listing(f"Zelprio saw {number}")).keys()


def test_a_stem_says_nothing_where_the_recall_leaves_out_a_number_that_begins_so() -> None:
    assert model_stems([stated("zw575sb")], ()).keys() == {"zw575"}
    assert model_stems([stated("zw575sb")], {"zw575dc"}) == {}


def test_a_number_that_the_recall_states_is_no_stem_of_another() -> None:
    assert model_stems([stated("zw575sb", "zw575")], ()) == {}


@pytest.mark.parametrize("number", ["5750sb", "zw5s", "zwsb", "k25b"])
def test_what_is_left_must_be_a_number_of_its_own(number: str) -> None:
    assert model_stems([stated(number)], ()) == {}
