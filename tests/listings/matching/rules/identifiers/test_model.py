import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", brand="Hearthline", models=("HL-200R", "W71"), description="Model HL-350Q.")


@pytest.mark.parametrize("written", ["HL-200R", "hl200r", "HL 200R", "HL.200.R", "HL-2OOR", "HL-350Q"])
def test_a_model_is_the_same_however_it_is_written(written: str) -> None:
    alone = found(RECALL, listing(f"Heater {written}"))["same_model"]
    assert found(RECALL, listing(f"Hearthline heater {written}"))["same_model_and_brand"].weight > alone.weight > 3


def test_the_way_it_is_written_is_shown_where_it_differs() -> None:
    evidence = found(RECALL, listing("Heater hl 200r"))["same_model"]
    assert "written hl 200r" in evidence.detail
    assert evidence.recall_span is not None
    assert evidence.listing_span is not None
    assert (evidence.recall_span.text, evidence.listing_span.text) == ("HL-200R", "hl 200r")


def test_a_short_model_without_the_brand_counts_less() -> None:
    short = found(RECALL, listing("Heater W71"))["same_short_model"]
    assert 0 < short.weight < found(RECALL, listing("Heater HL-200R"))["same_model"].weight


def test_a_model_that_only_the_description_names_counts_less() -> None:
    read = found(RECALL, listing("Heater", description="Model HL-200R"))
    assert 0 < read["model_in_description"].weight < found(RECALL, listing("Heater HL-200R"))["same_model"].weight


def test_a_wildcard_covers_what_begins_like_it() -> None:
    recalled = recall("Hearthline heaters", description="Model numbers beginning with KB40* are included.")
    assert "same_model_and_brand" in found(recalled, listing("Hearthline heater KB4077"))
    assert "same_model_and_brand" not in found(recalled, listing("Hearthline heater KB5077"))


def test_a_size_is_never_an_equal_model() -> None:
    recalled = recall("Hearthline heaters 1500W", description="The 1500W heater.")
    assert not {"same_model", "same_short_model"} & found(recalled, listing("Other heater 1500W")).keys()


def test_a_letter_for_a_digit_in_a_short_number_is_another_number() -> None:
    inspiron = recall("Dell Inspiron 1100 batteries", brand="Dell", models=("1100",))
    assert "same_short_model" not in found(inspiron, listing("Battery Equium L100"))
    assert "same_short_model" in found(inspiron, listing("Battery 1100"))
    chargers = recall("VRURC chargers", models=("OD-B7",))
    assert "same_short_model" in found(chargers, listing("Charger 0D-B7")), "zero for O beside other letters"
    mixers = recall("Zelprio mixers", models=("HD 7810",), description="Model HD 7810 is recalled.")
    assert "same_short_model" in found(mixers, listing("Mixer 7810")), "without its letters"
