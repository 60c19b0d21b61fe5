"""What leaves comes back: lists as filtered, in every format, formula-safe, and read again exactly as they were."""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client

from listings import services as listings
from listings import tasks as listings_tasks
from listings.models import CatalogueImport, Listing
from portal.cells import guarded, inert, unguarded
from portal.exporting.formats import FORMATS
from portal.exporting.registry import is_list
from portal.identity.actors import Actor
from portal.models import Export, Organisation, User
from recalls import tasks as recall_tasks
from recalls.importers.records import ImportedRecall
from recalls.importers.registry import read
from recalls.models import Recall, RecallImport
from tests.exporting import exported
from tests.factories import ListingFactory, RecallFactory
from tests.world import CANARY, build_populated_site

TITLES = (
    "=SUM(A1)", "-10% Lamp", "+49 lamp", "@home", "'=x", "''-y", "' quoted", "＝1", "007", 'a "b", c; d', "Lampe\nzweizeilig", "灯 ☂", "x" * 1_999,
    "Lamp; =HYPERLINK(A1)", "Lamp;+1;\u3000@x", "Lampe\n=1", "a;'=b", "\u200b=1", "\u3000@x", "\ufeff+1",
    "<b>fett</b> &amp; so", "\u00a0-z", "NULL", "1,5", "TRUE", "2026-01-02", "https://shop.example/1",
)  # fmt: skip


@pytest.mark.parametrize("text", [*TITLES, "", "'", "''", "'a", "-", "'''=", " =1", "\t=1"])
def test_what_is_guarded_comes_back_exactly_and_is_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@pytest.mark.parametrize("text", [*TITLES, "a\t=1", "1\r\n+1", ";=", "; \u200b＋1", ";';=1", "\n\n@x"])
@pytest.mark.parametrize("write", [inert, guarded])
def test_no_part_of_a_cell_is_a_formula_where_semicolons_or_line_ends_take_it_apart(
    write: Callable[[str], str], text: str
) -> None:
    """As a spreadsheet does whose list separator is a semicolon: for it, our quotes stand in the middle of a cell."""
    unseen = " \u00a0\u200b\u3000\ufeff"
    for part in re.split("[;\t\r\n]", write(text)):
        assert not part.lstrip(unseen).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), repr(write(text))
    assert unguarded(guarded(text)) == text


@pytest.fixture
def catalogue(platform_a: Organisation, manager_a: User, settings: Any, tmp_path: Path) -> int:
    """A catalogue as an import stored it."""
    settings.MEDIA_ROOT = tmp_path
    stated = {"brand": "=B", "seller": "-S", "price": "12.50", "currency": "EUR", "destinations": "DE, FR", "supplier": "@S",
              "gtin": "4006381333931", "mpn": "-7", "price_ladder": "1: 2.00 EUR; 100: 1.50 EUR", "minimum_order": "10 pieces"}  # fmt: skip
    items = [{"id": f"-{place}", "title": title, **stated} for place, title in enumerate(TITLES)]
    listings.upsert_listings(
        platform=platform_a, items=[*items, {"id": "bare", "title": "Bare"}], actor=Actor.person(manager_a)
    )
    return Listing.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("form", list(FORMATS))
def test_a_catalogue_comes_back_unchanged(
    form: str, catalogue: int, platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    data = exported(client, client.post("/exports/of/catalogue/", {"format": form}))
    assert Export.objects.get().filename.endswith(f".{form}")
    job = listings.start_import(
        platform=platform_a,
        file=ContentFile(data, f"a.{form}"),
        filename=f"a.{form}",
        kind="full",
        actor=Actor.person(manager_a),
    )
    listings_tasks.run_imports_due()
    job = CatalogueImport.objects.get(pk=job.pk)
    assert (job.status, job.unchanged, job.added, job.changed, job.rejected) == ("done", catalogue, 0, 0, 0), job.error


@pytest.mark.django_db
def test_a_list_leaves_as_filtered_and_only_what_its_reader_may_see(
    catalogue: int, platform_b: Organisation, manager_a: User, moderator_b: User, sign_in: Callable[[User], Client]
) -> None:
    ListingFactory(platform=platform_b, external_id="theirs")
    client = sign_in(manager_a)
    lines = (
        exported(client, client.post("/exports/of/catalogue/?q=bare&after=x", {"format": "jsonl"}))
        .decode()
        .splitlines()
    )
    assert (len(lines), '"id": "bare"' in lines[0]) == (1, True)
    other = sign_in(moderator_b)
    seen = exported(other, other.post("/exports/of/catalogue/", {"format": "csv"})).decode()
    assert ("theirs" in seen, "bare" in seen) == (True, False)
    assert client.post("/exports/of/catalogue/", {"format": "exe"}).status_code == 400
    assert client.post("/exports/of/audit/").status_code == 404
    assert client.post("/exports/of/recall_rejects/").status_code == 404


@pytest.mark.django_db
def test_no_cell_of_a_workbook_is_a_formula(catalogue: int, manager_a: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(manager_a)
    data = exported(client, client.post("/exports/of/catalogue/", {"format": "xlsx"}))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    assert "=SUM(A1)" in {row[1].value for row in sheet.iter_rows()}


@pytest.mark.django_db
@pytest.mark.parametrize("form", list(FORMATS))
def test_recalls_come_back_as_they_were(
    form: str, regulator: Organisation, officer: User, sign_in: Callable[[User], Client], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    recall = RecallFactory(regulator=regulator, number="26-001", title="=Heater & Co", recalled_on=date(2026, 3, 2))
    version = recall.current
    version.title, version.hazard, version.firms = "=Heater & Co", "-burns", ["Acme, Inc.", "Other GmbH"]
    version.facts = {"lots": ["L1", "L2"], "category": ["Heaters"], "country": "US", "risk_level": "Class 1"}
    version.save()
    client = sign_in(officer)
    data = exported(client, client.post("/exports/of/recalls/", {"format": form}))
    (found,) = (row for row in read(data).rows if isinstance(row, ImportedRecall))
    product = version.products.get()
    assert (found.number, found.title, found.hazard, found.remedy, found.description) == (
        "26-001", "=Heater & Co", "-burns", version.remedy, version.description,
    )  # fmt: skip
    assert (found.recalled_on, list(found.firms), found.url) == (date(2026, 3, 2), version.firms, version.url)
    (read_again,) = found.products
    assert (read_again.name, read_again.brand, list(read_again.model_numbers)) == (
        product.name,
        product.brand,
        product.model_numbers,
    )
    assert {name: found.facts[name] for name in version.facts} == version.facts


@pytest.mark.django_db
@pytest.mark.parametrize("form", list(FORMATS))
def test_an_import_of_our_own_export_of_recalls_changes_nothing(
    form: str, regulator: Organisation, officer: User, sign_in: Callable[[User], Client], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(officer)
    table = (
        "Recall number,Title,Recall date,Product,Brand,Model numbers,GTINs,Hazard,Lots,Country,Pictures\n"
        "27-001,=Heaters & Co,2026-03-02,Heater,-Acme,HL-1; HL-2,4006381333931,+Burns,007; L2,US,https://a.example/1.jpg\n"
        "27-001,,,Small heater,Acme,HL-3,,,,,\n"
        '27-002,"Lamp; ""bright""",2026-04-01,Lamp,,,,Fire,,DE,\n'
    )
    imported = import_of(client, table.encode(), "recalls.csv")
    assert (imported.added, imported.rejected) == (2, 0), imported.error
    client.post(f"/recalls/imports/{imported.pk}/confirm/", {"confirm": "yes"})
    recall_tasks.run_recall_imports_due()
    assert Recall.objects.count() == 2
    data = exported(client, client.post("/exports/of/recalls/", {"format": form}))
    again = import_of(client, data, f"recalls.{form}")
    assert (again.added, again.revised, again.unchanged, again.rejected) == (0, 0, 2, 0), again.error
    assert Recall.objects.count() == 2


def import_of(client: Client, data: bytes, name: str) -> RecallImport:
    """The import of a file, previewed."""
    answer = client.post("/recalls/imports/add/", {"file": ContentFile(data, name)})
    recall_tasks.run_recall_imports_due()
    return RecallImport.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


@pytest.mark.django_db
def test_every_list_leaves_in_every_format_with_what_its_page_shows(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    client = sign_in(officer)
    pages = {
        "catalogue": "/catalogue/", "recalls": "/recalls/", "notices": "/recalls/notices/", "takedowns": "/takedowns/",
        "escalations": "/escalations/", "letters": "/letters/", "appeals": "/appeals/", "exclusions": "/exclusions/", "flags": "/queue/?view=undecided",
        "public_listings": "/public-listings/",
    }  # fmt: skip
    for kind, page in pages.items():
        shown = client.get(page)
        query = "".join(page.partition("?")[1:])
        assert f'action="/exports/of/{kind}/{query}"' in shown.content.decode(), kind
        for form in FORMATS if kind == "takedowns" else ["jsonl"]:
            data = exported(client, client.post(f"/exports/of/{kind}/{query}", {"format": form}))
            assert form not in {"csv", "jsonl"} or CANARY in data.decode(), kind
            assert len(data) > 100
    assert {name for name in pages if is_list(name)} == set(pages)
