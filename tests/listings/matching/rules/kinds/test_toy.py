import pytest

from tests.listings.matching.build import found, listing, recall

WASHER = recall("Hearthline pressure washers", brand="Hearthline", models=("HL-200R",))


@pytest.mark.parametrize(
    "title",
    [
        "Toy pressure washer Hearthline HL-200R",
        "Hearthline HL-200R dollhouse pressure washer",
        "Hearthline HL-200R 1:12 scale model",
        "Spielzeug Hochdruckreiniger Hearthline HL-200R",
        "Juguete Hearthline HL-200R",
        "Jouet Hearthline HL-200R",
        "Giocattolo Hearthline HL-200R",
        "Speelgoed Hearthline HL-200R",
        "Zabawka Hearthline HL-200R",
        "Oyuncak Hearthline HL-200R",
        "Игрушка Hearthline HL-200R",
        "玩具 Hearthline HL-200R",
        "おもちゃ Hearthline HL-200R",
        "Brinquedo Hearthline HL-200R",
    ],
)
def test_a_toy_or_a_model_of_it_is_not_the_product_in_any_language(title: str) -> None:
    assert found(WASHER, listing(title))["toy"].weight < -5


def test_a_recalled_toy_is_a_toy() -> None:
    assert "toy" not in found(recall("Hearthline toy trucks", brand="Hearthline"), listing("Hearthline toy truck"))


def test_what_comes_along_does_not_make_it_a_toy() -> None:
    assert "toy" not in found(WASHER, listing("Hearthline HL-200R with free toy"))


def test_toys_as_a_word_to_be_found_by_does_not_make_a_toy_of_the_product() -> None:
    scooters = recall("Zelprio electric scooters", brand="Zelprio")
    stuffed = "Zelprio electric scooter kids ride-on outdoor sports toys fast ship"
    assert "toy" not in found(scooters, listing(stuffed))
    assert "toy" in found(scooters, listing("Zelprio electric scooter toy for dolls"))
    assert "toy" in found(scooters, listing("Toys: Zelprio electric scooter"))


def test_a_product_that_the_recalls_first_sentence_calls_a_toy_is_one() -> None:
    spinners = recall("First Spinner", brand="Zelprio", description="Spinning toy with a suction cup. Sold in shops.")
    assert "toy" not in found(spinners, listing("Zelprio First Spinner suction toy"))


@pytest.mark.parametrize("said", ["(not a toy)", "- this is not a toy", "NO TOY", "kein Spielzeug", "no es un juguete"])
def test_what_says_to_be_no_toy_is_none(said: str) -> None:
    assert "toy" not in found(WASHER, listing(f"Hearthline HL-200R pressure washer {said}"))


@pytest.mark.parametrize("said", ["not full size, toy", "toy, not for children", "a notable toy"])
def test_a_toy_that_says_not_of_something_else_is_a_toy(said: str) -> None:
    assert "toy" in found(WASHER, listing(f"Hearthline HL-200R pressure washer {said}"))
