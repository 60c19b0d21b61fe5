"""The recall editor's rows: another product before anything is saved, and which rows are saved at last."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls import services
from recalls.models import Picture, Recall
from recalls.services import ProductContent, RecallContent
from tests.factories import RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
ADD = reverse("recalls:add")
WRITTEN = {
    "number": "26-900",
    "title": "Sunburst Kettles Recalled",
    "description": "",
    "priority": "urgent",
    "products-TOTAL_FORMS": "1",
    "products-INITIAL_FORMS": "0",
    "products-0-name": "Steam kettles",
    "products-0-gtins": "123",
}
ASKED = WRITTEN | {"another": "product"}


@pytest.fixture
def draft(regulator: Organisation, officer: User) -> Recall:
    content = RecallContent(title="Heaters Recalled", products=(ProductContent("Tower heaters", "Hearthline"),))
    return services.create_recall(regulator=regulator, number="26-1", content=content, actor=Actor.person(officer))


def rows_of(page: str) -> list[str]:
    """The rows for products of a page, without the template of those to come."""
    return re.findall(r'name="products-(\d+)-name"', page)


def test_the_page_comes_back_with_one_more_row_and_all_that_was_typed(officer: User, client: Client) -> None:
    client.force_login(officer)
    assert rows_of(client.get(ADD).content.decode()) == ["0"]
    answer = client.post(ADD, ASKED)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert rows_of(page) == ["0", "1"]
    for kept in ("26-900", "Sunburst Kettles Recalled", "Steam kettles", "123</textarea>", '"urgent" selected'):
        assert kept in page, kept
    assert re.search(r'name="products-1-name"[^>]* autofocus', page), "the new row is where one goes on"
    assert 'name="products-TOTAL_FORMS" value="2"' in page
    assert "usa-form-group--error" not in page, "nobody asked to save yet"
    assert not Recall.objects.exists()


def test_a_saved_draft_gets_another_row_and_stays_as_it_is(draft: Recall, officer: User, client: Client) -> None:
    client.force_login(officer)
    address, events = reverse("recalls:edit", args=[draft.pk]), AuditEvent.objects.count()
    saved = {"products-TOTAL_FORMS": "2", "products-INITIAL_FORMS": "1", "products-0-name": "Fans"}
    page = client.post(address, ASKED | saved).content.decode()
    assert rows_of(page) == ["0", "1", "2"]
    assert f'action="{address}"' in page
    assert "Fans" in page
    draft.refresh_from_db()
    assert draft.title == "Heaters Recalled"
    assert [product.name for product in draft.versions.get().products.all()] == ["Tower heaters"]
    assert AuditEvent.objects.count() == events


def test_rows_that_are_empty_or_left_out_are_not_saved(officer: User, client: Client) -> None:
    client.force_login(officer)
    rows = {"products-TOTAL_FORMS": "4", "products-0-gtins": "", "products-1-name": "", "products-3-name": "Lids"}
    answer = client.post(ADD, WRITTEN | rows)
    assert answer.status_code == 302
    assert [product.name for product in Recall.objects.get().versions.get().products.all()] == ["Steam kettles", "Lids"]


def test_a_wrong_gtin_is_said_at_the_top_with_a_way_to_it_and_no_product_is_said_to_be_missing(
    officer: User, client: Client
) -> None:
    client.force_login(officer)
    answer = client.post(ADD, WRITTEN | {"products-0-gtins": "600603267681"})
    page = tight(answer.content.decode())
    assert answer.status_code == 422
    assert '<a href="#id_products-0-gtins">GTINs or UPCs: Line 1: 600603267681 has a wrong check digit' in page
    assert "Enter at least one product." not in page
    nothing = client.post(ADD, WRITTEN | {"products-0-name": "", "products-0-gtins": ""})
    assert "Enter at least one product." in nothing.content.decode()
    assert not Recall.objects.exists()


def test_there_are_never_more_rows_than_the_form_takes(officer: User, client: Client) -> None:
    client.force_login(officer)
    for given, rows in (("199", 200), ("200", 200), ("250", 250), ("nonsense", 1)):
        page = client.post(ADD, ASKED | {"products-TOTAL_FORMS": given}).content.decode()
        assert len(rows_of(page)) == rows, given
    assert not Recall.objects.exists()


def test_who_may_not_write_recalls_gets_no_row(draft: Recall, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    for address in (ADD, reverse("recalls:edit", args=[draft.pk])):
        assert client.post(address, ASKED).status_code == 403
    assert Recall.objects.get() == draft


def test_a_correction_keeps_captions_asks_for_no_empty_product_and_says_which_version_it_is(
    draft: Recall, regulator: Organisation, officer: User, client: Client
) -> None:
    recall = RecallFactory(regulator=regulator, number="26-2")
    assert recall.current is not None
    picture = Picture.objects.create(version=recall.current, url="https://psa.example.gov/1.png", caption="The label")
    services.revise_recall(recall=recall, actor=Actor.person(officer))
    client.force_login(officer)
    address = reverse("recalls:edit", args=[recall.pk])
    page = client.get(address).content.decode()
    assert rows_of(page) == ["0"]
    assert "You are writing version 2 of recall 26-2." in tight(page)
    assert "You are writing version" not in client.get(reverse("recalls:edit", args=[draft.pk])).content.decode()
    sent = WRITTEN | {"products-INITIAL_FORMS": "1", "products-0-gtins": "", "pictures": picture.url}
    answer = client.post(address, sent, follow=True)
    assert "Version 2 is saved as a draft." in answer.content.decode()
    kept = recall.versions.get(version=2).pictures.get()
    assert (kept.url, kept.caption) == (picture.url, "The label")
