"""Real-world inputs that broke others, seen through the whole engine."""

import pytest

from listings.matching import ListingReading, RecallIndex, RecallReading, compare
from tests.listings.matching.build import found, listing, recall

HEATER = recall(
    "Hearthline Sunburst space heaters",
    title="Hearthline Recalls Sunburst Space Heaters Due to Fire Hazard",
    models=("HL-200R", "HL-250R"),
    gtins=("012345678905",),
    description="This recall involves models HL-200R and HL-250R; model HL-400R is not included.",
)


def band(recalled: RecallReading, listed: ListingReading) -> str:
    matches = RecallIndex([recalled]).match(listed.text)
    return matches[0].band if matches else "no"


@pytest.mark.parametrize("gtin", ["012345678905", "12345678905", "0 12345 67890 5", "0012345678905"])
def test_a_gtin_is_found_however_it_is_written(gtin: str) -> None:
    assert band(HEATER, listing("Room warmer", gtin=gtin)) == "flag"


def test_a_gtin_in_scientific_notation_is_not_guessed() -> None:
    assert band(HEATER, listing("Room warmer", gtin="1.23457E+10")) == "no"


@pytest.mark.parametrize(
    "title", ["Hearthline&amp;amp; Sunburst heater HL-200R", "ï»¿Hearthline Sunburst heater – HL-200R"]
)
def test_escaped_and_garbled_text_is_found(title: str) -> None:
    assert band(HEATER, listing(title)) == "flag"


@pytest.mark.parametrize(
    "title",
    [
        "обогреватель Hearthline Sunburst HL-200R новый",
        "取暖器 Hearthline Sunburst HL-200R",
        "Heizlüfter Hearthline Sunburst",
        "ヒーター Hearthline HL200R",
    ],
)
def test_a_title_in_another_language_is_found_by_brand_and_model(title: str) -> None:
    assert band(HEATER, listing(title)) == "flag"


@pytest.mark.parametrize(
    "title",
    [
        "Неаrthlinе Sunburst heater",  # Cyrillic letters
        "Hearth\u200bline Sun\u200bburst heater",
        "Hearthline heater HL-2OOR",  # letters O
        "Ｈｅａｒｔｈｌｉｎｅ heater ＨＬ２００Ｒ",
        "Heartline Sunburst heater",
    ],
)
def test_a_disguised_title_is_found(title: str) -> None:
    assert band(HEATER, listing(title)) == "flag"


def test_the_disguise_itself_is_shown() -> None:
    assert "disguised" in found(HEATER, listing("Неаrthlinе Sunburst heater"))


@pytest.mark.parametrize(
    ("title", "signal"),
    [
        ("Replacement filter for recalled Hearthline Sunburst heater HL-200R", "accessory"),
        ("Remote control compatible with Hearthline Sunburst HL-200R", "accessory"),
        ("Norvik heater, alternative to the recalled Hearthline Sunburst", "replacement_for_recalled"),
        ("Hearthline Sunburst heater HL-200R owner's manual", "media"),
    ],
)
def test_what_only_speaks_of_the_product_is_not_flagged_and_says_why(title: str, signal: str) -> None:
    listed = listing(title)
    assert band(HEATER, listed) == "no"
    assert found(HEATER, listed)[signal].weight < 0


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline Sunburst heater, not affected by the recall",
    ],
)
def test_what_the_seller_says_to_be_not_affected_is_asked_about_and_says_why(title: str) -> None:
    assert band(HEATER, listing(title)) == "ask"
    assert found(HEATER, listing(title))["not_affected"].weight < 0


def test_a_recall_of_lots_that_the_listing_does_not_state_is_asked_about_not_dropped() -> None:
    cans = recall(
        "Zelprio aerosol sprays",
        title="Zelprio Recalls Aerosol Sprays",
        description="The recall involves sprays with lot numbers L2209 to L2214, printed on the bottom of the can.",
    )
    match = compare(cans, listing("Zelprio aerosol spray 300g"))
    assert match is not None
    assert match.band in {"ask", "flag"}
    assert match.score < 0.9


def test_a_model_that_the_recall_leaves_out_is_not_flagged() -> None:
    assert band(HEATER, listing("Hearthline Sunburst heater HL-400R")) == "no"
    assert band(HEATER, listing("Hearthline Sunburst heater HL-250R")) == "flag"


def test_another_size_is_lowered_and_a_pack_of_two_is_not() -> None:
    bottle = recall(
        "NUK First Choice 240 mL Glass Baby Bottles", title="First Choice Glass Baby Bottles Recalled by NUK"
    )
    single = compare(bottle, listing("NUK First Choice glass bottle 240 ml"))
    pack = compare(bottle, listing("2-pack NUK First Choice glass bottle 240 ml"))
    assert single is not None
    assert pack is not None
    assert single.score <= pack.score
    assert band(bottle, listing("NUK First Choice glass bottle 120 ml")) == "no"


def test_a_laptop_sold_with_a_recalled_battery_is_reached_as_the_part_it_contains() -> None:
    battery = recall(
        "Lithium-ion batteries used in Zelprio notebook computers",
        title="Zelprio Recalls Notebook Computer Batteries Due to Fire Hazard",
        description="The batteries were sold with the following notebook computers: Zelprio Meadow Z420 and Z520.",
    )
    listed = listing("Zelprio Meadow Z420 notebook 15 inch", brand="Zelprio")
    assert band(battery, listed) == "flag"
    assert "sold with this laptop" in found(battery, listed)["contains_component"].detail


def test_a_recall_of_nothing_but_a_title_flags_nothing() -> None:
    nothing = recall("Toy", title="Toy Recall")
    assert band(nothing, listing("Wooden toy train")) == "no"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Drillrig steam kettle KTL-4711D 1.7 l", "flag"),
        ("DRILLRIG kettle ktl 4711d boxed", "flag"),
        ("Drillrig KTL-4711D steam kettles, used", "flag"),
        ("Steam kettle Drillrig 4711 KTL4711D new", "flag"),
        ("Lid for Drillrig kettle KTL-4711D, lid only", "no"),
        ("Drillrig steam kettle KTL-4712D", "no"),
    ],
)
def test_one_letter_of_a_model_number_decides(title: str, expected: str) -> None:
    kettle = recall(
        "Drillrig Steam Kettles",
        title="Offshelf Drill Rig Kettles KTL-4711D Recalled: Burn Hazard",
        brand="Drillrig",
        models=("KTL-4711D",),
        description="Drillrig kettles with model number KTL-4711D. Model KTL-4712D is not included.",
    )
    assert band(kettle, listing(title, brand="" if "Lid" in title else "Drillrig")) == expected
