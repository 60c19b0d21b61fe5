"""The rejects of all imports, for admins."""

from collections.abc import Callable

import pytest
from django.test import Client

from listings.models import CatalogueImport, CatalogueReject
from portal.models import Export, Organisation, User
from recalls.models import RecallImport, RecallReject
from tests.exporting import exported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _refused(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> None:
    for platform, reason in ((platform_a, "The title is missing."), (platform_b, "The price is no number.")):
        job = CatalogueImport.objects.create(
            platform=platform, kind="full", filename=f"{platform.slug}.csv", status="done"
        )
        CatalogueReject.objects.create(job=job, line=7, external_id="=L-1", reason=reason, content="=L-1;;x")
    recall_import = RecallImport.objects.create(regulator=regulator, filename="recalls.json", status="done")
    RecallReject.objects.create(
        job=recall_import, record=3, number="26-009", reason="It names no product.", content="{}"
    )


def test_an_admin_reads_all_rejects_of_catalogues_and_of_recalls(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    catalogues, recalls = (client.get(f"/rejects/?of={of}").content.decode() for of in ("catalogues", "recalls"))
    assert "The title is missing." in catalogues
    assert "The price is no number." in catalogues
    assert "It names no product." in recalls
    narrowed = client.get("/rejects/?q=price").content.decode()
    assert "Market One" in narrowed
    assert "The title is missing." not in narrowed
    assert "No matching rejects" in client.get("/rejects/?q=nothing-like-it").content.decode()


def test_the_download_has_what_the_page_lists_with_the_rows_inert(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    body = exported(client, client.post("/rejects/export/?q=title")).decode()
    assert "bazaarly.csv,Bazaarly" in body
    assert "'=L-1" in body
    assert "Market One" not in body


def test_nobody_else_reads_them(officer: User, manager_a: User, sign_in: Callable[[User], Client]) -> None:
    for person in (officer, manager_a):
        assert sign_in(person).get("/rejects/").status_code == 403
        assert sign_in(person).post("/rejects/export/").status_code == 403
    assert not Export.objects.exists()
