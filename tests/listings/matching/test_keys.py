import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listings.matching import (
    ListingReading,
    RecallReading,
    keys_apart,
    listing_keys,
    lookup_of,
    quick_read,
    recall_keys,
)
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
        (
            recall("Children's toy rake", description="“Robbie Kelpin Collection Rake” is on a tag on the handle."),
            listing("Robbie Kelpin rake for kids"),
        ),
    ],
    ids=["gtin", "model", "rare word", "translated", "misspelt", "homoglyphs", "description", "host", "tag, no brand"],
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


def may_be_found(recalled: RecallReading, listed: ListingReading) -> bool:
    """As the database looks a recall's keys up among those that a listing is stored under."""
    stored, (single, beside) = keys_apart(quick_read(listed.text)).stored(), lookup_of(recall_keys(recalled))
    return not stored.isdisjoint(single) or any(
        word in stored and not stored.isdisjoint(others) for word, others in beside.items()
    )


def test_two_words_of_a_pair_find_a_listing_that_is_stored_under_each_of_them() -> None:
    recalled = recall("Hearthline Cozy space heaters", brand="Hearthline")
    assert "p:cozy+hearthline" in recall_keys(recalled) & keys(listing("Cozy by Hearthline"))
    assert not any(key.startswith("p:") for key in keys_apart(quick_read(listing("Cozy by Hearthline").text)).stored())
    assert may_be_found(recalled, listing("Cozy by Hearthline"))
    assert not may_be_found(recalled, listing("Space cotton towel"))


WORDS = [
    "Hearthline",
    "Cozy",
    "Maclaren",
    "Techno",
    "XT",
    "space",
    "heater",
    "stroller",
    "HL-200R",
    "HL",
    "200R",
    "towel",
    "cotton",
    "Kinderwagen",
    "Vitidens",
    "4006381333931",
]
RECALLED = (
    recall("Hearthline Cozy space heaters", brand="Hearthline", models=("HL-200R",)),
    recall("Maclaren Techno XT strollers", brand="Maclaren"),
    recall("Vitodens boilers", gtins=("4006381333931",)),
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.sampled_from(["", *WORDS]))
def test_whatever_shares_a_key_is_found_by_what_is_stored(title: list[str], brand: str) -> None:
    listed = listing(" ".join(title), brand=brand)
    for recalled in RECALLED:
        assert may_be_found(recalled, listed) >= bool(recall_keys(recalled) & keys(listed))


def test_keys_depend_on_the_one_text_alone() -> None:
    before = keys(listing("Hearthline heater HL-200R"))
    for number in range(50):
        keys(listing(f"Hearthline heater HL-{number}00R"))
    assert keys(listing("Hearthline heater HL-200R")) == before


@pytest.mark.parametrize("misspelt", ["vitidens", "vitoodens", "vitdoens", "vitodenns"])
def test_most_misspellings_have_the_skeleton_of_the_word(misspelt: str) -> None:
    assert skeleton(misspelt) == skeleton("vitodens")
