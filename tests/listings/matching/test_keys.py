import pytest

from listings.matching import ListingReading, RecallReading, listing_keys, quick_read, recall_keys
from listings.matching.normalise import skeleton
from tests.listings.matching.build import listing, recall


def keys(listed: ListingReading) -> set[str]:
    return listing_keys(quick_read(listed.text))


@pytest.mark.parametrize(
    ("recalled", "listed"),
    [
        (recall(gtins=("012345678905",)), listing("Something else", gtin="12345678905")),
        (recall(models=("PPCXM06",)), listing("Power bank PPCXM 06")),
        (recall("Tatamia high chairs"), listing("TATAMIA")),
        (recall("Maclaren strollers"), listing("Kinderwagen Maclaren")),
        (recall("Vitodens boilers"), listing("Vitidens boiler")),
        (recall("Maclaren strollers"), listing("Масlаrеn stroller")),
        (recall("Benadryl elixir"), listing("elixir", description="It comes in a box. Make: Benadryl.")),
        (
            recall("Power cords", brand="Lenovo", description="Sold with IdeaPad laptops."),
            listing("Lenovo IdeaPad laptop"),
        ),
    ],
    ids=["gtin", "model", "rare word", "translated", "misspelt", "homoglyphs", "description", "host"],
)
def test_the_right_recall_is_a_candidate(recalled: RecallReading, listed: ListingReading) -> None:
    assert recall_keys(recalled) & keys(listed)


def test_an_unrelated_listing_is_no_candidate() -> None:
    assert not recall_keys(recall("Maclaren strollers")) & keys(listing("Cotton bath towel set of six"))


def test_keys_of_a_listing_are_bounded_whatever_it_says() -> None:
    long = " ".join(
        f"Zelprio{letter}qua X{number}AB{number}" for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 10)
    )
    assert len(keys(listing(long, description=long, brand=long[:60], mpn="AB-1234"))) <= 40


def test_keys_depend_on_the_one_text_alone() -> None:
    before = keys(listing("Hearthline heater HL-200R"))
    for number in range(50):
        keys(listing(f"Hearthline heater HL-{number}00R"))
    assert keys(listing("Hearthline heater HL-200R")) == before


@pytest.mark.parametrize("misspelt", ["vitidens", "vitoodens", "vitdoens", "vitodenns"])
def test_most_misspellings_have_the_skeleton_of_the_word(misspelt: str) -> None:
    assert skeleton(misspelt) == skeleton("vitodens")
