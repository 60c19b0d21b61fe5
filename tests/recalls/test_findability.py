"""How well listings of a recall can be found is told from what the recall says."""

import pytest

from recalls.findability import Findability, rate


def rated(text: str) -> Findability:
    return rate(brands=[], model_numbers=[], gtins=[], names=["Bassinet"], text=text, pictures=0)


@pytest.mark.parametrize(
    "number", ["TL1302", "148012-A", "HI1318_13", "NS-MC60SS8", "A-12/3", "4711D"], ids=lambda number: number
)
def test_a_model_number_that_only_the_text_has_counts_half_however_it_is_written(number: str) -> None:
    found = rated(f"Grey, folding into a handbag, model number {number}.")
    assert found.score >= 20
    assert "Enter the model numbers as fields of their product. They are now only in the text." in found.advice


@pytest.mark.parametrize("text", ["Sold from 2021 to 2024.", "About 16 oz.", "Sold in the U.S.", "Sizes 2-3 and 24/36"])
def test_years_sizes_and_places_are_no_model_numbers(text: str) -> None:
    found = rated(text)
    assert found.score < 20
    assert found.advice[0] == "Too little detail to match: listings may not be found. Add identifiers."
