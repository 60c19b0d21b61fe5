import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", title="Hearthline Recalls Space Heaters Due to Fire Hazard")


def test_the_same_brand_speaks_for_it() -> None:
    assert found(RECALL, listing("HEARTHLINE heater"))["brand_equal"].weight > 1


def test_a_brand_that_stands_on_very_many_things_says_less() -> None:
    common = recall("Lenovo heaters", title="Lenovo Recalls Heaters")
    assert (
        found(common, listing("Lenovo heater"))["brand_equal"].weight
        < found(RECALL, listing("Hearthline heater"))["brand_equal"].weight
    )


@pytest.mark.parametrize("misspelt", ["Heartline", "Hearthhline", "Haerthline", "Hearthlime", "Hearthlne"])
def test_a_misspelt_brand_is_recognised_and_named(misspelt: str) -> None:
    evidence = found(RECALL, listing(f"{misspelt} space heater"))["brand_misspelt"]
    assert evidence.weight > 0
    assert misspelt in evidence.says


def test_a_known_word_is_no_misspelling() -> None:
    recalled = recall("Slate heaters", title="Slater Recalls Heaters")
    assert "brand_misspelt" not in found(recalled, listing("plate heater"))


def test_a_brand_in_the_description_counts_in_part() -> None:
    described = found(RECALL, listing("Heater", description="It was made by Hearthline."))["brand_equal"]
    assert 0 < described.weight < found(RECALL, listing("Hearthline heater"))["brand_equal"].weight


def test_another_stated_brand_speaks_against_it() -> None:
    evidence = found(RECALL, listing("Space heater", brand="Norvik"))["brand_other"]
    assert evidence.weight < -1
    assert "Norvik" in evidence.says


def test_a_brand_that_it_is_only_for_is_not_its_brand() -> None:
    assert "brand_equal" not in found(RECALL, listing("Wall bracket for Hearthline heater"))


def test_no_brand_at_all_hardly_counts() -> None:
    assert -1 < found(RECALL, listing("space heater"))["brand_not_stated"].weight < 0


def test_a_recall_without_a_brand_says_nothing_of_brands() -> None:
    assert not [
        signal
        for signal in found(recall("Toy", title="Toy Recall"), listing("toy", brand="Norvik"))
        if signal.startswith("brand")
    ]
