"""The page of an import: how the file was read, rejects with their reasons, unused columns."""

import gzip
import tracemalloc
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from listings import services
from listings.models import CatalogueImport, Listing
from portal.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(manager_a: User, sign_in: Callable[[User], Client]) -> Callable[..., tuple[CatalogueImport, str]]:
    client = sign_in(manager_a)

    def do(content: bytes, kind: str = "delta") -> tuple[CatalogueImport, str]:
        sent = {"file": SimpleUploadedFile("feed.csv", content), "kind": kind}
        address = client.post("/catalogue/imports/add/", sent)["Location"]
        assert "The import continues" in client.get(address).content.decode()
        services.run_imports_due()
        return CatalogueImport.objects.latest("pk"), client.get(address).content.decode()

    return do


def test_it_shows_format_encoding_columns_and_causes(upload: Callable[..., tuple[CatalogueImport, str]]) -> None:
    feed = "Artikelnummer;Bezeichnung;EAN;Zustand\nA-1;Heizlüfter;n/a;neu\n;Bett;;\n;Tisch;;\nA-2;Lampe;4006381333931;neu\n"
    job, page = upload(feed.encode("cp1252"))
    assert (job.status, job.added, job.rejected, job.total) == ("done", 2, 2, 4)
    for text in (
        "CSV, separated by semicolon",
        "Windows-1252",
        "ID: Artikelnummer",
        "Zustand",
        "missing id",
        "3, 4",
        "not a GTIN",
    ):
        assert text in page, text
    assert "The import continues" not in page
    assert job.report["rows_read"] == 4


def test_a_failed_import_says_why_and_not_that_it_continues(upload: Callable[..., tuple[CatalogueImport, str]]) -> None:
    job, page = upload(b"foo,bar\n1,2\n")
    assert job.status == "failed"
    assert "No column was recognised as the listing" in page
    assert "The import continues" not in page
    assert not Listing.objects.exists()


def test_a_page_that_waits_shows_the_reason_of_a_failure_by_itself(
    manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    sent = {"file": SimpleUploadedFile("feed.csv", b"foo,bar\n1,2\n"), "kind": "delta"}
    address = client.post("/catalogue/imports/add/", sent)["Location"]
    waiting = client.get(f"{address}progress/")
    assert (waiting.status_code, "HX-Refresh" in waiting) == (200, False)
    assert "The import continues" in waiting.content.decode()
    services.run_imports_due()
    ended = client.get(f"{address}progress/")
    assert (ended.status_code, ended["HX-Refresh"]) == (286, "true")
    assert "No column was recognised as the listing" in ended.content.decode()
    assert "The import continues" not in ended.content.decode()


def test_rejects_name_the_files_own_column(upload: Callable[..., tuple[CatalogueImport, str]]) -> None:
    job, page = upload(b"Artikelnummer;Bezeichnung;EAN\nA-1;Lampe;n/a\n;Bett;\n")
    assert [(cause["cause"], cause["column"], cause["lines"]) for cause in job.report["causes"]] == [
        ("missing id", "Artikelnummer", [3]),
        ("not a GTIN", "EAN", [2]),
    ]
    assert list(job.rejects.values_list("line", "column")) == [(2, "EAN"), (3, "Artikelnummer")]
    assert "Artikelnummer" in page


def test_a_feed_without_gtins_says_that_matching_uses_the_texts_only(
    upload: Callable[..., tuple[CatalogueImport, str]],
) -> None:
    _, page = upload(b"id,title\n1,Lamp\n")
    assert "No listing has a GTIN, so matching uses the texts only." in page


def test_a_packed_feed_of_long_rows_costs_little_memory(upload: Callable[..., tuple[CatalogueImport, str]]) -> None:
    row = b'{"id": "%d", "title": "Lamp", "description": "' + b"ab" * 60_000 + b'"}\n'
    packed = gzip.compress(b"".join(row % number for number in range(400)), 1)
    tracemalloc.start()
    job, _ = upload(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (job.status, job.added, job.error) == ("done", 400, "")
    assert job.report["causes"][0]["cause"] == "description too long"
    assert peak < 60_000_000
