"""Reading the CPSC Recall API's JSON: what is kept, what is rejected, and why."""

import json
from datetime import date
from typing import Any

import pytest

from portal.gtin import NotAGtin, normalise_gtin
from recalls.importers import registry
from recalls.importers.records import ImportedRecall, Reject
from tests.recalls.publishers.reading import recalls


def record(**changes: Any) -> dict[str, Any]:
    return {
        "RecallNumber": "05012", "RecallDate": "2025-06-26", "Title": "Hearthline Recalls Tower Heaters Due to Fire Hazard",
        "Description": "Model HL-200R.", "Products": [{"Name": "Hearthline Tower Heaters", "NumberOfUnits": "About 950"}],
        "Hazards": [{"Name": "Fire"}], "Remedies": [{"Name": "Refund"}], "Retailers": [{"Name": "Online"}],
        "Manufacturers": [{"Name": "Hearthline, of Norway"}], "Images": [{"URL": "https://www.example.gov/1.jpg"}], "ProductUPCs": None,
    } | changes  # fmt: skip


def rows(*records: object) -> list[ImportedRecall | Reject]:
    return registry.read(json.dumps(list(records)).encode()).rows


def read(**changes: Any) -> ImportedRecall:
    (found,) = rows(record(**changes))
    assert isinstance(found, ImportedRecall), found
    return found


def test_a_record_is_imported_completely() -> None:
    recall = read()
    assert (recall.number, recall.recalled_on, recall.hazard, recall.firms) == (
        "05012",
        date(2025, 6, 26),
        "Fire",
        ("Hearthline, of Norway",),
    )
    assert recall.products[0].name == "Hearthline Tower Heaters"
    assert recall.products[0].brand == "Hearthline"
    assert recall.source["RecallNumber"] == "05012"


@pytest.mark.parametrize("text", ["2025-06-26", "2025-06-26T00:00:00"])
def test_both_date_formats_are_the_same_day(text: str) -> None:
    assert read(RecallDate=text).recalled_on == date(2025, 6, 26)


def test_numbers_are_text_and_keep_their_zeros() -> None:
    assert [read(RecallNumber=number).number for number in ("264", "07264", "26425")] == ["264", "07264", "26425"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Black &amp; Decker", "Black & Decker"), ("Black &amp;amp; Decker", "Black & Decker"), ("CafÃ© chairs", "Café chairs"),
        ("Lamp\x00 with\x0b noise", "Lamp with noise"), ("two  spaces\u00a0here", "two spaces here"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_text_is_decoded_correctly_once(given: str, shown: str) -> None:
    assert read(Title=given).title == shown


def test_lone_surrogates_do_not_survive() -> None:
    recall = read(Title="Lamp \ud83d broken")
    recall.title.encode()
    json.dumps(recall.source).encode()


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"RecallNumber": None}, "RecallNumber is missing"), ({"RecallNumber": " "}, "RecallNumber is missing"),
        ({"Title": ""}, "Title is missing"), ({"RecallDate": "June 2025"}, "is not a date"), ({"RecallNumber": "9" * 41}, "longer than 40"),
    ],
)  # fmt: skip
def test_a_record_without_what_it_needs_is_refused_with_the_reason(changes: dict[str, Any], detail: str) -> None:
    _, found = rows(record(RecallNumber="1"), record(**changes))
    assert isinstance(found, Reject)
    assert found.record == 2
    assert detail in found.reason


@pytest.mark.parametrize("junk", [None, 3, "text", [], [[]]])
def test_a_value_that_is_not_a_record_is_rejected_and_stops_nothing(junk: object) -> None:
    found = rows(record(), junk, record(RecallNumber="2"))
    assert [type(row).__name__ for row in found] == ["ImportedRecall", "Reject", "ImportedRecall"]


def test_unknown_and_empty_parts_are_kept_or_left_out_but_never_stop_a_record() -> None:
    recall = read(
        Products=None,
        Hazards=[None, {"Name": None}],
        RemedyOptions=[{"Option": "R"}],
        Retailers="prose",
        Images=[{"URL": "ftp://x"}],
        Surprise={"a": 1},
    )
    assert recall.products[0].name == recall.title
    assert recall.source["Surprise"] == {"a": 1}
    assert recall.pictures == ()


def test_every_product_of_a_recall_is_its_own() -> None:
    recall = read(Products=[{"Name": f"Product {number}", "Model": "A1, B2"} for number in range(57)])
    assert len(recall.products) == 57
    assert recall.products[56].model_numbers == ("A1", "B2")


@pytest.mark.parametrize(
    ("given", "fourteen"),
    [
        ("012345678905", "00012345678905"), ("12345678905", "00012345678905"), ("0 12345 67890 5", "00012345678905"),
        ("0-12345-67890-5", "00012345678905"), ("4006381333931", "04006381333931"), ("00012345678905", "00012345678905"), ("73513537", "00000073513537"),
    ],
)  # fmt: skip
def test_gtins_become_fourteen_digits(given: str, fourteen: str) -> None:
    assert normalise_gtin(given) == fourteen


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ("6.93217E+12", "scientific notation"), ("6,93217e12", "scientific notation"), ("012345678906", "check digit"),
        ("123", "3 digits"), ("abc", "digits only"), ("１２３４５６７８９０５", "digits only"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_a_gtin_is_refused_never_guessed(given: str, detail: str) -> None:
    with pytest.raises(NotAGtin, match=detail):
        normalise_gtin(given)


def test_a_wrong_upc_is_left_out_with_a_note_and_the_recall_stays() -> None:
    recall = read(ProductUPCs=[{"UPC": "6.93217E+12"}, {"UPC": "012345678905"}])
    assert recall.products[0].gtins == ("00012345678905",)
    assert "scientific notation" in recall.notes[0]


def test_models_and_serials_in_the_text_are_kept_separate_from_the_fields() -> None:
    text = (
        "This recall involves mowers made between April 1, 2024, and August 20, 2024. Model Description Serial No. Range "
        "TB21044BEN DR BRUSH MOWER 44T 10.5 HP 3014835626 to 3015507481. CA 91761 and CR3032 are no models."
    )
    recall = read(Description=text)
    assert recall.facts["text_models"] == ["TB21044BEN"]
    assert recall.facts["serial_ranges"] == ["3014835626 to 3015507481"]
    assert recall.facts["made"] == "April 1, 2024 to August 20, 2024"
    assert recall.products[0].model_numbers == ()


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("Heaters model number DXH70CFAVX. 70,000 BTU.", ["DXH70CFAVX"]),
        ("Scales, models: 0480, 0455, 0754. They come with a CR3032 battery.", ["0480", "0455", "0754"]),
        ('The words "ITEM NO. PG1045" are printed on it.', ["PG1045"]),
        ("Chests with serial numbers beginning with CANY.", ["CANY*"]),
        ("Bath seats sold in 2024 for $46.", []),
    ],
)
def test_models_are_read_if_the_text_calls_them_models(text: str, models: list[str]) -> None:
    assert read(Description=text).facts.get("text_models", []) == models


def test_records_come_in_pages_in_an_envelope_or_alone() -> None:
    one = {"RecallNumber": "1", "Title": "T", "Products": []}
    for content in (
        [{"results": [one]}, {"results": [one | {"RecallNumber": "2"}]}],
        {"success": {"results": [one, one | {"RecallNumber": "2"}]}},
    ):
        assert [row.number for row in recalls(content)] == ["1", "2"]
    assert [row.number for row in recalls(one)] == ["1"]
