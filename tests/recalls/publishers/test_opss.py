"""The notices of UK OPSS on GOV.UK. The records are invented."""

from typing import Any

import pytest

from recalls.importers.records import ImportedRecall, Reject, UnreadableFile
from tests.recalls.publishers.reading import read, recalls


def notice(**changes: Any) -> dict[str, Any]:
    rows = changes.pop(
        "rows",
        {
            "Brand": "Acme/Acmeuk",
            "Model": "A1 (carton only)",
            "Batches": "186, 187 (All batches)",
            "Barcode": "5052089365995",
            "Plug": "FY006A",
            "Country of Origin": "China",
        },
    )
    table = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows.items())
    body = (
        '<h2 id="summary">Summary</h2><p>Product: Spinner sold by The Shop</p><p>Hazard: Choking.</p>'
        f'<h2 id="product-information">Product information</h2><table><thead><tr><th>Type</th><th>Toys</th></tr></thead><tbody>{table}</tbody></table>'
        '<h2 id="hazard">Hazard</h2><p>Small parts.</p><p>More.</p><h2 id="corrective-action">Corrective action</h2><p>Recalled. <a href="https://x.example">Link</a></p>'
        '<h3 id="additional-information">Additional information</h3><p>PSD notification number: 2609-0229</p>'
    )
    metadata = {
        "product_alert_type": "product-recall",
        "product_risk_level": "not-provided",
        "product_measure_type": ["recall-of-product-from-end-users", "something-new"],
        "product_recall_alert_date": "2026-10-02",
    }
    return {
        "base_path": "/product-safety-alerts-reports-recalls/spinner-2609-0229", "title": "Product Recall: Spinner sold by The Shop (2609-0229)",
        "document_type": "product_safety_alert_report_recall", "description": "Spinner. ", "first_published_at": "2026-10-01T14:24:26+01:00",
        "details": {"body": body, "metadata": metadata, "change_history": [{"public_timestamp": "2026-10-02T13:24:25Z", "note": "First published."}]}, "withdrawn_notice": {},
    } | changes  # fmt: skip


def test_a_notice_of_opss_is_read() -> None:
    reading = read(notice())
    (recall,) = reading.rows
    assert isinstance(recall, ImportedRecall)
    assert (recall.number, str(recall.recalled_on), recall.sold_at) == ("2609-0229", "2026-10-02", "The Shop")
    assert recall.url == "https://www.gov.uk/product-safety-alerts-reports-recalls/spinner-2609-0229"
    assert [(each.name, each.brand, each.model_numbers, each.gtins) for each in recall.products] == [
        ("Spinner", "Acme", ("A1",), ("05052089365995",)),
        ("Spinner", "Acmeuk", ("A1",), ("05052089365995",)),
    ]
    assert (recall.hazard, recall.remedy) == ("Small parts.\nMore.", "Recalled. Link")
    assert recall.facts["scope"] == "all lots"
    assert "lots" not in recall.facts, "all batches are no list of batches"
    assert "Model: carton only" in recall.facts["remarks"]
    assert recall.facts["other_codes"] == ["Plug: FY006A"]
    assert "risk_level" not in recall.facts
    assert reading.report.words == {"product_measure_type": {"something-new": 1}}


def test_opss_batches_without_all_are_lots() -> None:
    (recall,) = recalls([notice(rows={"Brand": "Acme", "Batch": "186334, 184455"})])
    assert (recall.facts["lots"], recall.facts["scope"]) == (["186334", "184455"], "listed lots")


def test_a_withdrawn_notice_is_refused_with_what_to_do() -> None:
    withdrawn = {"explanation": "<p>Issued in error.</p>", "withdrawn_at": "2026-10-05T10:00:00Z"}
    (reject,) = read([notice(withdrawn_notice=withdrawn)]).rows
    assert isinstance(reject, Reject)
    assert (reject.number, "withdrew this notice on 2026-10-05: Issued in error." in reject.reason) == (
        "2609-0229",
        True,
    )


def test_opss_search_results_and_the_finder() -> None:
    result = {
        "title": "Product Safety Report: Lamp sold via Amazon (2609-0079)",
        "link": "/product-safety-alerts-reports-recalls/lamp-2609-0079",
        "document_type": "product_safety_alert_report_recall",
        "product_recall_alert_date": "2026-10-01",
        "product_category": "toys",
    }
    (recall,) = recalls({"results": [result], "total": 3746})
    assert (recall.number, recall.partial, recall.products[0].name, recall.sold_at) == (
        "2609-0079",
        True,
        "Lamp",
        "Amazon",
    )
    with pytest.raises(UnreadableFile, match="finder"):
        read({"schema_name": "finder", "document_type": "finder", "details": {}})
