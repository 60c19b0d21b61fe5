"""Kinds of pairs that real listings and recalls showed, each with products that exist nowhere."""

import pytest

from listings.matching.rules.base import WEIGHTS
from tests.listings.matching.build import found, listing, recall

PENGUIN = recall("Norvik penguin toys", title="Norvik Recalls Penguin Toys Due to Choking Hazard")
PANELS = recall(
    "Fjellbris QO plug-in load centers",
    title="Fjellbris Recalls QO Load Centers",
    description="This recall involves Fjellbris QO plug-in load centers.",
)
CREAMER = recall(
    "Creamizer refrigerated creamer dispensers",
    title="Creamizer Refrigerated Creamer Dispensers Recalled by Norvik",
    brand="Creamizer",
)
HEATER = recall(
    "Hearthline 80,000 BTU portable convection heaters",
    title="Hearthline Recalls Portable Convection Heaters",
    description="This recall involves Hearthline 80,000 BTU portable convection heaters.",
)
BEDS = recall(
    "SNIGLUR junior beds",
    title="Norvik Recalls Junior Beds Due to Laceration Hazard",
    description="This recall involves Norvik SNIGLUR junior beds, model NB-4471.",
)
CHAIRS = recall(
    "Swivel dining and lounge chairs",
    title="Brunsvall Services Recalls Swivel Chairs",
    description="This recall involves Hampton Bay Fall River swivel dining and lounge chairs with arm rests.",
)


@pytest.mark.parametrize("title", ["NORVIK 拍拍摇铃 益智早教", "Norvik ชุดเครื่องมือช่าง toy"])
def test_a_title_that_cannot_be_read_fits_as_far_as_it_can(title: str) -> None:
    fits = found(PENGUIN, listing(title)).get("title_fits")
    assert fits is None or fits.weight < WEIGHTS["title_fits"] * 0.6


def test_words_that_cannot_be_read_beside_the_whole_name_take_nothing_from_it() -> None:
    assert found(PENGUIN, listing("Norvik penguin toy 拍拍摇铃"))["title_fits"].weight == pytest.approx(
        found(PENGUIN, listing("Norvik penguin toy"))["title_fits"].weight
    )


@pytest.mark.parametrize(
    ("title", "is_another"),
    [
        ("Fjellbris Homelund plug-in load center", True),
        ("Fjellbris 20 in. Homelund plug-in load center", True),
        ("Fjellbris QO plug-in load center", False),
        ("Fjellbris plug-in load center QO", False),
        ("Fjellbris plug-in load center", False),
    ],
)
def test_another_line_right_behind_the_brand_is_another_product(title: str, *, is_another: bool) -> None:
    assert ("different_product_line" in found(PANELS, listing(title))) is is_another


def test_the_second_of_two_names_is_no_other_line() -> None:
    both = recall("Fjellbris Kvern strollers and Fjellbris RambleSeat", title="Fjellbris Recalls Strollers and Seats")
    assert "different_product_line" not in found(both, listing("Fjellbris Ramble Seat"))
    assert "different_product_line" in found(both, listing("Fjellbris Homelund stroller"))


def test_a_word_that_the_recall_writes_is_no_slip_of_the_pen() -> None:
    assert "misspelled_brand" not in found(CREAMER, listing("Vanilla coffee creamer"))
    assert "misspelled_brand" in found(CREAMER, listing("Creamiser refrigerated dispenser"))


@pytest.mark.parametrize(
    ("title", "is_another"),
    [
        ("Brunsvik 80,000 BTU Portable Convection Heater", True),
        ("80,000 BTU Portable Convection Heater", False),
        ("Hearthlnie 80,000 BTU Portable Convection Heater", False),
        ("Тепловая пушка 80,000 BTU Portable Convection Heater", False),
    ],
)
def test_a_name_that_the_recall_does_not_have_where_makers_stand_is_another_maker(
    title: str, *, is_another: bool
) -> None:
    assert ("different_maker" in found(HEATER, listing(title))) is is_another


def test_the_end_of_a_count_is_no_part_of_a_name() -> None:
    assert "000" not in HEATER.products[0].name_words
    assert found(HEATER, listing("Hearthline 80 BTU portable heater"))["name_missing"].detail.count("000") == 0


def test_a_flat_size_is_no_other_model() -> None:
    assert "other_model" not in found(BEDS, listing("Norvik SNIGLUR bed 70x160 cm"))
    assert "other_model" in found(BEDS, listing("Norvik SNIGLUR bed NB-5582"))


def test_a_kind_of_two_words_is_no_part_though_the_kind_is_named_again() -> None:
    assert "accessory" not in found(BEDS, listing("Norvik SNIGLUR bed frame with slatted bed base"))
    assert "accessory" in found(BEDS, listing("Norvik SNIGLUR bed canopy"))


@pytest.mark.parametrize(
    ("title", "is_described"),
    [("Hampton Bay Fall River lounge chair", True), ("Hampton Bay River Fall lounge chair", False)],
)
def test_ordinary_words_right_behind_the_brand_are_its_line(title: str, *, is_described: bool) -> None:
    assert ("described_line" in found(CHAIRS, listing(title))) is is_described


def test_a_material_is_no_line() -> None:
    grill = recall(
        "Hearthline gas grills", description="This recall involves Hearthline gas grills with a Stainless Steel lid."
    )
    assert not grill.described_pairs


def test_where_a_label_says_it_was_made_is_no_brand() -> None:
    robes = recall(
        "Children's robes",
        title="Norvik Clothing Recalls Children's Robes",
        description='The label displays the brand Fjellbris, the robe\'s size, material content and "Made in China."',
    )
    assert "china" not in robes.brands
    assert "fjellbri" in {*robes.brands, *(word.rstrip("s") for word in robes.brands)}


@pytest.mark.parametrize("title", ["Norvik E232 E330photoconductor 12A8302", "Norvik E232 photoconductor 12A8302"])
def test_a_part_that_is_written_as_one_with_a_number_or_before_its_own_number_is_a_part(title: str) -> None:
    printer = recall("Norvik laser printers", models=("E232", "E330"))
    assert "accessory" in found(printer, listing(title, mpn="12A8302"))
    assert "accessory" not in found(printer, listing("Norvik E232 laser printer 12A8302", mpn="12A8302"))


@pytest.mark.parametrize(
    "title", ["Norvik 风扇 包邮", "Norvik 风扇 热卖", "Norvik ヒーター 送料無料", "Norvik 선풍기 무료배송"]
)
def test_words_of_trade_say_nothing_in_any_script(title: str) -> None:
    assert listing(title).readable == 1.0
