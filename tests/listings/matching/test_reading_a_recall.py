import pytest

from listings.matching.normalise import canonical_model
from listings.matching.prose_models import MAX_RANGE, models_of_prose
from tests.listings.matching.build import recall


def named(description: str) -> set[str]:
    return set(models_of_prose(description)[0])


def left_out(description: str) -> set[str]:
    return set(models_of_prose(description)[1])


def test_a_list_of_models_is_read_and_the_one_that_is_not_included_is_left_out() -> None:
    text = "This recall involves models AB100, AB200 and AB300. Model AB400 is not included in this recall."
    assert named(text) == {"ab100", "ab200", "ab300"}
    assert left_out(text) == {"ab400"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Model AB400 is not affected.",
        "Model AB400 is excluded.",
        "The recall does not include model AB400.",
        "AB400 models are not part of it.",
    ],
)
def test_every_way_to_leave_a_model_out_is_understood(sentence: str) -> None:
    assert left_out(sentence) == {"ab400"}


def test_a_range_of_models_names_each_of_them() -> None:
    assert {"ab100", "ab101", "ab103"} <= named("Model numbers AB100 through AB103 are included.")
    assert "ab104" not in named("Model numbers AB100 through AB103 are included.")


def test_a_range_that_cannot_be_meant_is_not_spelt_out() -> None:
    found = named("Model numbers AB00001 through AB99999 are included.")
    assert len(found) <= MAX_RANGE


def test_a_wildcard_is_the_beginning_of_a_model() -> None:
    reading = recall(description="Model numbers beginning HL2XX and KB40* are included.")
    assert {"h12", "kb40"} <= reading.beginnings.keys()


def test_serial_numbers_lots_and_dates_are_no_models() -> None:
    assert named("Serial numbers AA56002655 through AA56002804. Date code B22077. Lot L20931.") == set()


def test_plain_numbers_are_models_only_where_the_text_calls_them_so() -> None:
    assert named("Catalog numbers: 14044, 14045 and 14048.") == {"14044", "14045", "14048"}
    assert named("About 14044 were sold in 2006.") == set()


def test_what_a_field_names_cannot_be_left_out_by_the_prose() -> None:
    reading = recall(models=("AB400",), description="Models not sold in the US are excluded, such as AB400.")
    assert "ab400" in reading.products[0].models
    assert "ab400" not in reading.excluded


def test_places_point_into_the_description() -> None:
    text = "The heater is white. It has model number HL-200R on a label."
    reading = recall(description=text)
    span = reading.models[canonical_model("HL-200R")]
    assert text[span.start : span.end] == "HL-200R"


def test_names_in_the_description_are_kept_and_ordinary_words_are_not() -> None:
    reading = recall(
        "Snuga Swings", description="The Snuga platform includes the Snugabunny and Zelprio styles with two seats."
    )
    assert {"snugabunny", "zelprio"} <= reading.described.keys()
    assert "seat" not in reading.described


@pytest.mark.parametrize(
    "said", ["This recall involves all Maclaren strollers.", "All models are included.", "It includes all styles sold."]
)
def test_all_models_is_understood(said: str) -> None:
    assert recall("Maclaren strollers", description=said).every


def test_the_host_of_a_recalled_part_is_read_out_of_prose() -> None:
    reading = recall(
        "AC power cords", description="The power cords were distributed with IdeaPad brand U-series laptop computers."
    )
    assert reading.host is not None
    assert "laptop" in reading.host.product_types
    assert "ideapad" in reading.host.words


def test_a_recalled_product_that_is_no_part_has_no_host() -> None:
    assert recall("Hearthline space heaters", description="For use in bedrooms with beds.").host is None


def test_a_recall_of_nothing_but_a_title_is_read_without_complaint() -> None:
    reading = recall("Toy", title="Toy Recall")
    assert reading.models == {}
    assert reading.brand_names == ()


def test_plain_digits_behind_model_no_are_models() -> None:
    read = recall(
        "Home bed rails", description="The Home Bed Rail (Model No. 6093) and with Legs (Model No. 6094) are white."
    )
    assert {"6093", "6094"} <= read.models.keys()


def test_a_table_of_beginnings_is_one_of_beginnings() -> None:
    read = recall(
        "Zelprio brewers", description="Model Numbers That Begin With: Date Codes Zelprio ZAS100 ZAS200 are recalled."
    )
    assert {"zas100", "zas200"} <= read.beginnings.keys()


def test_the_recalls_title_says_the_kind_where_the_products_name_does_not() -> None:
    read = recall("Strydo+", title="Zelprio Recalls Strydo+ Treadmills After Reports of Injuries")
    assert read.products[0].parts.product_types == {"treadmill"}
    assert recall("Strydo+ lamps", title="Zelprio Recalls Treadmills Due to Hazard").products[
        0
    ].parts.product_types == {"lamp"}


def test_wheel_sizes_are_no_models() -> None:
    assert (
        "29er"
        not in recall(
            "Zelprio bicycles", description="This recall involves Zelprio SL 29er bicycles, model ZB-100."
        ).models
    )


def test_how_a_date_or_a_serial_number_is_written_is_no_name() -> None:
    read = recall(
        description="The date stamp YYWW and the code MMDDYYYY or DDMMMYYYY are on the label, the number is RWXXXXXX, and "
        "Zelprio is printed on it."
    )
    assert read.described.keys() & {"yyww", "mmddyyyy", "ddmmmyyyy"} == set()
    assert "zelprio" in read.described
