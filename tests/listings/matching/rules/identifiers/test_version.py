import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Zelprio Versa 2 smartwatches", title="Zelprio Recalls Versa 2 Smartwatches")


def test_another_version_is_evidence_against_it() -> None:
    evidence = found(RECALL, listing("Zelprio Versa 4 smartwatch"))["different_version"]
    assert evidence.weight < -1
    assert (evidence.recall_span.text, evidence.listing_span.text) == ("Versa 2", "Versa 4")


@pytest.mark.parametrize(
    "title",
    [
        "Zelprio Versa 2 smartwatch",
        "Zelprio Versa smartwatch",
        "Zelprio Versa 2 and Versa 4 straps",
        "Zelprio Versa 12 inch strap",
    ],
)
def test_the_same_version_or_none_or_a_count_does_not(title: str) -> None:
    assert "different_version" not in found(RECALL, listing(title))


@pytest.mark.parametrize(
    "title", ["Zelprio Versa 4 sporty smartwatch", "Zelprio Versa-4 smartwatch", "Zelprio Versa 3 heated smartwatch"]
)
def test_the_number_behind_a_name_that_has_one_is_a_version_whatever_follows(title: str) -> None:
    assert "different_version" in found(RECALL, listing(title))


@pytest.mark.parametrize("title", ["Zelprio Versa 3 pack smartwatches", "Zelprio Versa 5 pcs smartwatch"])
def test_a_number_of_packs_is_none(title: str) -> None:
    assert "different_version" not in found(RECALL, listing(title))


def test_a_small_l_in_place_of_a_roman_one_is_read_as_such() -> None:
    third = recall("Zelprio Warmo III blankets", title="Zelprio Recalls Warmo III Blankets")
    assert not {"different_version", "sister_line"} & found(third, listing("Zelprio Warmo lll blanket")).keys()
    assert "different_version" in found(third, listing("Zelprio Warmo ll blanket"))


@pytest.mark.parametrize("title", ["Zelprio Versa 6 speed smartwatch", "Zelprio Versa 4 buttons, model ZV-2200"])
def test_a_number_that_counts_what_follows_or_beside_the_same_model_is_none(title: str) -> None:
    numbered = recall("Zelprio Versa 2 smartwatches", title="Zelprio Recalls Versa 2 Smartwatches", models=("ZV-2200",))
    assert "different_version" not in found(numbered, listing(title))
