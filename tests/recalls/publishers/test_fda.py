"""The enforcement reports of the FDA: from openFDA, and the older XML. The records are invented."""

from typing import Any

import pytest

from tests.recalls.publishers.reading import recalls


def report(**changes: Any) -> dict[str, Any]:
    return {
        "event_id": "99325", "recall_number": "H-1219-2026", "recalling_firm": "La Colonia Llc", "classification": "Class I", "product_type": "Food",
        "product_description": "Acme brand granola in 12 ounce bags, UPC 6-98997-80615-8.", "reason_for_recall": "Almonds.", "report_date": "20260812",
        "recall_initiation_date": "20260604", "code_info": "Selec1011", "product_quantity": "unknown", "openfda": {},
    } | changes  # fmt: skip


def test_openfda_groups_reports_by_event() -> None:
    rows = recalls(
        {
            "meta": {"results": {"total": 25}},
            "results": [
                report(),
                report(
                    recall_number="H-1220-2026",
                    product_description="Bars, Net Wt 6 oz",
                    code_info="Lot: A1, B2\nBest by 041913",
                ),
                report(event_id="2"),
            ],
        }
    )
    assert [(row.number, len(row.products), str(row.recalled_on)) for row in rows] == [
        ("99325", 2, "2026-08-12"),
        ("2", 1, "2026-08-12"),
    ]
    first = rows[0].products[0]
    assert (first.name, first.brand, first.gtins, first.units) == (
        "Acme brand granola",
        "Acme",
        ("00698997806158",),
        "",
    )
    assert rows[0].facts["lots"] == ["Selec1011", "A1", "B2"]
    assert rows[0].facts["other_codes"] == ["H-1219-2026", "H-1220-2026"]


@pytest.mark.parametrize(
    ("codes", "lots", "scope"),
    [
        ("Lot#:26080483; Exp :03/13/2027  Lot#:25310327; Exp :08/12/2026", ["26080483", "25310327"], "unknown"), ("B15354, B15356", ["B15354", "B15356"], "unknown"),
        ("Lot Numbers:  0011849964, 0011988192.", ["0011849964", "0011988192"], "unknown"), ("No codes.", [], "unknown"), ("All batch codes.", [], "all lots"),
        ("USE BY: 10/19/2027; 9/22/2027", [], "unknown"),
    ],
)  # fmt: skip
def test_the_lots_of_the_fda_are_in_free_text(codes: str, lots: list[str], scope: str) -> None:
    (recall,) = recalls([report(code_info=codes, product_description="Elixir. NDC:  00121-0653-04")])
    assert ([each.strip(".") for each in recall.facts.get("lots", [])], recall.facts["scope"]) == (lots, scope)
    assert "NDC 00121-0653-04" in recall.facts["other_codes"]


def test_a_list_of_lots_that_is_cut_is_said() -> None:
    (recall,) = recalls([report(code_info="Lots: " + ", ".join(f"A{number}" for number in range(1_234)))])
    assert len(recall.facts["lots"]) == 200
    assert "200 of 1,234 lots were kept; the source record has all of them" in recall.notes


def test_the_older_xml_of_the_fda() -> None:
    text = (
        '<recall-number id="F-1-2013"><event-id>63928</event-id><report-date>01/16/2013</report-date>'
        "<product-description>Granola, UPC 6-98997-80615-8</product-description>"
        "<recalling-firm>Udi &amp; Co</recalling-firm></recall-number>"
    )
    (recall,) = recalls(text)
    assert (recall.number, str(recall.recalled_on), recall.firms, recall.facts["other_codes"]) == (
        "63928",
        "2013-01-16",
        ("Udi & Co",),
        ["F-1-2013"],
    )
