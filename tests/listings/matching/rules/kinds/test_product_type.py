import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Maclaren strollers", title="Maclaren Recalls Strollers")


@pytest.mark.parametrize(
    "kind", ["stroller", "pushchair", "Kinderwagen", "cochecito", "poussette", "коляска", "婴儿推车", "ベビーカー"]
)
def test_the_same_kind_is_evidence_for_it_in_any_language(kind: str) -> None:
    evidence = found(RECALL, listing(f"{kind} Maclaren"))["same_product_type"]
    assert evidence.weight > 1
    assert evidence.listing_span is not None
    assert evidence.listing_span.text == kind


def test_a_wide_kind_says_less() -> None:
    assert (
        found(recall("Zelprio toys"), listing("Zelprio toy"))["same_product_type"].weight
        < found(RECALL, listing("stroller"))["same_product_type"].weight
    )


def test_a_wider_kind_is_evidence_for_it_in_part() -> None:
    rattles = recall("Brilliant Bee Rattles")
    toy, rattle = (found(rattles, listing(title))["same_product_type"] for title in ("brilliant bee toy", "bee rattle"))
    assert 0 < toy.weight < rattle.weight


def test_another_kind_is_evidence_against_it() -> None:
    assert found(RECALL, listing("Maclaren high chair"))["different_product_type"].weight < 0


def test_a_kind_named_on_the_way_is_weaker_evidence_against_it_than_quite_another() -> None:
    recalled = recall("Sleepi Crib Foam Mattresses")
    crib, lamp = (found(recalled, listing(title))["different_product_type"] for title in ("Sleepi crib", "Sleepi lamp"))
    assert lamp.weight < crib.weight < 0


def test_a_kind_that_the_lexicon_does_not_know_is_compared_by_its_word() -> None:
    assert found(recall("BarJam Brackets"), listing("barjam bracket"))["same_product_type"].weight > 0


def test_what_it_is_for_is_not_what_it_is() -> None:
    assert "same_product_type" not in found(RECALL, listing("Rain cover for Maclaren stroller"))


def test_not_said_hardly_counts() -> None:
    assert -1 < found(RECALL, listing("Maclaren Volo"))["product_type_not_stated"].weight < 0
