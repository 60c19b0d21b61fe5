import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", models=("HL-200R",))


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline HL-200R user manual",
        "The Hearthline story, paperback",
        "Hearthline heater poster",
        "Hearthline DVD",
        "Hearthline heater recipe book",
    ],
)
def test_a_book_a_film_or_a_manual_about_it_is_not_it(title: str) -> None:
    assert found(RECALL, listing(title))["media"].weight < -2


def test_a_manual_that_comes_along_with_it_is_no_matter() -> None:
    assert "media" not in found(RECALL, listing("Hearthline HL-200R with user manual"))


def test_a_recalled_book_is_the_product() -> None:
    books = recall("Zelprio children's paperback books")
    assert "media" not in found(books, listing("Zelprio paperback"))
