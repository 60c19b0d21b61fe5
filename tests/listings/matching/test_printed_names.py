"""Brands that a recall's text prints apart from the firm, and what counts wheels instead of naming one."""

import pytest

from listings.matching import ListingText, ProductText, RecallIndex, RecallReading, RecallText, read_recall
from listings.matching.printed_names import printed_names
from tests.listings.matching.build import found, listing


def text(title: str, name: str, description: str) -> RecallText:
    return RecallText("1", title, description, (ProductText(name),))


def bands(recall: RecallReading, title: str) -> list[str]:
    return [match.band for match in RecallIndex([recall]).judged(ListingText("1", title)) if match.band != "no"]


BOARDS = text(
    "Velto Imports Recalls Self-Balancing Scooters/Hoverboards Due to Fire Hazard",
    "Self-balancing scooters/hoverboards",
    "This recall involves Quimbra brand self-balancing scooters, commonly referred to as hoverboards. The hoverboards "
    "have two wheels at either end of a platform. They were sold in black and in blue.",
)
ROBES = text(
    "Velto Imports Recalls Children's Robes Due to Burn Hazard",
    "Children's robes",
    'This recall involves robes with a hood. "Ostrella" is printed on the neck label. The UPC is printed on the hangtag.',
)
CORDS = text(
    "Velto Recalls Power Cords Due to Fire Hazard",
    "AC power cords",
    "The power cords were sold with Quimbra brand laptop computers.",
)
STROLLERS = text(
    "Strollers Recalled to Repair by Velto USA Due to Fall Hazard",
    "Jogging strollers",
    "This recall involves three-wheel jogging strollers with a canopy.",
)


@pytest.mark.parametrize(
    ("recall", "names"),
    [(BOARDS, ["Quimbra"]), (ROBES, ["Ostrella"]), (CORDS, []), (STROLLERS, [])],
    ids=["said to be a brand", "printed on the goods", "the device of a part", "none"],
)
def test_brands_are_read_where_they_are_printed(recall: RecallText, names: list[str]) -> None:
    assert list(printed_names(recall)) == names


@pytest.mark.parametrize(
    "said",
    [
        "“Made in Vietnam” is printed on the label.",
        "The VIN is printed on the frame.",
        "MMDDYYYY is printed on the carton.",
        "“China” is printed on the back.",
        "Disney is printed on the front.",
        "Model Quimbra 40 is printed on the plate.",
    ],
)
def test_what_is_printed_and_names_nobody_is_no_brand(said: str) -> None:
    assert list(printed_names(text("Velto Recalls Lamps Due to Fire Hazard", "Desk lamps", said))) == []


@pytest.mark.parametrize(
    ("recall", "title"),
    [
        (BOARDS, "Quimbra self balancing hoverboard, blue"),
        (BOARDS, "Quimbra hoverboard blue two wheel"),
        (ROBES, "Ostrella children's robe with hood"),
        (STROLLERS, "Velto three wheel jogging stroller"),
    ],
)
def test_goods_are_found_by_the_brand_that_is_on_them(recall: RecallText, title: str) -> None:
    assert bands(read_recall(recall), title) == ["flag"]


@pytest.mark.parametrize(
    "title",
    [
        "Quimbra hoverboard wheel",
        "Two wheels for Quimbra hoverboard",
        "Quimbra baby monitor with camera",
        "Zandria hoverboard, blue",
    ],
)
def test_parts_and_other_goods_of_that_brand_and_other_makers_are_not_flagged(title: str) -> None:
    assert "flag" not in bands(read_recall(BOARDS), title)


def test_a_printed_brand_alone_is_no_fact_that_limits_the_recall() -> None:
    """Of a maker of many tillers, brand and kind make a question, though a sentence of the recall has the brand."""
    tillers = text(
        "Husqvarna Recalls Lawn and Garden Tillers Due to Laceration Hazard",
        "Lawn and garden tillers",
        "This recall involves Husqvarna® and Poulan Pro® brand rear tine tillers used for plowing. They have an engine, an operator handle, "
        "forward and reverse transmission and tilling widths from 17 to 19 inches, and were sold in red, in orange and in "
        "yellow. The brand name is printed on the side of the tiller, and a serial number on a plate behind the engine.",
    )
    recall = read_recall(tillers)
    assert "limits_not_stated" in found(recall, listing("Poulan Pro gas tiller"))
    assert "limits_not_stated" not in found(recall, listing("Husqvarna Poulan Pro gas tiller"))
