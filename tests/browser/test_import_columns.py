"""The columns of a catalogue file in a real browser: a choice changes the preview at once."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from listings import services
from listings.models import Listing
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.browser.accessible import violations
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_choice_changes_the_preview_and_the_file_is_imported(
    manager_a: User, platform_a: Organisation, visit: Callable[..., Visit]
) -> None:
    file = ContentFile(b"Foo,Bar,Baz\nA-1,Lamp,Acme\n,Bed,Acme\n", "feed.csv")
    job = services.start_import(
        platform=platform_a, file=file, filename="feed.csv", kind="delta", actor=Actor.person(manager_a)
    )
    services.run_imports_due()
    seen = visit(manager_a, width=390)
    page = seen.open(f"/catalogue/imports/{job.pk}/")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name="Choose columns").last.click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("No row becomes a listing")
    page.select_option("#id_external_id", "Foo")
    expect(preview).to_contain_text("Title: Choose the column for this field")
    page.select_option("#id_title", "Bar")
    expect(preview.get_by_role("row", name="Lamp")).to_be_visible()
    expect(preview).to_contain_text("the id is missing")
    expect(preview).to_contain_text("Unused columns: Baz")
    expect(page.locator("#preview-says")).to_contain_text("1 listing in the preview")
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not Listing.objects.exists()
    page.get_by_role("button", name="Import with these columns").click()
    expect(page.get_by_text("columns that a person chose")).to_be_visible()
    services.run_imports_due()
    assert Listing.objects.get().title == "Lamp"
    assert seen.complaints == []
