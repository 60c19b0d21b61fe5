"""S taken for 5 and B for 8 in model numbers, as people and programs that read labels do."""

import pytest

from listings.matching.misread_models import misread_models
from listings.matching.texts import Span
from tests.listings.matching.build import found, listing, recall

MIXERS = recall("Zelprio mixers", brand="Zelprio", description="The recall involves model numbers KS5418 and KS54B8.")


def stated(*numbers: str) -> dict[str, Span]:
    return {number: Span("recall description", 0, len(number), number.upper()) for number in numbers}


def test_each_letter_and_digit_may_be_misread_alone_or_all_that_are_alike() -> None:
    forms = misread_models([stated("kb5s188")], ())
    assert {"k85s188", "kbss188", "kb55188", "kb5s1b8", "kb5s18b", "kb5s1bb"} <= forms.keys()


@pytest.mark.parametrize("number", ["k58", "154188", "absbs"])
def test_short_numbers_and_those_of_one_kind_of_signs_are_read_as_they_are(number: str) -> None:
    assert misread_models([stated(number)], ()) == {}


def test_a_number_put_together_of_brand_and_digits_is_not_misread() -> None:
    assert misread_models([{"robert5750": Span("recall description", 0, 4, "5750")}], ()) == {}


def test_a_number_that_the_recall_names_or_leaves_out_is_no_misread_one() -> None:
    forms = misread_models([stated("ks5418", "ks541b")], {"k55418"})
    assert forms.keys().isdisjoint({"ks5418", "ks541b", "k55418"})


@pytest.mark.parametrize("number", ["K55418", "KS541B", "KSS418"])
def test_a_misread_number_is_the_recalled_one(number: str) -> None:
    evidence = found(MIXERS, listing(f"Zelprio mixer {number}"))
    assert evidence["same_model_and_brand"].weight > 6
    assert "other_model" not in evidence


@pytest.mark.parametrize("number", ["KS5419", "KS6418", "KT5418"])
def test_another_number_stays_another_one(number: str) -> None:
    evidence = found(MIXERS, listing(f"Zelprio mixer {number}"))
    assert "same_model_and_brand" not in evidence
    assert "other_model" in evidence
