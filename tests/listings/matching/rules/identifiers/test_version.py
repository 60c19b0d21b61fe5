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
