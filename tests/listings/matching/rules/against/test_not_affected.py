import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters")


@pytest.mark.parametrize(
    "said",
    [
        "NOT affected by recall",
        "(not part of the recall)",
        "recall does not apply to this version",
        "not recalled, new safe version",
        "unaffected by the recent recall",
        "nicht vom Rückruf betroffen",
        "no afectado por la retirada",
        "non concerné par le rappel",
        "не затронут отзывом",
        "非召回",
        "リコール対象外",
    ],
)
def test_the_sellers_word_that_it_is_not_affected_is_shown_in_any_language(said: str) -> None:
    evidence = found(RECALL, listing(f"Hearthline space heater {said}"))["not_affected"]
    assert evidence.weight <= -6
    assert evidence.listing_span is not None
    assert evidence.listing_span.text in f"Hearthline space heater {said}"


def test_a_listing_that_admits_the_recall_is_not_let_off() -> None:
    assert "not_affected" not in found(RECALL, listing("Hearthline space heater, recalled, sold as is"))


def test_german_says_so_with_the_verb_at_the_end() -> None:
    heaters = recall("Hearthline Sunburst space heaters", brand="Hearthline")
    assert "not_affected" in found(heaters, listing("Hearthline Sunburst vom Rückruf nicht betroffen"))
