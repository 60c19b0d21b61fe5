"""Files of publishers and shops that others wrote, through the import pages: each with the outcome that its manifest states.

They are other people's work and not in this repository: OFFSHELF_FEEDS names their folder (recalls/, catalogues/, ours/);
without it, they are sought beside the checkout. `pytest -s` prints a table: file, expected, got.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from listings import services as listing_services
from listings.models import CatalogueImport, Listing
from portal.models import User
from recalls import tasks
from recalls.models import Recall, RecallImport

FEEDS = Path(os.environ.get("OFFSHELF_FEEDS") or Path(settings.BASE_DIR).parent / "shared" / "data" / "feeds")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FEEDS.is_dir(), reason="OFFSHELF_FEEDS names no folder with the feeds of others"),
]

# file, the import after its preview, what the pages say, recalls by number: words of their products
RECALLS: list[tuple[str, str, tuple[str, ...], dict[str, str]]] = [
    ("cpsc/sample.json", "7 new, 0 rejected", (), {"25203": "00089301008588", "25111": "Greater Goods", "25139": "Bowling Pin Sipper Cups"}),
    ("cpsc_usagov_Baby_Socks.json", "3 new, 0 rejected", (), {"13173": "Classic Characters Infant Socks"}),
    ("cpsc_usagov_Lamps.json", "50 new, 0 rejected", ("50 of 75 records", "46677 37724 has 10 digits"), {"11302": "00046677137076"}),
    ("eu-safety-gate/10118970.json", "1 new, 0 rejected", (), {"SR/02645/26": "Free monday 03667360229679 22032906-13"}),
    ("eu-safety-gate/10119096.json", "1 new, 0 rejected", (), {"SR/02788/26": "101W Lighting chain – lampki choinkowe"}),
    ("eu-safety-gate/10119103.json", "1 new, 0 rejected", (), {"SR/02783/26": "Magnetix 08710124155013 601-1004"}),
    ("health-canada/sample.json", "7 new, 0 rejected", (), {"82687": "Smarter Snacks", "82705": "MICRO BIRD", "78484": "Sandwiches"}),
    ("justanesta/RCL.txt", "failed", ("The file is not JSON, XML or a table with columns",), {}),
    ("justanesta/drift_30col.tsv", "failed", ("30 fields", "the layout changed"), {}),
    ("nhtsa/nhtsa-flat-sample.txt", "10 new, 0 rejected", (), {"10V080000": "GEM eL e2 e6", "10C005000": "EVENFLO 310"}),
    ("nhtsa/nhtsa-recalls-by-vehicle-camry-2020.json", "3 new, 0 rejected", (), {"20V682000": "TOYOTA CAMRY"}),
    ("openfda/food-listeria.json", "2 new, 0 rejected", ("3 of 25 records",), {"99325": "Requeson", "99211": "mild cheese Pepper Jack"}),
    ("openfda_upc-with-dashes.xml", "1 new, 0 rejected", (), {"63928": "00698997806158"}),
    ("rappelconso/food.json", "2 new, 0 rejected", ("2 of 14,330 records",), {"2026-10-0019": "maitre coq 03230890017384 03230890017520"}),
    ("rappelconso/non-food.json", "3 new, 0 rejected", (), {"2026-09-0234": "mzbg156 108209 04250525376548", "2026-10-0003": "05390946117845"}),
    ("rappelconso-v1/product.json", "7 new, 0 rejected", ("201577800065 has a wrong check digit",),
     {"2022-03-0002": "05713795220892 BIBS", "2022-03-0009": "03555801358876", "2022-03-0010": "52502HPA3 03526170007023"}),
    ("safety-gate-xml/sg_search.json", "2 new, 0 rejected", (), {"SR/00001/26": "AcmeBrand OtherBrand"}),
    ("safety-gate-xml/sg_weekly_report.xml", "2 new, 2 rejected", ("1234567890123 has a wrong check digit",), {"10118967": "08718546340932 08718546348440"}),
    ("safety-gate-xml/sg_weekly_report_list.xml", "failed", ("This is the list of weekly reports",), {}),
    ("safetygate_minimal_export.xml", "3 new, 0 rejected", ("the alert states no country and no level of risk",),
     {"A12/00188/24": "e1*2007/46*2180*", "A12/09999/25": "VW Lifestyle"}),
    ("uk-opss/finder.json", "failed", ("a list of allowed values",), {}),
    ("uk-opss/recall-baby-spinner.json", "1 new, 0 rejected", (), {"2609-0229": "Playworks 05052089365995"}),
    ("uk-opss/report-e-bike.json", "1 new, 0 rejected", (), {"2609-0156": "Allegro Allegrouk A1"}),
    ("uk-opss/search.json", "4 new, 0 rejected", ("4 of 3,746 records",), {"2609-0079": "hahaland Baby Tissue Box Toy"}),
]  # fmt: skip
NEVER = {"SR/02788/26": "nincs", "2026-10-0003": "sans marque", "2022-03-0005": "18012224"}

# file, the import when it is over, what its page says, listings by id: their words
CATALOGUES: list[tuple[str, str, tuple[str, ...], dict[str, str]]] = [
    ("catalogues/shopify_apparel.csv", "20 stored, 0 rejected", ("No listing has a GTIN", "2 rows continue"), {"ocean-blue-shirt": "partners-demo 50.00"}),
    ("catalogues/shopify_home-and-garden.csv", "20 stored, 0 rejected", ("1 row", "No listing has a GTIN"), {"clay-plant-pot": "Company 123 9.99"}),
    ("catalogues/woocommerce_sample_products.csv", "15 stored, 0 rejected", ("9 variants were added",), {"cc-beanie": "Beanie 18.00"}),
    ("catalogues/prestashop_products_import.csv", "2 stored, 0 rejected", ("No listing has a GTIN", "semicolon"), {"2": "iPod shuffle world’s most wearabl…. 66.05"}),
    ("catalogues/google_merchant_feed_example.xml", "2 stored, 0 rejected", ("item_group_id",),
     {"celebird-eg-variants-apparel-upi-001": "698615070527 105.29", "celebird-eg-variants-apparel-upi-002": "698615086467"}),
    ("ours/shopify.csv", "2 stored, 0 rejected", ("GTIN in scientific notation",), {"laminator": "0051141405278 Scotch 29.00 a.jpg Used, very good"}),
    ("ours/woo.csv", "1 stored, 0 rejected", ("Unused columns", "Type, Published"), {"W-11": "WORX 129.00 1.jpg"}),
    ("ours/de1252.csv", "2 stored, 0 rejected", ("Windows-1252",), {"A-1": "Heizlüfter 1299.95 4006381333931 WarmWave Müller GmbH"}),
    ("ours/artikel.csv", "1 stored, 0 rejected", ("ID: Artikelnummer",), {"O-2": "Scotch Laminiergerät 4006381333931"}),
    ("ours/gtins.csv", "8 stored, 0 rejected", ("GTIN in scientific notation", "wrong check digit", "not a GTIN"),
     {"GT-1": "0051141405278", "GT-6": "51141405278", "GT-8": "0051141405278"}),
    ("ours/price_1.299.csv", "2 stored, 0 rejected", (), {"P-1": "19.95", "P-2": "1299.00"}),
    ("ours/de2_1252.csv", "3 stored, 0 rejected", ("Windows-1252",), {"D-3": "1299.00"}),
    ("ours/oneline_12mb.csv.gz", "failed", ("line 2 is longer than 2,000,000 characters",), {}),
    ("ours/evil.xml", "failed", ("The XML declares entities",), {}),
    ("ours/google_rss.xml", "1 stored, 0 rejected", ("Google Merchant RSS",), {"R-1": "Scotch 0051141405278 15.00"}),
    ("ours/google_atom.xml", "1 stored, 0 rejected", ("Google Merchant Atom",), {"AT-1": "Laminator atom 15.00"}),
    ("ours/excel.xlsx", "1 stored, 0 rejected", ("Excel workbook",), {"X-1": "xlsx title"}),
    ("ours/one.zip", "1 stored, 0 rejected", ("ZIP",), {"Z-1": "zipped"}),
    ("ours/two.zip", "failed", ("a.csv, b.csv",), {}),
    ("ours/sep.csv", "1 stored, 0 rejected", ("semicolon",), {"SP-1,x": "two"}),
    ("ours/header_only.csv", "failed", ("The file has a header but no rows",), {}),
    ("ours/noid.csv", "failed", ("No column was recognised as the listing", "foo, bar"), {}),
    ("ours/quoted_nl.csv", "2 stored, 1 rejected", ("unclosed quote", "line 5"), {"Q-1": "Title with newline", "Q-3": "6.00"}),
]  # fmt: skip


def test_recall_files_of_publishers_come_in_through_the_page(officer: User, sign_in: Callable[[User], Client]) -> None:
    client, table = sign_in(officer), []
    for name, expected, told, holds in RECALLS:
        stored = Recall.objects.count()
        sent = SimpleUploadedFile(Path(name).name, (FEEDS / "recalls" / name).read_bytes())
        address = client.post("/recalls/imports/add/", {"file": sent})["Location"]
        tasks.run_recall_imports_due()
        page = client.get(address).content.decode() + client.get(f"{address}?show=rejects").content.decode()
        job = RecallImport.objects.latest("pk")
        got = _preview(job)
        assert Recall.objects.count() == stored, "a preview stores nothing"
        if job.status == "waiting":
            client.post(f"{address}confirm/")
            tasks.run_recall_imports_due()
            job.refresh_from_db()
            got = got if job.status == "done" else f"{got}, then {job.status}"
        table.append((name, expected, _with_gaps(got, [*_missing(told, page), *_unlike(holds, _of_recall)])))
    assert not Recall.objects.exclude(status="draft").exists(), (
        "nothing is published by an import that one person confirmed"
    )
    assert _differing(table) == []
    assert {name for name, *_ in RECALLS} == set(_files("recalls"))


def test_catalogues_of_shops_come_in_through_the_page(manager_a: User, sign_in: Callable[[User], Client]) -> None:
    client, table = sign_in(manager_a), []
    for name, expected, told, holds in CATALOGUES:
        sent = SimpleUploadedFile(Path(name).name, (FEEDS / name).read_bytes())
        address = client.post("/catalogue/imports/add/", {"file": sent, "kind": "delta"})["Location"]
        listing_services.run_imports_due()
        page = client.get(address).content.decode()
        job = CatalogueImport.objects.latest("pk")
        got = f"{job.stored} stored, {job.rejected} rejected" if job.status == "done" else job.status
        table.append((name, expected, _with_gaps(got, [*_missing(told, page), *_unlike(holds, _of_listing)])))
    assert _differing(table) == []
    assert {name for name, *_ in CATALOGUES} == {*_files("catalogues", "catalogues/"), *_files("ours", "ours/")}
    found = client.get("/catalogue/", {"q": "0051141405278"}).content.decode()
    assert [f"GT-{at}" in found for at in (1, 2, 4, 6, 8)] == [True] * 5, "however a spreadsheet dressed its GTIN"


def _files(folder: str, before: str = "") -> Iterable[str]:
    files = (path for path in (FEEDS / folder).rglob("*") if path.is_file() and path.suffix != ".md")
    return [before + str(path.relative_to(FEEDS / folder)) for path in files]


def _preview(job: RecallImport) -> str:
    return (
        f"{job.added + job.unchanged + job.revised} new, {job.rejected} rejected"
        if job.status != "failed"
        else "failed"
    )


def _missing(told: tuple[str, ...], page: str) -> list[str]:
    return [f"the page does not say “{text}”" for text in told if text not in page]


def _unlike(holds: dict[str, str], read: Callable[[str], str]) -> list[str]:
    return [
        f"{number} has no {word}"
        for number, words in holds.items()
        for word in words.split()
        if word not in read(number)
    ]


def _of_recall(number: str) -> str:
    recall = Recall.objects.filter(number=number).first()
    products = recall.current.products.all() if recall and recall.current else ()
    texts = [f"{each.name} {each.brand} {each.model_numbers} {each.gtins}" for each in products]
    text = " ".join(texts)
    assert number not in NEVER or NEVER[number] not in text, text
    return text


def _of_listing(external_id: str) -> str:
    listing = Listing.objects.filter(external_id=external_id).first()
    if listing is None:
        return ""
    names = ("title", "brand", "gtin", "price", "description", "image_link", "seller")
    return " ".join(str(getattr(listing, name, "")) for name in names)


def _with_gaps(got: str, gaps: list[str]) -> str:
    return "; ".join([got, *gaps])


def _differing(table: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    sys.stdout.write("\n" + "\n".join(" · ".join(row) for row in table) + "\n")
    return [row for row in table if row[1] != row[2]]
