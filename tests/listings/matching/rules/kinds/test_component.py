import pytest

from listings.matching import compare
from tests.listings.matching.build import found, listing, recall

BATTERY = recall(
    "ThinkPad notebook computer battery packs",
    title="Lenovo Recalls Battery Packs for ThinkPad Notebook Computers Due to Fire Hazard",
    description="This recall involves Lenovo battery packs sold with the following ThinkPad notebook computers: the Edge 420 "
    "and 520 series; the T410 and T420 series. The black battery packs measure 8 inches.",
)


def test_a_laptop_sold_with_the_recalled_battery_is_reached_and_named_as_such() -> None:
    laptop = listing("lenovo thinkpad edge e420 laptop", brand="lenovo")
    evidence = found(BATTERY, laptop)["contains_component"]
    assert evidence.weight > 2
    assert "battery pack" in evidence.detail
    match = compare(BATTERY, laptop)
    assert match is not None
    assert match.band == "flag"


def test_another_laptop_of_the_brand_is_not_the_host() -> None:
    assert "contains_component" not in found(BATTERY, listing("lenovo thinkpad w701 laptop", brand="lenovo"))


def test_a_sleeve_for_the_laptop_is_not_the_host() -> None:
    match = compare(BATTERY, listing("thinkpad t410 sleeve case", brand="lenovo"))
    assert match is None or match.band == "no"


def test_a_pool_sold_with_the_recalled_ladder_is_reached() -> None:
    ladders = recall(
        "Intex Above-Ground Pool Ladders",
        title="Intex Recreation Corp. Recalls Ladders for Above-Ground Pools Due to Fall Hazard",
        description="The ladders were sold with above ground swimming pools with the brand name Intex and Zelprio Frame.",
    )
    assert "contains_component" in found(ladders, listing("Intex Zelprio Frame pool with ladder", brand="Intex"))


def test_a_product_that_is_no_part_has_no_host() -> None:
    heaters = recall("Hearthline heaters", description="Sold with Hearthline Zelprio laptops.")
    assert "contains_component" not in found(heaters, listing("Hearthline Zelprio laptop"))


def test_a_number_without_its_letter_is_the_host_s_only_beside_the_name_of_its_line() -> None:
    assert "contains_component" not in found(BATTERY, listing("Lenovo Zelprio 420E-17IKB laptop", brand="Lenovo"))
    assert "contains_component" in found(BATTERY, listing("Lenovo ThinkPad Edge 420 laptop", brand="Lenovo"))


def test_a_host_whose_number_of_its_own_is_in_the_mpn_is_another_one() -> None:
    batteries = recall(
        "Lithium-ion batteries used in Hewlett-Packard notebook computers",
        title="HP Recalls Notebook Computer Batteries Due to Fire Hazard",
        description="The batteries are used with HP notebook computers. Notebook Model Number HP Pavilion dv2000, dv2500, "
        "dv2700, dv6000, dv6500.",
    )
    assert "contains_component" not in found(batteries, listing("HP Pavilion Gaming laptop", brand="HP", mpn="15-dk"))
    assert "contains_component" in found(batteries, listing("HP Pavilion dv2000 laptop", brand="HP", mpn="RV123UA"))


CORDS = recall(
    "AC power cords",
    title="Lenovo Recalls Computer Power Cords Due to Fire and Burn Hazards",
    description="The power cords were distributed with IdeaPad brand B-, G-, S-, U-, V- and Z-series laptop computers.",
)


@pytest.mark.parametrize("title", ["Lenovo IdeaPad U260 laptop", "Lenovo IdeaPad laptop"])
def test_a_host_of_the_recalled_series_is_reached(title: str) -> None:
    assert "contains_component" in found(CORDS, listing(title, brand="Lenovo"))


@pytest.mark.parametrize("title", ["Lenovo IdeaPad 320E-17IKB laptop", "Lenovo IdeaPad L340 laptop"])
def test_a_host_of_another_series_is_not(title: str) -> None:
    assert "contains_component" not in found(CORDS, listing(title, brand="Lenovo"))
