"""What a recall leaves out, and what makes another version of a product: sentences about what is not recalled, numbers of
generations, grades, model years and sizes. Each kind beside an innocent twin, on products that exist nowhere."""

import pytest

from listings.matching import ListingText, ProductText, RecallText, read_recall
from listings.matching.listing import read_listing
from listings.matching.model_years import model_years_in, years_of
from listings.matching.score import compare


def band(name: str, description: str, title: str, *, recall_title: str = "", models: tuple[str, ...] = ()) -> str:
    heading = recall_title or f"Tavoro Recalls {name} Due to Fire Hazard"
    recall = read_recall(RecallText("1", heading, description, (ProductText(name, models=models),)))
    match = compare(recall, read_listing(ListingText("1", title)))
    return "no" if match is None else match.band


SCOOTERS = "Tavoro Glissa 3 electric scooters"
NOT_THESE = (
    "This recall involves Tavoro Glissa 3 electric kick scooters. Glissa 2 and Glissa 4 scooters are not included in "
    "this recall."
)


@pytest.mark.parametrize("title", ["Tavoro Glissa 3 electric scooter", "Tavoro Glissa III e-scooter", "TAVORO GLISSA3"])
def test_the_recalled_version_is_flagged_however_its_number_is_written(title: str) -> None:
    assert band(SCOOTERS, NOT_THESE, title) == "flag"


@pytest.mark.parametrize(
    "title",
    [
        "Tavoro Glissa 2 electric scooter",
        "Tavoro Glissa 4 black",
        "Tavoro Glissa IV e-scooter",
    ],
)
def test_a_version_that_the_recall_leaves_out_is_not(title: str) -> None:
    assert band(SCOOTERS, NOT_THESE, title) == "no"


def test_a_grade_in_place_of_the_number_is_a_question_at_most() -> None:
    assert band(SCOOTERS, NOT_THESE, "Tavoro Glissa Mini electric scooter") == "ask"


def test_a_size_that_the_recall_leaves_out_is_not_flagged_and_that_which_it_names_is() -> None:
    kettles = "Tavoro Hearthglow 1.7-liter electric kettles"
    said = f"This recall involves {kettles}. Tavoro Hearthglow 1-liter kettles are not included in this recall."
    assert band(kettles, said, "Tavoro Hearthglow electric kettle 1.7 L") == "flag"
    assert band(kettles, said, "Tavoro Hearthglow electric kettle 1 L") == "no"


def test_pints_are_a_size() -> None:
    dryers = "Tavoro 50-pint dehumidifiers"
    assert band(dryers, f"This recall involves {dryers}.", "Tavoro dehumidifier 50pt") == "flag"
    assert band(dryers, f"This recall involves {dryers}.", "Tavoro dehumidifier 35pt") != "flag"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tavoro Tandira Duo 2nd gen double stroller", "flag"),
        ("Tavoro Tandira Duo v2 double stroller", "flag"),
        ("Tavoro Tandira Duo second generation double stroller", "flag"),
        ("Tavoro Tandira Duo Gen 3 double stroller", "no"),
        ("Tavoro Tandira Duo first generation double stroller", "no"),
    ],
)
def test_generations_are_told_apart_in_numbers_and_in_words(title: str, expected: str) -> None:
    name = "Tavoro Tandira Duo (2nd Gen) double strollers"
    said = f"This recall involves {name}. First generation Tandira Duo strollers are not included in this recall."
    assert band(name, said, title) == expected


@pytest.mark.parametrize(("title", "expected"), [("2016 Tavoro TX450R", "flag"), ("2024 Tavoro TX450R", "no")])
def test_another_model_year_is_another_vehicle(title: str, expected: str) -> None:
    said = "This recall involves all model year 2015 and 2016 Tavoro TX450R motocross off-road motorcycles."
    assert band("TX450R motocross off-road motorcycles", said, title) == expected


def test_model_years_are_read_in_lists_and_ranges_and_days_of_sale_are_not() -> None:
    assert years_of("2014-18") == {"2014", "2015", "2016", "2017", "2018"}
    assert model_years_in("2012 through 2014 model ATVs, and Model Year 2019-2020 ones") == {
        "2012", "2013", "2014", "2019", "2020",
    }  # fmt: skip
    assert model_years_in("Sold from March 2012 through June 2014 for about $400.") == frozenset()


def test_each_name_of_a_list_that_begins_alike_is_a_whole_name() -> None:
    name = "Fawn Comfy, Fawn Comfy Pro and Fawn Comfy Active Child Carriers"
    said = f"This recall involves Tavoro {name}."
    assert band(name, said, "Tavoro Fawn Comfy Pro child carrier") == "flag"
    assert band(name, said, "Tavoro Meadow Trail child carrier") != "flag"


def test_a_number_that_begins_as_the_recall_lists_is_a_recalled_model() -> None:
    said = (
        "This recall involves Tavoro food processors with model numbers that begin with the following: TFP-9, TLC-10."
    )
    assert band("Tavoro food processors", said, "Tavoro TLC-10C food processor") == "flag"
    assert band("Tavoro food processors", said, "Tavoro TLC-2ABC food processor") != "flag"


@pytest.mark.parametrize(
    "title",
    [
        "Tavoro PD50E 用 フィルター",
        "carburetor rebuild kit Tavoro PD50E",
        "Tavoro PD50E water bucket",
        "Tavoro PD50E remanufactured motor",
    ],
)
def test_parts_for_it_are_not_flagged(title: str) -> None:
    name = "Tavoro dehumidifiers"
    assert band(name, f"This recall involves {name} with model number PD50E.", title, models=("PD50E",)) == "no"


@pytest.mark.parametrize("title", ["Tavoro 除湿機 PD50E", "Tavoro PD50E dehumidifier, drain hose included"])
def test_the_product_itself_is_flagged_beside_what_comes_along(title: str) -> None:
    name = "Tavoro dehumidifiers"
    assert band(name, f"This recall involves {name} with model number PD50E.", title, models=("PD50E",)) == "flag"


def test_what_a_recalled_adapter_is_for_is_not_the_adapter() -> None:
    name = "Tavoro Sleeka Car Seat Adapters"
    said = "This recall involves the Tavoro Sleeka Car Seat Adapter, sold separately."
    assert band(name, said, "Tavoro Sleeka stroller") != "flag"
    assert band(name, said, "Tavoro Sleeka car seat adapter") == "flag"


AXES = (
    "This recall involves the Tavoro Gritta Combo Axe, which has a 7-inch knife in the handle and is 2 pounds heavy. The "
    "Tavoro Combo Axe II, which holds a saw, is not included in the recall."
)


def test_a_version_that_is_left_out_is_not_the_one_without_a_number_whatever_else_is_two() -> None:
    assert band("Tavoro Gritta Combo Axe", AXES, "Tavoro Gritta Combo Axe with knife in handle") == "flag"
    assert band("Tavoro Gritta Combo Axe", AXES, "Tavoro Gritta Combo Axe II with saw") == "no"


@pytest.mark.parametrize(("year", "wanted"), [("2017", "flag"), ("2018", "flag"), ("2015", "no")])
def test_each_model_year_in_a_products_name_is_covered(year: str, wanted: str) -> None:
    name = "2017 Tavoro Gritta and Kelpin snowmobiles and 2018 Gritta snowmobiles"
    assert band(name, f"This recall involves {name}.", f"{year} Tavoro Gritta snowmobile") == wanted
