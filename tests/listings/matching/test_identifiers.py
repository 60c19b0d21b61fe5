import pytest

from listings.matching.identifiers import gtin14, gtins_in, is_measure, models_in
from listings.matching.normalise import canonical_model


@pytest.mark.parametrize(
    "written",
    ["012345678905", "12345678905", "0 12345-67890 5", "0012345678905", "00012345678905"],
)
def test_every_way_to_write_a_gtin_is_one_number_of_fourteen_digits(written: str) -> None:
    assert gtin14(written) == "00012345678905"


@pytest.mark.parametrize(
    "written",
    ["6.93217E+12", "012345678906", "123", "", "00000000", "1234567890512345", "abc", "0123456789O5"],
)
def test_what_is_no_gtin_or_has_lost_digits_is_never_guessed(written: str) -> None:
    assert gtin14(written) is None


def test_an_eight_digit_gtin_is_read() -> None:
    assert gtin14("96385074") == "00000096385074"


def test_gtins_are_found_in_prose_with_their_places() -> None:
    text = "scent (white cap, UPC 0-62338-74734-7) and more"
    found = gtins_in(text, "recall description")
    assert list(found) == ["00062338747347"]
    span = found["00062338747347"]
    assert text[span.start : span.end] == span.text == "0-62338-74734-7"


@pytest.mark.parametrize("token", ["100w", "1080p", "10k", "240ml", "30inch", "3wheel", "2013", "4x6in", "5g"])
def test_sizes_counts_and_years_are_no_models(token: str) -> None:
    assert is_measure(token)


@pytest.mark.parametrize("token", ["hl200r", "4711d", "t4i", "ktl4711d", "b31"])
def test_models_are_no_sizes(token: str) -> None:
    assert not is_measure(token)


def test_models_are_found_with_their_places() -> None:
    text = "Hearthline heater HL-200R, 1500W, 30-inch, 2 pack"
    found = models_in(text, "title")
    number = canonical_model("HL-200R")
    assert list(found) == [number]
    assert text[found[number].start : found[number].end] == "HL-200R"


def test_a_model_written_apart_is_joined_but_a_count_is_not() -> None:
    assert "ppcxm06" in models_in("Baseus PPCXM 06 power bank", "title", joined=True)
    assert canonical_model("KTL-4711D") in models_in("kettle ktl 4711d boxed", "title", joined=True)
    assert models_in("6 outlet surge protector, 2 slice toaster", "title", joined=True) == {}


def test_plain_numbers_are_models_only_where_asked_for() -> None:
    assert models_in("catalog 28033", "title") == {}
    assert list(models_in("catalog 28033", "title", digits_alone=True)) == ["28033"]


def test_two_models_behind_one_slash_are_two_models() -> None:
    assert {canonical_model("MB974ZM"), canonical_model("HL200R")} <= models_in("MB974ZM/HL200R", "title").keys()
