import math

import pytest

from listings.matching.rules.base import WEIGHTS
from listings.matching.score import FLAG_FROM, compare
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


SUNBURST = recall(
    "Hearthline Sunburst space heaters", brand="Hearthline", models=("HL-200R",), gtins=("4006381333931",)
)


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Hearthline Sunburst space heater HL-200R - this is NOT the recalled product"},
        {"title": "Hearthline Sunburst space heater HL-200R (not affected by recall)"},
        {"title": "Hearthline Sunburst space heater HL-200R", "description": "Not part of any recall."},
        {"title": "Hearthline Sunburst space heater (nicht vom Rückruf betroffen)"},
        {"title": "Hearthline Sunburst space heater, replaces the recalled heater"},
        {"title": "Heater, recall free", "gtin": "4006381333931"},
    ],
)
def test_the_sellers_mere_word_makes_a_question_of_what_would_be_flagged(said: dict[str, str]) -> None:
    """Whoever sells the recalled product would say so, too."""
    match = compare(SUNBURST, listing(**said))
    assert match is not None
    assert match.band == "ask"
    total = sum(item.weight for item in match.evidence) + WEIGHTS["prior"]
    assert math.isclose(match.score, 1 / (1 + math.exp(-total)), abs_tol=1e-3)
    assert match.score < FLAG_FROM


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline kettle, not the recalled heater",
        "Norvik heater, safe replacement for recalled Hearthline heaters",
        "Hearthline fan heater HL-900, not affected by recall",
    ],
)
def test_what_would_be_no_flag_anyway_is_not_asked_about(title: str) -> None:
    match = compare(SUNBURST, listing(title))
    assert match is None or match.band == "no"
