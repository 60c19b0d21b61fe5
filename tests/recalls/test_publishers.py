"""Files of each publisher: how the peculiarities of its format are read. The records are invented."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from recalls.importers import opss, registry, safety_gate
from recalls.importers.barcodes import labelled_barcodes, read_barcodes
from recalls.importers.codes import codes_in, lots_in
from recalls.importers.nhtsa import FIELDS
from recalls.importers.records import ImportedRecall, Reading, Reject, UnreadableFile
from recalls.importers.safety import Measure, measure_kind, risk_level_in
from recalls.importers.text import brand, plain


def read(content: Any) -> Reading:
    return registry.read(content.encode() if isinstance(content, str) else json.dumps(content).encode())


def recalls(content: Any) -> list[ImportedRecall]:
    found = read(content).rows
    assert all(isinstance(row, ImportedRecall) for row in found), found
    return [row for row in found if isinstance(row, ImportedRecall)]


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
    ("words", "level"),
    [("Serious risk", "serious"), ("HIGH", "high"), ("low-risk", "low"), ("Other risk level", ""), ("For information", ""),
     ("Type II", ""), ("high to serious", ""), ("not-provided", ""), ("", "")],
)  # fmt: skip
def test_only_a_level_that_is_named_is_read(words: str, level: str) -> None:
    assert risk_level_in(words) == level


def test_the_measures_of_publishers_are_in_the_vocabulary() -> None:
    kinds = {words: measure_kind(words) for words in (*safety_gate.MEASURES.values(), *opss.MEASURES.values())}
    assert {words for words, kind in kinds.items() if not kind} == {
        "Other",
        "Making the marketing of the product subject to prior conditions",
    }
    assert kinds["Removal of the listing by the online marketplace"] == "listing_removal"
    assert kinds["Temporary ban on the supply, offer to supply and display of the product"] == "stop_sale"


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


@pytest.mark.parametrize(
    ("text", "found", "notes"),
    [
        ("87185463409328718546348440", 2, 0), ("8718546340932 8718546348440", 2, 0), ("8718546340932, 8718546348440", 2, 0),
        ("8 718546 340932", 1, 0), ("EAN: 8718546340932", 1, 0), ("87185463409328718546348441", 0, 1), ("000000000", 0, 0), ("00000000 00000000", 0, 0),
        ("n/a", 0, 0), ("", 0, 0), ("='8718546340932", 0, 1), ('="0051141405278"', 1, 0), ("'0051141405278", 1, 0), ("51141405278.0", 1, 0),
        ("8.7185E+12", 0, 1), ("1234567890123", 0, 1), ("8718546340932\n8718546348440", 2, 0),
    ],
)  # fmt: skip
def test_barcodes_in_any_format(text: str, found: int, notes: int) -> None:
    left_out: list[str] = []
    assert (len(read_barcodes(text, left_out)), len(left_out)) == (found, notes)


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


def test_a_recall_of_health_canada_is_read() -> None:
    base = {
        "NID": "82661",
        "URL": "https://recalls.example/en/x",
        "Organization": "CFIA",
        "Issue": "Milk",
        "Category": "Snacks",
        "Recall class": "Class 1",
        "Last updated": "2026-10-01",
        "Archived": "0",
    }
    rows = recalls(
        [
            base
            | {
                "Title": "Smart Snacks brand Puff recalled due to milk ",
                "Product": "Puff ",
                "What you should do": "Stop&nbsp;using the product.Consumers must check productsDo not consume",
            },
            base | {"NID": "2", "Title": "Various brands of sandwiches recalled", "Product": "Sandwiches"},
            base | {"NID": "3", "Title": "Transport Canada Recall", "Product": "School Bus recalled by MICRO BIRD"},
        ]
    )
    assert [(row.products[0].name, row.products[0].brand) for row in rows] == [
        ("Puff", "Smart Snacks"),
        ("Sandwiches", ""),
        ("School Bus", "MICRO BIRD"),
    ]
    assert rows[0].remedy == "Stop using the product.\nConsumers must check products\nDo not consume"
    assert rows[0].recalled_on is None
    assert (rows[0].facts["updated"], rows[0].facts["risk_level"]) == ("2026-10-01", "Class 1")
    assert rows[0].recorded == {"risk_level": "high"}


def fiche(**changes: Any) -> dict[str, Any]:
    return {
        "gtin": 3245414264410, "numero_fiche": "2026-10-0018", "numero_version": 1, "marque_produit": "sans marque", "libelle": "haché de veau",
        "modeles_ou_references": "mzbg156 108209", "motif_rappel": "salmonelle", "risques_encourus": "brûlures|choc", "date_publication": "2026-10-02T17:50:11+00:00",
        "identification_produits": "3245414264410$n° lot : 73728848$date limite de consommation$2026-10-07$|3230890017520$26265 et 26266$non concerné$$|000000000$tous les lots$$$",
        "liens_vers_les_images": "https://x.example/a.jpg|https://x.example/b.jpg", "distributeurs": "deuba¤lyon", "id": 23689,
    } | changes  # fmt: skip


def test_entries_of_rappelconso_are_read() -> None:
    (recall,) = recalls({"total_count": 1, "results": [fiche()]})
    product = recall.products[0]
    assert (product.name, product.brand, product.model_numbers) == ("haché de veau", "", ("mzbg156", "108209"))
    assert product.gtins == ("03245414264410", "03230890017520")
    assert recall.facts["lots"] == ["73728848", "26265", "26266"]
    assert recall.facts["dates"] == ["date limite de consommation: 2026-10-07"]
    assert (recall.sold_at, len(recall.pictures)) == ("deuba\nlyon", 2)
    assert recall.facts["risks"] == ["brûlures", "choc"]


def test_rappelconso_rows_of_one_notice_are_one_recall_of_its_newest_version() -> None:
    older = fiche(libelle="old", identification_produits="4006381333931$tous les lots$$$", gtin=0)
    newer = fiche(numero_version=2, identification_produits="3245414264410$tous les lots$$$")
    second = fiche(numero_version=2, identification_produits="3230890017520$tous les lots$$$", gtin=3230890017520)
    (recall,) = recalls([older, newer, second])
    assert (recall.products[0].name, recall.products[0].gtins) == (
        "haché de veau",
        ("03245414264410", "03230890017520"),
    )
    assert recall.facts["scope"] == "all lots"


def test_a_gtin_that_became_a_number_gets_its_zeros_back() -> None:
    (recall,) = recalls([fiche(gtin=51141405278, identification_produits="$tous les lots$$$")])
    assert recall.products[0].gtins == ("00051141405278",)


@pytest.mark.parametrize(
    ("text", "gtins", "lots"),
    [
        ("5713795220915 Tous les lots  5713795220922 Tous les lots", 2, []), ("201577800065 Tous les lots", 0, []), ("LOT 33019", 0, ["33019"]),
        ("18012224 Date de durabilité minimale entre le 04/03/2022 et le 27/03/2022", 0, ["18012224"]), ("790  3526170007023 790", 1, ["790"]),
        ("00000000 00000000", 0, []), ("73513537 Tous les lots", 1, []), ("3447571405167 Poudre 1.05kg DDM 09/12/2022", 1, []),
    ],
)  # fmt: skip
def test_rappelconso_of_before_has_running_text(text: str, gtins: int, lots: list[str]) -> None:
    fields = {
        "reference_fiche": "2022-03-0002",
        "ndeg_de_version": 1,
        "nom_de_la_marque_du_produit": "Electra taille 12",
        "noms_des_modeles_ou_references": "Bottle",
        "identification_des_produits": text,
        "motif_du_rappel": "x",
        "date_ref": "2022-03",
    }
    (recall,) = recalls({"total_count": 1, "records": [{"links": [], "record": {"id": "a", "fields": fields}}]})
    assert (len(recall.products[0].gtins), recall.facts.get("lots", [])) == (gtins, lots)
    assert (recall.products[0].brand, recall.products[0].sizes) == ("Electra", ("12",))


def test_rappelconso_as_csv_is_the_same() -> None:
    names = ["numero_fiche", "numero_version", "marque_produit", "libelle", "identification_produits", "motif_rappel"]
    text = ";".join(names) + "\n2026-10-0018;1;Acme;Lampe;3245414264410$tous les lots$$$;choc\n"
    (recall,) = recalls(text)
    assert (recall.number, recall.products[0].gtins) == ("2026-10-0018", ("03245414264410",))


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
    ("text", "found", "left_out"),
    [
        ("UPCs: (2 lb): 650655244825, (4 lb): 650655496873. Other", 2, 0), ("UPC code 7 84762 03730 5. The label", 1, 0),
        ("UPC code 7 84762 03730 3.", 0, 1), ("UPC 1 00001 00029 7 and more", 1, 0),
        ("UDI-DI: 00802526559044, 00802526578014, Serial Number: 760500 100707", 2, 0), ("Item 650655244825", 0, 0), ("UPC 650655244826", 0, 1),
    ],
)  # fmt: skip
def test_barcodes_named_in_running_text(text: str, found: int, left_out: int) -> None:
    notes: list[str] = []
    assert (len(labelled_barcodes(text, notes)), len(notes)) == (found, left_out)


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


def campaign(**changes: str) -> str:
    values = dict.fromkeys(FIELDS, "") | {
        "RECORD_ID": "1", "CAMPNO": "10V080000", "MAKETXT": "GEM", "MODELTXT": "e2", "YEARTXT": "2009", "COMPNAME": "PARKING BRAKE", "MFGTXT": "GEM LLC",
        "BGMAN": "20091208", "ENDMAN": "20091215", "RCLTYPECD": "V", "POTAFF": "142", "ODATE": "19010101", "RCDATE": "20100304", "DESC_DEFECT": 'A "quoted defect.',
        "NOTES": "GO TO <A HREF=HTTP://WWW.X.GOV>HTTP://WWW.X.GOV</A> .", "DO_NOT_DRIVE": "Yes", "PARK_OUTSIDE": "No",
    } | changes  # fmt: skip
    return "\t".join(values[name] for name in FIELDS)


def test_the_flat_file_of_nhtsa_is_read() -> None:
    rows = [
        campaign(),
        campaign(MODELTXT="e6"),
        campaign(CAMPNO="10C005000", MAKETXT="EVENFLO", MODELTXT="310 (MAESTRO)", YEARTXT="9999", RCLTYPECD="C"),
        campaign(CAMPNO="23V001000") + "\tEXTRA",
    ]
    reading = read("\r\n".join(rows) + "\r\n")
    vehicle, seat, moved = reading.rows
    assert (reading.records, vehicle.number) == (4, "10V080000")
    assert isinstance(vehicle, ImportedRecall)
    assert [(each.name, each.model_numbers, each.description) for each in vehicle.products] == [
        ("GEM e2", ("e2",), "Model year 2009"),
        ("GEM e6", ("e6",), "Model year 2009"),
    ]
    assert (vehicle.description, str(vehicle.recalled_on), vehicle.units) == ('A "quoted defect.', "2010-03-04", "142")
    assert (vehicle.facts["made"], vehicle.facts["advice"], vehicle.facts["remarks"]) == (
        "2009-12-08 to 2009-12-15",
        ["Do not drive"],
        ["GO TO HTTP://WWW.X.GOV ."],
    )
    assert isinstance(seat, ImportedRecall)
    assert (seat.products[0].name, seat.products[0].model_numbers, seat.products[0].description) == (
        "EVENFLO 310 (MAESTRO)",
        ("310",),
        "",
    )
    assert isinstance(moved, Reject)
    assert (moved.number, "30 fields" in moved.reason) == ("23V001000", True)


def test_nhtsa_api_dates_are_day_first() -> None:
    row = {
        "NHTSACampaignNumber": "20V682000",
        "Manufacturer": "Toyota",
        "ReportReceivedDate": "04/11/2020",
        "Component": "FUEL",
        "Make": "TOYOTA",
        "Model": "CAMRY",
        "ModelYear": "2020",
        "parkOutSide": True,
    }
    (recall,) = recalls({"Count": 1, "Message": "ok", "results": [row]})
    assert (str(recall.recalled_on), recall.facts["vehicles"], recall.facts["advice"]) == (
        "2020-11-04",
        ["TOYOTA CAMRY 2020"],
        ["Park outside"],
    )


def test_cpsc_paged_wrapped_and_single() -> None:
    one = {"RecallNumber": "1", "Title": "T", "Products": []}
    for content in (
        [{"results": [one]}, {"results": [one | {"RecallNumber": "2"}]}],
        {"success": {"results": [one, one | {"RecallNumber": "2"}]}},
    ):
        assert [row.number for row in recalls(content)] == ["1", "2"]
    assert [row.number for row in recalls(one)] == ["1"]


@dataclass
class Case:
    text: str
    lots: tuple[str, ...]
    scope: str


@pytest.mark.parametrize(
    "case",
    [
        Case("tous les lots", (), "all lots"), Case("", (), "all lots"), Case("n° lot : 73728848", ("73728848",), "listed lots"),
        Case("26265 et 26266", ("26265", "26266"), "listed lots"), Case("200/300/350/400ah", (), "unknown"),
        Case("p l26/2194", ("p l26/2194",), "listed lots"),
        Case("siehe bei meiner produktliste", (), "unknown"), Case("Lot A1; lot B2", ("A1", "B2"), "listed lots"),
    ],
    ids=lambda case: case.text,
)  # fmt: skip
def test_only_lots_are_read_as_lots(case: Case) -> None:
    assert lots_in(case.text) == (case.lots, case.scope)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("mzbg156 108209", ("mzbg156", "108209")), ("haché de veau 2x100g", ()), ("batteries, capacité 200/300 ah.", ()),
     ("pafuluo x20", ("x20",)), ("Modèle 52502HPA3 taille 12", ("52502HPA3",))],
)  # fmt: skip
def test_codes_are_distinguished_from_measures(text: str, codes: tuple[str, ...]) -> None:
    assert codes_in(text) == codes


def test_html_and_quotes_around_words() -> None:
    assert plain("<p>One</p><ul><li>Two</li><li>Three &amp; four</li></ul>") == "One\nTwo\nThree & four"
    assert plain("a < b and c > d") == "a < b and c > d"
    assert (brand('"Acme"'), brand(" nincs "), brand(None)) == ("Acme", "", "")


@pytest.mark.parametrize(
    "envelope",
    [
        lambda rows: {"total_count": 5_101, "results": rows},
        lambda rows: {"success": {"total": 5_101, "results": rows}},
        lambda rows: {"meta": {"results": {"total": 5_101, "limit": 1}}, "results": rows},
        lambda rows: {"totalElements": 5_101, "content": rows},
    ],
)
def test_one_page_of_a_publishers_answer_says_that_it_is_not_the_whole(envelope: Callable[[Any], Any]) -> None:
    assert any("1 of 5,101 records" in remark for remark in read(envelope([alert()])).report.remarks)
    assert read([alert()]).report.remarks == read({"total": 1, "content": [alert()]}).report.remarks == []


def test_an_alert_of_the_weekly_report_that_leaves_out_its_country_and_risk_is_kept_and_says_so() -> None:
    given = "<caseNumber>A12/09999/25</caseNumber><reference>https://e.example/alertDetail/-1</reference><product>Jacket</product>"
    (recall,) = recalls(f"<Safety-Gate><notifications>{given}</notifications></Safety-Gate>")
    assert recall.notes == ("the alert states no country and no level of risk",)
    assert (recall.number, recall.url) == ("A12/09999/25", "")
    stated = "<notifyingCountry>Germany</notifyingCountry><level>Serious risk</level>"
    (recall,) = recalls(f"<Safety-Gate><notifications>{given}{stated}</notifications></Safety-Gate>")
    assert recall.notes == ()
