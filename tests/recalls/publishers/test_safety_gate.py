"""The alerts of EU Safety Gate: single, as search results, and in the weekly report. The records are invented."""

from typing import Any

import pytest

from recalls.importers.records import ImportedRecall, Reject
from recalls.importers.safety import Measure
from tests.recalls.publishers.reading import read, recalls


def english(**texts: Any) -> list[dict[str, Any]]:
    return [{"language": {"key": "DE"}, "name": "Deutsch"}, {"language": {"key": "EN"}, **texts}]


def alert(**changes: Any) -> dict[str, Any]:
    product = {
        "nameSpecific": "Lampka nocna\t\t", "brands": [{"brand": "Lumo"}], "name": None,
        "versions": english(name="Night light", description="A light. All batches are concerned. "),
        "barcodes": [{"barcode": "4006381333931"}, {"barcode": ""}], "batchNumbers": [], "modelTypes": [{"modelType": "NL-7"}],
        "productCategory": {"key": "product.category.lighting.chains"}, "photos": [{"id": 99, "fileName": "a.jpg"}],
    } | changes.pop("product", {})  # fmt: skip
    measure = {
        "measureCategory": {"name": "PRODUCT_WITHDRAWAL_FROM_MARKET"}, "measureType": {"name": "COMPULSORY"},
        "entryIntoForceDate": "2026-01-21T00:00:00.000Z",
    }  # fmt: skip
    return {
        "id": 10119999, "reference": "SR/01234/26", "notificationType": {"code": "A12"}, "country": {"name": "Hungary"},
        "publicationDate": "2026-10-02T13:32:00.762Z", "modificationDate": "2026-10-03T01:00:00.000Z", "product": product,
        "risk": {"riskType": [{"key": "riskType.electricShock"}], "versions": english(riskDescription="Live parts.", legalProvision="No.\n")},
        "measureTaken": {"measures": [measure]}, "traceability": {"countryOrigin": {"name": "Unknown"}},
        "onlineTraderProductIdentifierReference": [{"onlineTrader": "Other", "uniqueProductIdentifier": "www.shop.example"}],
    } | changes  # fmt: skip


def test_an_alert_of_safety_gate_is_read() -> None:
    (recall,) = recalls(alert())
    assert (recall.number, str(recall.recalled_on)) == ("SR/01234/26", "2026-10-02")
    assert recall.url.endswith("/alertDetail/10119999")
    assert recall.title == "Night light – Lampka nocna (Lumo)"
    product = recall.products[0]
    assert (product.brand, product.model_numbers, product.gtins) == ("Lumo", ("NL-7",), ("04006381333931",))
    assert recall.facts["measures"] == ["Withdrawal of the product from the market, compulsory, from 2026-01-21"]
    assert recall.facts["scope"] == "all lots"
    assert recall.recorded == {
        "risk_level": "serious",
        "measures": (Measure("withdrawal", "", "ordered", "2026-01-21"),),
    }
    assert recall.facts["online_sellers"] == ["www.shop.example"]
    assert "origin" not in recall.facts, "Unknown is no country"


@pytest.mark.parametrize(
    ("given", "since"), [("2026-01-21T00:00:00.000Z", "2026-01-21"), ("21/01/2026", ""), (None, ""), ({"x": 1}, "")]
)
def test_a_measure_with_an_unknown_basis_or_day_stays_a_measure(given: Any, since: str) -> None:
    measure = {
        "measureCategory": {"name": "SOMETHING_NEW"},
        "measureType": {"name": "maybe"},
        "entryIntoForceDate": given,
    }
    (recall,) = recalls(alert(measureTaken={"measures": [measure]}, notificationType={"code": "A11"}))
    assert recall.recorded == {"measures": (Measure("other", since=since, details="Something new"),)}


@pytest.mark.parametrize("word", ["nincs", "n/a", "unknown", "sans marque", "Unbranded", "-", "ohne Marke", "brak"])
def test_a_placeholder_is_not_a_brand(word: str) -> None:
    (recall,) = recalls(alert(product={"brands": [{"brand": word}]}))
    assert recall.products[0].brand == ""


def test_several_brands_are_several_products() -> None:
    (recall,) = recalls(alert(product={"brands": [{"brand": "Lumo"}, {"brand": "Luma"}]}))
    assert [(product.brand, product.gtins) for product in recall.products] == [
        ("Lumo", ("04006381333931",)),
        ("Luma", ("04006381333931",)),
    ]


def test_safety_gate_search_results_are_extracts() -> None:
    bare = {
        "id": 1,
        "reference": "SR/1/26",
        "publicationDate": "2026-09-24",
        "product": {"nameSpecific": "Maska", "brands": []},
    }
    (recall,) = recalls({"content": [bare], "last": True})
    assert (recall.number, recall.partial) == ("SR/1/26", True)


def weekly(*notifications: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><list>{"".join(f"<notifications>{each}</notifications>" for each in notifications)}</list>'


def test_safety_gate_weekly_report() -> None:
    rows = read(
        weekly(
            "<caseNumber>SR/1/26</caseNumber><reference>https://ec.europa.eu/x/alertDetail/101</reference><product>Toy</product>"
            "<brand><![CDATA[Acme; Bcme]]></brand><type_numberOfModel>A-1 (blue), A-2</type_numberOfModel><barcode/>"
            "<batchNumber>12345</batchNumber><measures>Destruction of the product</measures><newField>1</newField>",
            "<reference>https://ec.europa.eu/x/alertDetail/102</reference><barcode>87185463409328718546348440</barcode>",
            "<reference>https://ec.europa.eu/x/alertDetail/103</reference><barcode></barcode>",
            "<reference>SR/4/26</reference><barcode>1234567890123</barcode>",
        )
    )
    first, second, third, fourth = rows.rows
    assert isinstance(first, ImportedRecall)
    assert [(each.brand, each.model_numbers) for each in first.products] == [
        ("Acme", ("A-1", "A-2")),
        ("Bcme", ("A-1", "A-2")),
    ]
    assert (first.facts["lots"], first.facts["remarks"], first.number) == (["12345"], ["blue"], "SR/1/26")
    assert isinstance(second, ImportedRecall)
    assert (second.number, second.products[0].gtins) == ("102", ("08718546340932", "08718546348440"))
    assert isinstance(third, Reject)
    assert "names no product" in third.reason
    assert isinstance(fourth, Reject)
    assert "check digit" in fourth.reason
    assert rows.report.fields == {"newField": 1}


def test_an_alert_of_the_weekly_report_that_leaves_out_its_country_and_risk_is_kept_and_says_so() -> None:
    given = "<caseNumber>A12/09999/25</caseNumber><reference>https://e.example/alertDetail/-1</reference><product>Jacket</product>"
    (recall,) = recalls(f"<Safety-Gate><notifications>{given}</notifications></Safety-Gate>")
    assert recall.notes == ("the alert states no country and no level of risk",)
    assert (recall.number, recall.url) == ("A12/09999/25", "")
    stated = "<notifyingCountry>Germany</notifyingCountry><level>Serious risk</level>"
    (recall,) = recalls(f"<Safety-Gate><notifications>{given}{stated}</notifications></Safety-Gate>")
    assert recall.notes == ()
