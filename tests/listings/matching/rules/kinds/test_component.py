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
