import pytest

from tests.listings.matching.build import found, listing, recall


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Hearthline gas ranges", "Hearthline electric range"),
        ("Hearthline electric wall ovens", "Hearthline gas wall oven"),
        ("Hearthline cordless mowers", "Hearthline corded mower"),
        ("Hearthline battery mowers", "Hearthline gas mower"),
        ("Hearthline cordless nailers", "Hearthline pneumatic nailer"),
        ("Hearthline LED bulbs", "Hearthline halogen bulb"),
        ("Hearthline upright vacuums", "Hearthline canister vacuum"),
        ("Hearthline laser printers", "Hearthline inkjet printer"),
    ],
)
def test_the_other_type_is_evidence_against_it_and_shows_both_words(name: str, title: str) -> None:
    evidence = found(recall(name), listing(title))["different_type"]
    assert evidence.weight < -1
    assert evidence.recall_span is not None
    assert evidence.listing_span is not None


@pytest.mark.parametrize("title", ["Hearthline range", "Hearthline gas range", "Hearthline propane gas range"])
def test_the_same_type_or_none_says_nothing(title: str) -> None:
    assert "different_type" not in found(recall("Hearthline gas ranges"), listing(title))
