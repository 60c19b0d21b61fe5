import pytest

from listings.matching import RecallIndex
from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", title="Hearthline Recalls Space Heaters", models=("HL-200R",))


@pytest.mark.parametrize(
    "title",
    [
        "Carrying case for Hearthline space heater HL-200R",
        "Replacement filter compatible with Hearthline heater",
        "Wall bracket for Hearthline HL-200R",
        "Remote control for Hearthline heater HL-200R",
        "Drive belt Hearthline HL-200R",
        "Hearthline HL-200R windshield, tinted",
        "Hearthline HL-200R water tank",
        "Hearthline HL-200R pad holder 2-cup",
        "Hülle für Hearthline HL-200R",
        "funda para Hearthline HL-200R",
        "чехол Hearthline HL-200R",
        "Hearthline HL-200R 适用",
    ],
)
def test_what_goes_with_the_product_is_not_the_product(title: str) -> None:
    assert found(RECALL, listing(title))["accessory"].weight < -2


def test_only_a_phrase_in_the_description_counts_in_part() -> None:
    title = found(RECALL, listing("Case for Hearthline heater"))["accessory"]
    described = found(RECALL, listing("Hearthline HL-200R", description="accessory only"))["accessory"]
    assert title.weight < described.weight < 0


@pytest.mark.parametrize("title", ["Hearthline HL-200R with remote", "Hearthline heater HL-200R w/ stand"])
def test_what_is_named_behind_a_number_may_come_along(title: str) -> None:
    assert "accessory" not in found(RECALL, listing(title))


def test_what_comes_along_with_the_product_is_no_accessory() -> None:
    assert "accessory" not in found(RECALL, listing("Hearthline space heater with remote and cable"))


def test_an_accessory_that_is_itself_recalled_is_the_product() -> None:
    cases = recall("Rocketfish Battery Cases", title="Rocketfish Battery Case Recalled by Best Buy")
    assert "accessory" not in found(cases, listing("Rocketfish battery case for iPhone"))


def test_a_recalled_battery_for_a_laptop_is_the_product() -> None:
    batteries = recall("HP notebook computer batteries", title="HP Recalls Notebook Computer Batteries")
    assert "accessory" not in found(batteries, listing("hp ev089aa 12 cell battery for hp pavilion dv6000", brand="hp"))


def test_half_of_a_name_that_was_written_apart_is_no_accessory() -> None:
    helmets = recall("Zelprio Kitemount helmets", brand="Zelprio")
    assert "accessory" not in found(helmets, listing("Zelprio Kite Mount helmet"))
    assert "accessory" in found(helmets, listing("Zelprio Kitemount helmet mount"))


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline space heater for parts or repair",
        "Hearthline space heater, spares or repair",
        "Bundle: Hearthline space heater + remote cover + 2 cups",
        "Compatible with Hearthline - complete space heater with remote",
        "Spare Hearthline space heater, complete unit",
        "Hearthline space heater (accessory listing, ships complete unit)",
    ],
)
def test_the_product_itself_is_none_however_it_is_sold(title: str) -> None:
    assert "accessory" not in found(RECALL, listing(title))


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline space heater repair parts: seal kit",
        "Hearthline space heater complete filter set",
        "Compatible with Hearthline space heater, filter",
    ],
)
def test_what_sounds_alike_and_is_a_part_is_one(title: str) -> None:
    assert "accessory" in found(RECALL, listing(title))


def test_a_title_that_begins_with_what_it_is_for_is_certainly_a_part() -> None:
    leading = found(RECALL, listing("For Hearthline space heater - battery 18V"))["accessory"]
    plain = found(RECALL, listing("Hearthline space heater - battery 18V"))["accessory"]
    assert leading.weight < plain.weight
    assert "accessory" not in found(RECALL, listing("For sale Hearthline space heater HL-200R"))


def test_a_title_that_begins_with_for_and_anything_else_is_no_surer_a_part() -> None:
    led = "For outdoor camping trips, cover black Hearthline HL-200R space heater"
    assert found(RECALL, listing(led))["accessory"].weight > -7
    (match,) = RecallIndex([RECALL]).judged(listing(led).text)
    assert match.band == "flag"


@pytest.mark.parametrize(
    ("title", "is_part"),
    [
        ("Poussette Hearthline 3 roues noire", False),
        ("Hearthline stroller 4 wheels", False),
        ("Hearthline stroller wheels", True),
        ("4 wheels Hearthline stroller", True),
    ],
)
def test_what_a_product_has_several_of_makes_it_no_part(title: str, is_part: bool) -> None:
    assert ("accessory" in found(recall("Hearthline strollers"), listing(title))) == is_part
