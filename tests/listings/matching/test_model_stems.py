"""Model numbers that sellers write without the letters at their end."""

import pytest

from listings.matching.model_stems import model_stems
from listings.matching.texts import Span
from tests.listings.matching.build import found, listing, recall

SAWS = recall("Zelprio saws", brand="Zelprio", description="The recall involves model numbers ZW575SB and KR-200R.")


def stated(*numbers: str) -> dict[str, Span]:
    return {number: Span("recall description", 0, len(number), number.upper()) for number in numbers}


@pytest.mark.parametrize("number", ["ZW575", "ZW-575", "KR200"])
def test_a_number_without_its_last_letters_is_the_recalled_one(number: str) -> None:
    evidence = found(SAWS, listing(f"Zelprio saw {number}"))
    assert evidence["same_model_and_brand"].weight > 3
    assert "other_model" not in evidence


@pytest.mark.parametrize("number", ["ZW575XQ", "ZW576", "KR300", "ZV575"])
def test_other_letters_or_digits_make_another_number(number: str) -> None:
    assert "same_model_and_brand" not in found(SAWS, listing(f"Zelprio saw {number}"))


def test_a_stem_says_nothing_where_the_recall_leaves_out_a_number_that_begins_so() -> None:
    assert model_stems([stated("zw575sb")], ()).keys() == {"zw575"}
    assert model_stems([stated("zw575sb")], {"zw575dc"}) == {}


def test_a_number_that_the_recall_states_is_no_stem_of_another() -> None:
    assert model_stems([stated("zw575sb", "zw575")], ()) == {}


@pytest.mark.parametrize("number", ["5750sb", "zw5s", "zwsb", "k25b"])
def test_what_is_left_must_be_a_number_of_its_own(number: str) -> None:
    assert model_stems([stated(number)], ()) == {}
