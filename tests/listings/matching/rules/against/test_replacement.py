import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters")


@pytest.mark.parametrize(
    "title",
    [
        "Norvik heater safe replacement for recalled Hearthline space heater",
        "Norvik heater, alternative to the recalled Hearthline",
        "Norvik heater upgrade, replaces recalled Hearthline heater",
    ],
)
def test_what_is_offered_instead_of_the_recalled_product_is_not_it(title: str) -> None:
    assert found(RECALL, listing(title))["replacement_for_recalled"].weight <= -6


def test_the_product_itself_is_no_replacement() -> None:
    assert "replacement_for_recalled" not in found(RECALL, listing("Hearthline space heater"))
