"""The rejects of all imports of one's own organisation."""

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


def test_an_admin_reads_those_of_recalls_and_a_manager_those_of_their_catalogue(
    admin: User, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    recalls = sign_in(admin).get("/rejects/").content.decode()
    catalogues = sign_in(manager_a).get("/rejects/").content.decode()
    assert ("It names no product." in recalls, "The title is missing." in recalls) == (True, False)
    assert ("It names no product." in catalogues, "The title is missing." in catalogues) == (False, True)
    assert "The price is no number." not in recalls + catalogues, "of another platform"
    narrowed = sign_in(manager_a).get("/rejects/?q=missing").content.decode()
    assert "The title is missing." in narrowed
    assert "No matching rejects" in sign_in(admin).get("/rejects/?q=nothing-like-it").content.decode()


def test_the_download_has_what_the_page_lists_with_the_rows_inert(
    manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    body = exported(client, client.post("/rejects/export/?q=title")).decode()
    assert "bazaarly.csv,Bazaarly" in body
    assert "'=L-1" in body
    assert "Market One" not in body


def test_nobody_else_reads_them(
    officer: User, moderator_a: User, operator: User, other_admin: User, sign_in: Callable[[User], Client]
) -> None:
    for person in (officer, moderator_a, operator):
        assert sign_in(person).get("/rejects/").status_code == 403
        assert sign_in(person).post("/rejects/export/").status_code == 403
    assert not Export.objects.exists()
    assert "No import rejects" in sign_in(other_admin).get("/rejects/").content.decode()
